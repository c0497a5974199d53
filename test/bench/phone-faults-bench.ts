import { setTimeout as sleep } from 'node:timers/promises';
import type { PhoneCall } from '../../src-preload/contract/index.ts';
import { PHONE_RATE_HZ, startBaresip, type Baresip } from '../doubles/baresip.ts';
import { openTrunk } from '../doubles/open-trunk.ts';
import { startOwnersMobile } from '../doubles/phone-mobile.ts';
import { startPhoneServer, type PhoneServer } from '../doubles/phone-server.ts';
import { tone } from '../doubles/tones.ts';
import { allOver, CALLER, until } from './phone-parts.ts';
import { distribution, type BenchResult } from './statistics.ts';

/** Calls are stopped at level 3. */
const STOP_CALLS = 3;
const LIFT_PHRASE = 'start again';
/** Somebody presses it in the middle of a state and not at its first moment. */
const INTO_STATE_MS = 300;
const BACK_MS = 60_000;
const HUM = { samples: tone(440, 60_000, PHONE_RATE_HZ, -20), sampleRateHz: PHONE_RATE_HZ };

/**
 * The off-switch while it rings, dials and is talked, and Asterisk killed in the middle of a talk. Real telephones at both ends, no model: what is measured is
 * when the other end has seen the end of the call, when the owner is told, and when the next call rings.
 */
export async function runPhoneFaultsBench(rounds: number): Promise<BenchResult> {
  const found = { ring: [], dial: [], talk: [], told: [], back: [] } as Record<'ring' | 'dial' | 'talk' | 'told' | 'back', number[]>;
  const notes: string[] = [];
  const core = await startPhoneServer({ models: false });
  const server = { port: core.sipPort, user: CALLER, password: '', registers: false };
  const phone = await startBaresip({ server, says: HUM });
  try {
    await core.set('phone.whenNobodyAnswers', 'nothing');
    await core.set('phone.maxCallsPerHour', 200);
    await openTrunk(core, phone.sipPort);
    for (let round = 0; round < rounds; round += 1) {
      found.ring.push(await stopCall(core, phone, () => ring(core, phone)));
      found.dial.push(await stopCall(core, phone, () => dialOut(core)));
      found.talk.push(await inTalk(core, phone, () => stopCall(core, phone, () => Promise.resolve())));
    }
    for (let round = 0; round < Math.min(3, rounds); round += 1) {
      const { toldMs, backMs, note } = await inTalk(core, phone, (call) => killExchange(core, phone, call));
      found.told.push(toldMs);
      found.back.push(backMs);
      if (note !== undefined) notes.push(note);
    }
  } finally {
    await phone.dispose();
    await core.close();
  }
  return {
    bench: 'phone-faults',
    metrics: {
      stop_latency_ring: distribution('ms', found.ring),
      stop_latency_dial: distribution('ms', found.dial),
      stop_latency_talk: distribution('ms', found.talk),
      stop_latency: distribution('ms', [...found.ring, ...found.dial, ...found.talk]),
      told_latency: distribution('ms', found.told),
      back_latency: distribution('ms', found.back),
    },
    targets: { stop_latency: 'p95 ≤ 500', told_latency: '≤ 2000', back_latency: '≤ 15000' },
    notes: [
      'off-switch to the end of the call at the other end; Asterisk killed to the owner told, and to the next call ringing',
      ...notes,
    ],
  };
}

/** Stops what `begin` has begun; resolves with when the other end has seen the end of it, and lifts the stop. */
async function stopCall(core: PhoneServer, phone: Baresip, begin: () => Promise<unknown>): Promise<number> {
  await begin();
  await sleep(INTO_STATE_MS);
  const sinceMs = performance.now();
  const closed = phone.until('CALL_CLOSED', { sinceMs });
  await core.call('killswitch.engage', { level: STOP_CALLS });
  const latencyMs = (await closed).atMs - sinceMs;
  await allOver(core);
  const { token } = await core.call('killswitch.prepareLift', {});
  await core.call('killswitch.lift', { token, phrase: LIFT_PHRASE });
  return latencyMs;
}

async function ring(core: PhoneServer, phone: Baresip): Promise<PhoneCall> {
  const sinceMs = performance.now();
  await phone.dial(CALLER);
  return (await core.untilCall(({ state }) => state.state === 'ringing', { sinceMs })).call;
}

/** Rings at the other end, where nobody takes it. */
async function dialOut(core: PhoneServer): Promise<void> {
  const sinceMs = performance.now();
  await core.call('phone.dial', { number: CALLER, by: 'assistant', purpose: 'a bench' });
  await core.untilCall(({ state }) => state.state === 'dialing' && state.ringing, { sinceMs });
}

/** A caller, and the owner who has answered on a mobile phone. */
async function inTalk<Value>(core: PhoneServer, phone: Baresip, work: (call: PhoneCall) => Promise<Value>): Promise<Value> {
  const mobile = await startOwnersMobile(core, HUM);
  try {
    const sinceMs = performance.now();
    const { id } = await ring(core, phone);
    const { call } = await core.untilCall((each) => each.id === id && each.state.state === 'talking', { sinceMs });
    return await work(call);
  } finally {
    await mobile.dispose();
  }
}

async function killExchange(
  core: PhoneServer,
  phone: Baresip,
  { id }: PhoneCall,
): Promise<{ toldMs: number; backMs: number; note?: string }> {
  await sleep(INTO_STATE_MS);
  const killedMs = await core.killExchange();
  const ended = await core.untilCall((call) => call.id === id && call.state.state === 'ended', { sinceMs: killedMs });
  const notice = await until(
    () => core.told('app.notice').find(({ atMs, payload }) => atMs >= killedMs && payload.code === 'phone.engine-lost'),
    'notice',
  );
  const toldMs = Math.max(ended.atMs, notice.atMs) - killedMs;
  // A telephone whose exchange is gone hears nothing of it.
  await phone.hangUp().catch(() => undefined);
  const backMs = await ringsAgain(core, phone);
  await phone.hangUp();
  await allOver(core);
  const kept = (await core.call('phone.log', { limit: 50 })).find(({ call }) => call.id === id);
  const isComplete = kept?.answeredBy === 'mobile' && kept.durationMs > 0 && kept.call.state.state === 'ended';
  return { toldMs, backMs: backMs - killedMs, ...(isComplete ? {} : { note: `not in the log as it was: ${JSON.stringify(kept)}` }) };
}

/** Calls until it rings; resolves with when it did. */
async function ringsAgain(core: PhoneServer, phone: Baresip): Promise<number> {
  for (const endMs = performance.now() + BACK_MS; performance.now() < endMs;) {
    const sinceMs = performance.now();
    await phone.dial(CALLER);
    const rings = await core.untilCall(({ state }) => state.state === 'ringing', { sinceMs, timeoutMs: 1_000 }).catch(() => undefined);
    if (rings) return rings.atMs;
    await phone.hangUp().catch(() => undefined);
  }
  throw new Error(`no call rings within ${BACK_MS / 1000} s`);
}
