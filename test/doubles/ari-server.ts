import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';

/*
 * An Asterisk as the control interface shows it: a real server for HTTP and WebSocket on loopback that keeps channels and bridges. It behaves as facts/telephony.md
 * tells of Asterisk 22.
 */

/** What an endpoint does when it is called. `rings`: until the test answers. */
export type Manner = 'answers' | 'rings' | 'busy' | 'nobody' | 'unknown';

export interface ServedChannel {
  id: string;
  name: string;
  state: 'Down' | 'Ring' | 'Ringing' | 'Up';
  caller: { name: string; number: string };
  args: readonly string[];
  inApplication: boolean;
  bridge: string | undefined;
  rings: boolean;
  held: boolean;
  muted: string;
  digits: string;
  variables: Record<string, string>;
  callerId: string;
  isIncoming: boolean;
  data: string;
  /** What was counted of its packets. */
  rtp: Record<string, number>;
}

export interface AriServer {
  readonly url: string;
  readonly channels: Map<string, ServedChannel>;
  readonly bridges: Map<string, { channels: Set<string>; recording: string | undefined }>;
  /** Endpoints by name; those that are missing cannot be called. */
  readonly phones: Map<string, Manner>;
  /** `POST channels/x/answer` and so on, in their order. */
  readonly requests: string[];
  readonly finalCauses: Map<string, number>;
  /** Names of the recordings in its spool, also of those that are being written. */
  readonly recordings: Set<string>;
  mediaIsDown: boolean;
  /** Requests whose method and path match are refused with 500, until it is taken away. */
  refuses: RegExp | undefined;
  /** What a phone that handed its call on was told, by channel. */
  readonly progress: { channelId: string; states: string }[];
  /** Each answer waits so long. */
  delayMs: number;
  connections(): number;
  incoming(call: { number?: string; name?: string; way?: string; wants?: string; args?: readonly string[] }): string;
  /** The called phone picks up. */
  pickUp(channelId: string): void;
  /** Whoever is at that channel hangs up, or was never reached. */
  hangUp(channelId: string, cause?: number): void;
  press(channelId: string, digit: string): void;
  /** The phone at that channel hands its call on. */
  /** `otherId`: another channel of the same phone's, whose other end the call is to be joined with. */
  refer(channelId: string, destination: string, otherId?: string): void;
  /** The other end of a channel puts us on hold, or takes us off. */
  sendHold(channelId: string, on: boolean): void;
  send(event: Record<string, unknown>): void;
  sendText(text: string): void;
  /** Cuts the event connection. */
  drop(): void;
  /** Dies with everything in it. */
  kill(): Promise<void>;
  /** Is back at the same port, empty or with what it had. */
  revive(): Promise<void>;
  /** The channel whose id has this role: far, owner, media, guest, mobile-1001. */
  byRole(role: string): ServedChannel | undefined;
}

const USER = 'openclaw';
const PASSWORD = 'päss wörd';
export const ariLogin = { user: USER, password: PASSWORD };

const shown = (channel: ServedChannel): Record<string, unknown> => ({
  id: channel.id,
  protocol_id: '',
  name: channel.name,
  state: channel.state,
  caller: channel.caller,
  connected: { name: '', number: '' },
  accountcode: '',
  dialplan: {
    context: 'from-external',
    exten: '1',
    priority: 1,
    app_name: channel.inApplication ? 'Stasis' : '',
    app_data: channel.inApplication ? `openclaw,${channel.args.join(',')}` : '',
  },
  creationtime: '2026-11-30T00:00:00.000+0000',
  language: 'en',
});

const fail = (status: number, message: string): { status: number; body: unknown } => ({ status, body: { message } });

