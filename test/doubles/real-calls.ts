import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import type { MobilePhone, PhoneCall, TrunkView } from '../../src-preload/contract/index.ts';
import { systemClock, type Clock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createAriClient } from '../../src-main/modules/telephony/ari/ari-client.ts';
import type { CallNote } from '../../src-main/modules/telephony/calls/call-notes.ts';
import type { MediaLegs } from '../../src-main/modules/telephony/calls/call-ports.ts';
import type { Calls } from '../../src-main/modules/telephony/calls/calls-service.ts';
import { createMediaService } from '../../src-main/modules/telephony/media/media-service.ts';
import type { AriClient, ExchangeState, MediaEvent } from '../../src-main/modules/telephony/telephony.ts';
import { createVoiceDouble, type VoiceDouble } from './calls-rig.ts';
import { createOpenGate, type OpenGate } from './open-gate.ts';
import { createPlainCalls } from './plain-calls.ts';

/** A cable that can be cut: connections through it break, and none come about until it is mended. */
interface Cable {
  readonly port: number;
  cut(): void;
  mend(): void;
}

async function openCable(target: number): Promise<Cable> {
  const ends = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end);
      end.pipe(other);
      end.on('error', () => undefined);
      end.on('close', () => {
        ends.delete(end);
        other.destroy();
      });
    }
    if (isCut) near.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const breakAll = (): void => {
    for (const end of ends) end.destroy();
  };
  onTestFinished(() => {
    breakAll();
    server.close();
  });
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut() {
      isCut = true;
      breakAll();
    },
    mend: () => void (isCut = false),
  };
}

/** Legs of the media worker in this very process. What is said into them takes no time and makes no sound. */
async function openLegs(): Promise<MediaLegs> {
  const listeners = new Set<(event: MediaEvent) => void>();
  const service = createMediaService({
    clock: systemClock,
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    onError: (error) => console.error(error),
  });
  const { audioSocketPort } = await service.listen({ audioSocketPort: 0, webSocketPort: 0 });
  onTestFinished(() => service.dispose());
  return {
    async open({ legId }) {
      service.open({ legId, sessionId: legId });
      return { transport: 'audiosocket', host: `127.0.0.1:${audioSocketPort}`, format: 'slin16' };
    },
    close: async (legId) => void service.close({ legId }),
    listen: async (legId, on) => service.setListening({ legId, on }),
    say: () => Promise.resolve(true),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export interface RealCalls {
  calls: Calls;
  ari: AriClient;
  voice: VoiceDouble;
  gate: OpenGate;
  cable: Cable;
  told: PhoneCall[];
  notes: CallNote[];
  /** The newest call, once it is like this. */
  until(holds: (call: PhoneCall) => boolean): Promise<PhoneCall>;
}

/** A busy machine takes its time. */
export const PATIENCE = { timeout: 30_000, interval: 20 };

/** The product's calls on a real Asterisk with real legs; the conversation alone is doubled. */
export async function openRealCalls(
  state: ExchangeState,
  options: { trunks: readonly TrunkView[]; mobiles: readonly MobilePhone[]; clock?: Clock },
): Promise<RealCalls> {
  if (state.state !== 'ready') throw new Error(`the exchange is ${state.state}`);
  const { http, ariUser, ariPassword } = state.addresses;
  const { clock = systemClock, trunks, mobiles } = options;
  const cable = await openCable(Number(new URL(http).port));
  const ari = createAriClient({
    access: { http: `http://127.0.0.1:${cable.port}`, user: ariUser, password: ariPassword },
    subscriptions: () => [],
    clock: systemClock,
    log: silentLog,
  });
  const voice = createVoiceDouble();
  const gate = createOpenGate();
  const told: PhoneCall[] = [];
  const notes: CallNote[] = [];
  const calls = createPlainCalls({
    media: await openLegs(),
    voice,
    gate,
    clock,
    settings: { ringMs: () => 60_000 },
    lines: { trunks: () => trunks, mobiles: () => mobiles },
  });
  calls.onCall((call) => void told.push(call));
  calls.onNote((_callId, note) => void notes.push(note));
  calls.attach(ari);
  onTestFinished(async () => {
    cable.mend();
    await calls.stopAll();
    await calls.dispose();
    await ari.dispose();
  });
  await expect.poll(() => ari.state(), PATIENCE).toBe('connected');
  return {
    calls,
    ari,
    voice,
    gate,
    cable,
    told,
    notes,
    async until(holds) {
      await expect.poll(() => told.some(holds), { ...PATIENCE, message: 'a call that is like this' }).toBe(true);
      return told.findLast(holds) ?? expect.fail();
    },
  };
}
