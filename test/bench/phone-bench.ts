import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBaresip, type Baresip } from '../doubles/baresip.ts';
import { openTrunk } from '../doubles/open-trunk.ts';
import { startPhoneServer, type PhoneServer } from '../doubles/phone-server.ts';
import { firstAudible, lastAudible, type Clip } from './audio.ts';
import { allOver, CALLER, PATIENCE_MS } from './phone-parts.ts';
import { distribution, single, type BenchResult, type Metric } from './statistics.ts';

export interface PhoneClips {
  questions: readonly Clip[];
  requests: readonly Clip[];
  interruptions: readonly Clip[];
}

const RATE_HZ = 16_000;
const QUESTIONS_PER_CALL = 3;
/** An answer is over when nothing came for so long; so long is a pause between two sentences never. */
const QUIET_MS = 1_200;
/** After an interruption the answer is gone when nothing came for so long. */
const YIELDED_MS = 700;
/** Nobody yields so slowly on purpose: it was not understood as an interruption. */
const TALKED_OVER_MS = 1_000;
/** The test call of the set-up is over sooner. */
const LEAST_FRAMES = 500;

/**
 * Whole calls in real time, from a real telephone over a real Asterisk to the assistant and back: ringing, greeting, questions, interruptions. Everything is measured
 * at the telephone, between what it sends and what comes out of it.
 */
export async function runPhoneBench(clips: PhoneClips, rounds: number): Promise<BenchResult> {
  const core = await startPhoneServer();
  const found: Found = { ring: [], greeting: [], first: [], later: [], silence: [] };
  const notes: string[] = [];
  try {
    const phone = await startBaresip({ server: { port: core.sipPort, user: CALLER, password: '', registers: false } });
    try {
      await openTrunk(core, phone.sipPort);
      for (let round = 0; round < rounds; round += 1) {
        try {
          await oneCall({ core, phone, clips, found, notes }, round);
        } catch (error) {
          notes.push(`call ${round + 1}: ${String(error).split('\n')[0]}`);
          await phone.hangUp().catch(() => undefined);
        }
        await allOver(core);
      }
    } finally {
      await phone.dispose();
    }
    const legs = await soundOfLegs(core.dataDirectory);
    const sent = legs.reduce((sum, leg) => sum + leg.framesSent, 0);
    const late = legs.reduce((sum, leg) => sum + leg.lateFrames, 0);
    const underflows = legs.reduce((sum, leg) => sum + leg.underflows, 0);
    return {
      bench: 'phone',
      metrics: {
        ring_latency: distribution('ms', found.ring),
        greeting_latency: distribution('ms', found.greeting),
        e2e_latency: distribution('ms', [...found.first, ...found.later]),
        first_turn_e2e_latency: distribution('ms', found.first),
        later_turns_e2e_latency: distribution('ms', found.later),
        ...stagesOf(core),
        yield_latency: distribution('ms', found.silence),
        late_frames: single('%', (100 * late) / Math.max(1, sent), sent),
        underflow_events: single('count', underflows, legs.length),
      },
      targets: {
        ring_latency: 'p95 ≤ 300',
        greeting_latency: 'p95 ≤ 500',
        e2e_latency: 'p50 ≤ 800, p95 ≤ 1300',
        yield_latency: 'p95 ≤ 350',
        late_frames: '≤ 0.5',
        underflow_events: '0',
      },
      notes: [`${rounds} calls with baresip over Asterisk on loopback, the starter models in the same machine`, ...notes],
    };
  } finally {
    await core.close();
  }
}

/** In milliseconds; answers of a call's first turn apart from those of the later ones. */
type Found = Record<'ring' | 'greeting' | 'first' | 'later' | 'silence', number[]>;

interface Measuring {
  core: PhoneServer;
  phone: Baresip;
  clips: PhoneClips;
  found: Found;
  notes: string[];
}

/** What the core itself knows of its turns, stage by stage: where the time of an answer goes. */
function stagesOf(core: PhoneServer): Record<string, Metric> {
  const stages: Record<string, number[]> = {};
  for (const { payload } of core.told('turn.latency'))
    for (const [stage, value] of Object.entries(payload.latency))
      if (value !== undefined) (stages[stage === 'e2e_latency' ? 'core_e2e_latency' : stage] ??= []).push(value);
  return Object.fromEntries(Object.entries(stages).map(([stage, values]) => [stage, distribution('ms', values)]));
}

async function oneCall({ core, phone, clips, found, notes }: Measuring, round: number): Promise<void> {
  const dialledMs = performance.now();
  await phone.dial(CALLER);
  const { call, atMs } = await core.untilCall(({ state }) => state.state === 'ringing', { sinceMs: dialledMs });
  found.ring.push(atMs - dialledMs);
  const takenMs = performance.now();
  const greeting = phone.hearsSound(PATIENCE_MS);
  await core.call('phone.answer', { callId: call.id, by: 'assistant' });
  found.greeting.push((await greeting) - takenMs);

  for (let turn = 0; turn < QUESTIONS_PER_CALL; turn += 1) {
    const clip = clips.questions[(round * QUESTIONS_PER_CALL + turn) % clips.questions.length];
    if (clip) found[turn === 0 ? 'first' : 'later'].push((await ask(phone, clip)).latencyMs);
  }
  const request = clips.requests[round % clips.requests.length];
  const interruption = clips.interruptions[round % clips.interruptions.length];
  if (request && interruption) {
    await ask(phone, request);
    await sleep(1_200);
    const beganMs = await phone.say({ samples: interruption.samples, sampleRateHz: RATE_HZ });
    await phone.hearsQuiet(YIELDED_MS, PATIENCE_MS);
    const yieldedMs = performance.now() - YIELDED_MS - beganMs - (firstAudible(interruption.samples) / RATE_HZ) * 1000;
    // Silent already when the interruption began: between two sentences.
    if (yieldedMs > 0) found.silence.push(yieldedMs);
    if (yieldedMs > TALKED_OVER_MS)
      notes.push(`call ${round + 1}: "${interruption.text}" was talked over: ${captionsSince(core, beganMs)}`);
  }
  await phone.hangUp();
}

/** What both said meanwhile, as the window shows it. */
function captionsSince(core: PhoneServer, sinceMs: number): string {
  const captions = core.told('phone.caption').filter(({ atMs, payload }) => atMs >= sinceMs && payload.final);
  return captions.map(({ payload: { speaker, text }, atMs }) => `${Math.round(atMs - sinceMs)} ms ${speaker} "${text}"`).join(', ');
}

/** From the last word to the first sound of the answer. */
async function ask(phone: Baresip, { samples }: Clip): Promise<{ latencyMs: number }> {
  await phone.hearsQuiet(QUIET_MS, 4 * PATIENCE_MS);
  const said = samples.subarray(0, lastAudible(samples));
  const endMs = (await phone.say({ samples: said, sampleRateHz: RATE_HZ })) + (said.length / RATE_HZ) * 1000;
  return { latencyMs: (await phone.hearsSound(PATIENCE_MS)) - endMs };
}

interface LegSound {
  framesSent: number;
  lateFrames: number;
  underflows: number;
}

/** What the core writes into its log at the end of each leg. */
async function soundOfLegs(dataDirectory: string): Promise<LegSound[]> {
  const lines = (await readFile(join(dataDirectory, 'logs', 'openclaw.log'), 'utf8')).split('\n');
  const legs = lines.filter((line) => line.includes('"call.sound"')).map((line) => JSON.parse(line) as LegSound);
  return legs.filter(({ framesSent }) => framesSent > LEAST_FRAMES);
}
