import { z } from 'zod';
import type { Clock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import { ARI_APPLICATION } from '../asterisk/render-settings.ts';
import type { AriChannel, AriClient, AriEvent } from '../telephony.ts';
import { createAriConnection, type AriConnectionState } from './ari-connection.ts';
import { readAriEvent, readChannel, readChannels } from './ari-events.ts';
import { createAriRequests, isGone, wasRefusedWith, type AriAccess, type AriRequests } from './ari-requests.ts';

export interface AriClientDeps {
  access: AriAccess;
  /** What is listened to beside the channels that enter the application: `endpoint:PJSIP/1000`. Asked at each connection. */
  subscriptions: () => readonly string[];
  application?: string;
  clock: Clock;
  log: Log;
}

const endpointsSchema = z.array(z.object({ technology: z.string(), resource: z.string(), state: z.string().catch('unknown') }));
const recordingsSchema = z.array(z.object({ name: z.string() }));
const bridgesSchema = z.array(z.object({ id: z.string(), channels: z.array(z.string()) }));

/** Begins to connect at once. What is asked while the connection is lost is tried all the same: the events and the requests go separate ways. */
export function createAriClient({ access, subscriptions, application = ARI_APPLICATION, clock, log }: AriClientDeps): AriClient {
  const requests = createAriRequests(access);
  const stateListeners = new Set<(state: AriConnectionState) => void>();
  const eventListeners = new Set<(event: AriEvent) => void>();

  const subscribe = async (): Promise<void> => {
    const eventSource = subscriptions().join(',');
    if (eventSource === '') return;
    await requests
      .send('POST', ['applications', application, 'subscription'], { eventSource })
      .catch((error: unknown) => log.warn('ari.not-subscribed', { eventSource, error }));
  };
  const connection = createAriConnection({
    access,
    application,
    clock,
    log,
    onState(state) {
      if (state === 'connected') void subscribe();
      for (const listener of stateListeners) guarded(() => listener(state), log);
    },
    onMessage(text) {
      const event = readAriEvent(text, application);
      if (event === undefined) return;
      for (const listener of eventListeners) guarded(() => listener(event), log);
    },
  });

  return {
    ...createActs(requests, application),
    state: connection.state,
    onState(listener) {
      stateListeners.add(listener);
      return () => void stateListeners.delete(listener);
    },
    onEvent(listener) {
      eventListeners.add(listener);
      return () => void eventListeners.delete(listener);
    },
    subscribe,
    dispose: () => connection.dispose(),
  };
}

type Acts = Omit<AriClient, 'state' | 'onState' | 'onEvent' | 'subscribe' | 'dispose'>;

const channel = (id: string, ...more: string[]): string[] => ['channels', id, ...more];
const bridge = (id: string, ...more: string[]): string[] => ['bridges', id, ...more];
const switched = (on: boolean): 'POST' | 'DELETE' => (on ? 'POST' : 'DELETE');

function createActs(requests: AriRequests, app: string): Acts {
  const { send } = requests;
  const act = async (...request: Parameters<AriRequests['send']>): Promise<void> => void (await send(...request));
  const asChannel = async (answer: Promise<unknown>): Promise<AriChannel> => readChannel(await answer, app);

  return {
    channels: async () => readChannels(await send('GET', ['channels']), app),
    endpoints: async () =>
      endpointsSchema
        .parse(await send('GET', ['endpoints']))
        .map(({ technology, resource, state }) => ({ endpoint: `${technology}/${resource}`, isOnline: state === 'online' })),
    originate: ({ channelId, endpoint, args, callerId, timeoutSeconds, variables }) =>
      asChannel(
        send(
          'POST',
          channel(channelId),
          { endpoint, app, appArgs: args.join(','), callerId, timeout: timeoutSeconds },
          variables === undefined ? undefined : { variables },
        ),
      ),
    externalMedia: ({ channelId, transport, host, legId, format }) =>
      asChannel(
        transport === 'audiosocket'
          ? send('POST', ['channels', 'externalMedia'], {
              channelId,
              app,
              external_host: host,
              encapsulation: 'audiosocket',
              transport: 'tcp',
              format,
              data: legId,
            })
          : send(
              'POST',
              ['channels', 'externalMedia'],
              { channelId, app, external_host: host, encapsulation: 'none', transport: 'websocket', format },
              { variables: { OPENCLAW_LEG: legId } },
            ),
      ),
    answer: (id) => act('POST', channel(id, 'answer')),
    ring: (id, on) => act(switched(on), channel(id, 'ring')),
    async hangUp(id, cause) {
      try {
        await send('DELETE', channel(id), { reason_code: cause });
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
    hold: (id, on) => act(switched(on), channel(id, 'hold')),
    mute: (id, direction, on) => act(switched(on), channel(id, 'mute'), { direction }),
    sendDigits: async (id, digits) => {
      // A `w` is a pause of half a second; Asterisk's own pause lies before and after all.
      let beforeMs = 0;
      for (const group of digits.match(/w+|[^w]+/g) ?? []) {
        if (group.startsWith('w')) beforeMs = group.length * 500;
        else await send('POST', channel(id, 'dtmf'), { dtmf: group, before: beforeMs });
      }
    },
    transferProgress: (id, progress) => act('POST', channel(id, 'transfer_progress'), { states: `channel_${progress}` }),
    variable: async (id, name) =>
      z.object({ value: z.string() }).parse(await send('GET', channel(id, 'variable'), { variable: name })).value,
    setVariable: (id, name, value) => act('POST', channel(id, 'variable'), { variable: name, value }),
    rtpStatistics: async (id) => z.record(z.string(), z.unknown()).parse(await send('GET', channel(id, 'rtp_statistics'))),
    createBridge: (id) => act('POST', bridge(id), { type: 'mixing' }),
    addToBridge: (id, channelId) => act('POST', bridge(id, 'addChannel'), { channel: channelId }),
    async removeFromBridge(id, channelId) {
      try {
        await send('POST', bridge(id, 'removeChannel'), { channel: channelId });
      } catch (error) {
        // No such channel, no such bridge, or not in it: it is out of it.
        if (!isGone(error) && !wasRefusedWith(error, 400, 422)) throw error;
      }
    },
    async destroyBridge(id) {
      try {
        await send('DELETE', bridge(id));
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
    bridges: async () => bridgesSchema.parse(await send('GET', ['bridges'])),
    startRecording: (id, name) => act('POST', bridge(id, 'record'), { name, format: 'wav', ifExists: 'fail', beep: 'false' }),
    stopRecording: (name) => act('POST', ['recordings', 'live', name, 'stop']),
    async isRecording(name) {
      try {
        await send('GET', ['recordings', 'live', name]);
        return true;
      } catch (error) {
        if (isGone(error)) return false;
        throw error;
      }
    },
    storedRecordings: async () => recordingsSchema.parse(await send('GET', ['recordings', 'stored'])).map(({ name }) => name),
    fetchRecording: (name) => requests.fetchBytes(['recordings', 'stored', name, 'file']),
    removeRecording: (name) => act('DELETE', ['recordings', 'stored', name]),
  };
}

function guarded(run: () => void, log: Log): void {
  try {
    run();
  } catch (error) {
    log.error('ari.listener-failed', { error });
  }
}