const isAllowed = (request: IncomingMessage): boolean =>
  request.headers.authorization === `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

export async function createAriServer(): Promise<AriServer> {
  const channels: AriServer['channels'] = new Map();
  const bridges: AriServer['bridges'] = new Map();
  const phones: AriServer['phones'] = new Map();
  const sockets = new Set<WebSocket>();
  const requests: string[] = [];
  const finalCauses = new Map<string, number>();
  const recordings = new Set<string>();
  let count = 0;
  let port = 0;
  let server = createServer();

  const sendText = (text: string): void => {
    for (const socket of sockets) socket.send(text);
  };
  const send = (event: Record<string, unknown>): void =>
    sendText(
      JSON.stringify({ ...event, timestamp: `2026-11-30T00:00:${String((count += 1)).padStart(6, '0')}+0000`, application: 'openclaw' }),
    );
  const enter = (channel: ServedChannel): void => {
    channel.inApplication = true;
    send({ type: 'StasisStart', args: channel.args, channel: shown(channel) });
  };
  const pickUp = (channelId: string): void => {
    const channel = channels.get(channelId);
    if (!channel || channel.state === 'Up') return;
    channel.state = 'Up';
    send({ type: 'ChannelStateChange', channel: shown(channel) });
    if (!channel.isIncoming) {
      send({ type: 'Dial', dialstatus: 'ANSWER', peer: shown(channel) });
      enter(channel);
    }
  };
  const remove = (channelId: string, cause = 16): void => {
    const channel = channels.get(channelId);
    if (!channel) return;
    channels.delete(channelId);
    finalCauses.set(channelId, cause);
    for (const bridge of bridges.values()) bridge.channels.delete(channelId);
    send({ type: 'ChannelHangupRequest', cause: 32, soft: true, channel: shown(channel) });
    if (channel.inApplication) send({ type: 'StasisEnd', channel: shown(channel) });
    // After StasisEnd nothing more comes for a caller who came in.
    if (!channel.isIncoming) send({ type: 'ChannelDestroyed', cause, cause_txt: '', channel: shown(channel) });
  };
  const add = (channel: Partial<ServedChannel> & Pick<ServedChannel, 'id' | 'name'>): ServedChannel => {
    const whole: ServedChannel = {
      state: 'Down',
      caller: { name: '', number: '' },
      args: [],
      inApplication: false,
      bridge: undefined,
      rings: false,
      held: false,
      muted: '',
      digits: '',
      variables: {},
      callerId: '',
      isIncoming: false,
      data: '',
      rtp: { rxcount: 0 },
      ...channel,
    };
    channels.set(whole.id, whole);
    return whole;
  };
  const call = (channel: ServedChannel, manner: Manner): void => {
    if (manner === 'unknown') return remove(channel.id, 1);
    if (manner === 'busy') {
      send({ type: 'Dial', dialstatus: 'BUSY', peer: shown(channel) });
      return remove(channel.id, 17);
    }
    channel.state = 'Ringing';
    send({ type: 'Dial', dialstatus: 'RINGING', peer: shown(channel) });
    if (manner === 'answers') setImmediate(() => pickUp(channel.id));
    return undefined;
  };

  const self: AriServer = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    channels,
    bridges,
    phones,
    requests,
    finalCauses,
    recordings,
    mediaIsDown: false,
    refuses: undefined,
    progress: [],
    delayMs: 0,
    connections: () => sockets.size,
    incoming({ number = '', name = '', way = 'sipgate', wants, args }) {
      count += 1;
      const channel = add({
        id: `1700000000.${count}`,
        name: `PJSIP/${way === 'internal' ? number : `trunk-${way}`}-0000000${count}`,
        state: 'Ring',
        caller: { name, number },
        args: args ?? (way === 'internal' ? ['internal', wants ?? '1000'] : ['external', way, '49301234']),
        isIncoming: true,
      });
      enter(channel);
      return channel.id;
    },
    pickUp,
    hangUp: remove,
    press(channelId, digit) {
      const channel = channels.get(channelId);
      if (channel) send({ type: 'ChannelDtmfReceived', digit, duration_ms: 100, channel: shown(channel) });
    },
    refer(channelId, destination, otherId) {
      const channel = channels.get(channelId);
      if (channel)
        send({
          type: 'ChannelTransfer',
          refer_to: {
            requested_destination: destination === '' ? { protocol_id: 'other-call' } : { destination },
            ...(otherId === undefined ? {} : { destination_channel: shown(channels.get(otherId) ?? channel) }),
          },
          referred_by: { source_channel: shown(channel) },
        });
    },
    sendHold(channelId, on) {
      const channel = channels.get(channelId);
      if (channel) send({ type: on ? 'ChannelHold' : 'ChannelUnhold', channel: shown(channel) });
    },
    send,
    sendText,
    drop: () => {
      for (const socket of sockets) socket.terminate();
    },
    async kill() {
      channels.clear();
      bridges.clear();
      for (const socket of sockets) socket.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
    revive: () => listen(port),
    byRole: (role) => [...channels.values()].find(({ id }) => id.includes(`.${role}.`)),
  };

  const answerRequest = (request: IncomingMessage, body: unknown): { status: number; body?: unknown } => {
    const url = new URL(request.url ?? '/', self.url);
    const path = url.pathname.split('/').slice(2).map(decodeURIComponent);
    const query = url.searchParams;
    const method = request.method ?? '';
    requests.push(`${method} ${path.join('/')}`);
    if (self.refuses?.test(`${method} ${path.join('/')}`) === true) return fail(500, 'refused by the test');
    const [kind = '', id = '', what = '', extra = ''] = path;
    if (kind === 'applications') return { status: 200, body: { name: id } };
    if (kind === 'endpoints')
      return {
        status: 200,
        body: [...phones.keys()].map((name) => ({
          technology: name.split('/')[0],
          resource: name.split('/')[1],
          state: 'online',
          channel_ids: [],
        })),
      };
    if (kind === 'channels' && id === '') return { status: 200, body: [...channels.values()].map(shown) };
    if (kind === 'bridges' && id === '')
      return {
        status: 200,
        body: [...bridges].map(([name, bridge]) => ({ id: name, technology: 'simple_bridge', channels: [...bridge.channels] })),
      };
    if (kind === 'channels' && id === 'externalMedia' && method === 'POST') {
      if (self.mediaIsDown) return fail(500, 'Internal Server Error');
      const channel = add({
        id: query.get('channelId') ?? '',
        name: `AudioSocket/${query.get('external_host')}`,
        state: 'Up',
        data: query.get('data') ?? '',
      });
      setImmediate(() => channels.has(channel.id) && enter(channel));
      return { status: 200, body: shown(channel) };
    }
    if (kind === 'channels' && what === '' && method === 'POST') {
      const endpoint = query.get('endpoint') ?? '';
      const manner = phones.get(endpoint) ?? phones.get(endpoint.replace(/^PJSIP\/.*@trunk-/, 'PJSIP/'));
      if (manner === undefined) return fail(500, 'Allocation failed');
      const { variables = {} } = (body ?? {}) as { variables?: Record<string, string> };
      const channel = add({
        id,
        name: `${endpoint}-00000001`,
        args: (query.get('appArgs') ?? '').split(','),
        callerId: query.get('callerId') ?? '',
        variables,
      });
      setImmediate(() => channels.has(id) && call(channel, manner));
      return { status: 200, body: shown(channel) };
    }
    if (kind === 'channels') {
      const channel = channels.get(id);
      if (!channel) return fail(404, 'Channel not found');
      if (what === '' && method === 'DELETE') {
        remove(id, Number(query.get('reason_code') ?? 16));
        return { status: 204 };
      }
      if (!channel.inApplication) return fail(409, 'Channel not in Stasis application');
      if (what === 'answer') pickUp(id);
      if (what === 'ring') channel.rings = method === 'POST';
      if (what === 'hold') channel.held = method === 'POST';
      if (what === 'mute') channel.muted = method === 'POST' ? (query.get('direction') ?? 'both') : '';
      if (what === 'transfer_progress') self.progress.push({ channelId: id, states: query.get('states') ?? '' });
      if (what === 'dtmf') channel.digits += query.get('dtmf') ?? '';
      if (what === 'rtp_statistics') return { status: 200, body: channel.rtp };
      if (what === 'variable') return { status: 200, body: { value: channel.variables[query.get('variable') ?? ''] ?? '' } };
      return { status: 204 };
    }
    if (kind === 'bridges' && what === '' && method === 'POST') {
      bridges.set(id, { channels: new Set(), recording: undefined });
      return { status: 200, body: { id, technology: 'simple_bridge', channels: [] } };
    }
    if (kind === 'bridges') {
      const bridge = bridges.get(id);
      if (!bridge) return fail(404, 'Bridge not found');
      const channel = channels.get(query.get('channel') ?? '');
      if (method === 'DELETE') {
        bridges.delete(id);
        if (bridge.recording) send({ type: 'RecordingFinished', recording: { name: bridge.recording, format: 'wav', state: 'done' } });
        return { status: 204 };
      }
      if (what === 'addChannel') {
        if (!channel) return fail(400, 'Channel not found');
        if (!channel.inApplication) return fail(422, 'Channel not in Stasis application');
        for (const other of bridges.values()) other.channels.delete(channel.id);
        bridge.channels.add(channel.id);
      }
      if (what === 'removeChannel') {
        if (!channel || !bridge.channels.delete(channel.id)) return fail(422, 'Channel not in this bridge');
      }
      if (what === 'record') {
        bridge.recording = query.get('name') ?? '';
        recordings.add(bridge.recording);
        return { status: 201, body: { name: bridge.recording, format: 'wav', state: 'queued' } };
      }
      return { status: 204 };
    }
    if (kind === 'recordings' && id === 'live' && extra === 'stop') {
      for (const bridge of bridges.values()) if (bridge.recording === what) bridge.recording = undefined;
      send({ type: 'RecordingFinished', recording: { name: what, format: 'wav', state: 'done' } });
      return { status: 204 };
    }
    if (kind === 'recordings' && id === 'stored' && what === '')
      return { status: 200, body: [...recordings].map((name) => ({ name, format: 'wav' })) };
    if (kind === 'recordings' && id === 'live' && method === 'GET') {
      const isLive = [...bridges.values()].some(({ recording }) => recording === what);
      return isLive ? { status: 200, body: { name: what, format: 'wav', state: 'recording' } } : fail(404, 'Recording not found');
    }
    if (kind === 'recordings' && id === 'stored' && recordings.has(what)) {
      if (extra === 'file') return { status: 200, body: 'RIFF' };
      if (method === 'DELETE') recordings.delete(what);
      return { status: 204 };
    }
    return fail(404, 'Resource not found');
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    if (self.delayMs > 0) await new Promise((resolve) => void setTimeout(resolve, self.delayMs));
    const text = Buffer.concat(pieces).toString('utf8');
    const { status, body } = isAllowed(request)
      ? answerRequest(request, text === '' ? undefined : JSON.parse(text))
      : { status: 401, body: { message: 'Authentication required' } };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  };

  const listen = async (wanted: number): Promise<void> => {
    server = createServer((request, response) => void serve(request, response));
    const upgrades = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      if (!isAllowed(request)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      upgrades.handleUpgrade(request, socket, head, (opened) => {
        sockets.add(opened);
        opened.on('close', () => sockets.delete(opened));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(wanted, '127.0.0.1', resolve);
    });
    ({ port } = server.address() as AddressInfo);
  };
  await listen(0);
  onTestFinished(async () => {
    for (const socket of sockets) socket.terminate();
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  });
  return self;
}
