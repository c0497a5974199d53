import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createAriClient } from '../../src-main/modules/telephony/ari/ari-client.ts';
import { MEDIA_CLIENT } from '../../src-main/modules/telephony/asterisk/render-settings.ts';
import type { AriClient, AriEvent } from '../../src-main/modules/telephony/telephony.ts';
import { rigTrunk } from './calls-rig.ts';
import { openExchangeRig, type ExchangeRig } from './exchange-rig.ts';
import { freePort } from './free-port.ts';

/*
 * A real exchange whose callers are put through to a leg of the media worker at once: sound as in any call, and nobody who decides.
 */

export interface MediaExchange {
  readonly rig: ExchangeRig;
  readonly ari: AriClient;
  readonly sipPort: number;
  /** The next caller is put through to this leg, which the media worker has been told of. Resolves with how to let go of it again. */
  putThrough(leg: { legId: string; transport: 'audiosocket' | 'websocket' }): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const PATIENCE_MS = 15_000;

/** Ports: where the media worker listens. Callers come from 127.0.0.1 by a trunk that is known by its address. */
export async function openMediaExchange(ports: { audioSocketPort: number; webSocketPort: number }): Promise<MediaExchange> {
  const trunkPort = await freePort();
  const rig = await openExchangeRig({
    wishes: {
      audioSocketPort: ports.audioSocketPort,
      mediaWebSocketPort: ports.webSocketPort,
      trunks: [{ ...rigTrunk, id: 'line', host: '127.0.0.1', port: trunkPort, registers: false, callerId: '', password: '' }],
    },
  });
  let ari: AriClient | undefined;
  const close = async (): Promise<void> => {
    await ari?.dispose();
    await rig.close();
  };
  try {
    await rig.exchange.setUp();
    const state = rig.exchange.state();
    if (state.state !== 'ready') throw new Error(`the exchange is ${state.state}`);
    const { http, ariUser, ariPassword, sipPort } = state.addresses;
    const client = createAriClient({
      access: { http, user: ariUser, password: ariPassword },
      subscriptions: () => [],
      clock: systemClock,
      log: silentLog,
    });
    ari = client;
    await until(() => client.state() === 'connected');
    return { rig, ari: client, sipPort, putThrough: (leg) => putThrough(client, leg, ports.audioSocketPort), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function putThrough(
  ari: AriClient,
  { legId, transport }: { legId: string; transport: 'audiosocket' | 'websocket' },
  audioSocketPort: number,
): Promise<() => Promise<void>> {
  const { channel: far } = await started(ari, ({ args }) => args[0] === 'external');
  const bridgeId = `test.${randomUUID()}`;
  const media = `${bridgeId}.media`;
  const host = transport === 'audiosocket' ? `127.0.0.1:${audioSocketPort}` : MEDIA_CLIENT;
  const isUp = started(ari, ({ channel }) => channel.id === media);
  await Promise.all([ari.createBridge(bridgeId), ari.externalMedia({ channelId: media, transport, host, legId, format: 'slin16' }), isUp]);
  await ari.answer(far.id);
  for (const channelId of [media, far.id]) await ari.addToBridge(bridgeId, channelId);
  return async () => {
    await Promise.all([ari.hangUp(far.id), ari.hangUp(media)]);
    await ari.destroyBridge(bridgeId);
  };
}

type Started = Extract<AriEvent, { type: 'StasisStart' }>;

function started(ari: AriClient, fits: (event: Started) => boolean): Promise<Started> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      leave();
      reject(new Error('no channel came up'));
    }, PATIENCE_MS);
    const leave = ari.onEvent((event) => {
      if (event.type !== 'StasisStart' || !fits(event)) return;
      clearTimeout(timer);
      leave();
      resolve(event);
    });
  });
}

async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = performance.now() + PATIENCE_MS; !isSo(); await new Promise((resolve) => void setTimeout(resolve, 20)))
    if (performance.now() > endMs) throw new Error('waited in vain');
}
