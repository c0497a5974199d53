import { systemClock } from '../../src-main/base/clock.ts';
import type { HeadlessPage } from '../../src-main/modules/terminal/index.ts';
import { createRandom, firstAudible, lastAudible, playingAt, type Clip } from './audio.ts';
import { judgeInterruption, wentOn, type DisturbedAnswer } from './barge-in-judge.ts';
import type { BenchCore } from './core.ts';
import { noises } from './noises.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

export interface BargeInClips {
  requests: readonly Clip[];
  interruptions: readonly Clip[];
  backchannels: readonly Clip[];
}

/** How long after the words, or the noise, it shows what became of the answer: a pause that is only for listening is over by then. */
const AFTERMATH_MS = 2_000;
/** The own voice comes back this much quieter and later. */
const ECHO_GAIN = 0.06;

/** Interrupts long answers with words, disturbs them with noises, and lets them hear themselves. */
export async function runBargeInBench(core: BenchCore, clips: BargeInClips, rounds: number): Promise<BenchResult> {
  const random = createRandom(3);
  const page = await core.openPage();
  const notes: string[] = [];
  const request = (round: number): Clip | undefined => clips.requests[round % clips.requests.length];

  const yields: number[] = [];
  const interrupted = await countRounds(rounds, notes, async (round) => {
    const clip = clips.interruptions[round % clips.interruptions.length];
    const answer = clip && (await speakAtLength(core, page, request(round), 700 + random() * 800));
    if (!answer) return undefined;
    const said = page.microphone.say(clip.samples.subarray(0, lastAudible(clip.samples)));
    await said.sent;
    await core.pause(AFTERMATH_MS);
    const outcome = judgeInterruption(answer(), said.timeOfSample(firstAudible(clip.samples)));
    await quiet(core, page);
    if (outcome === 'no answer') return undefined;
    if (outcome !== 'talked over') yields.push(outcome.yieldedAfterMs);
    else notes.push(`"${clip.text}" was talked over`);
    return outcome !== 'talked over';
  });

  const disturbances = [
    ...Object.entries(noises).map(([name, make]) => ({ name, samples: make() })),
    ...clips.backchannels.map(({ text, samples }) => ({ name: text, samples })),
  ];
  const resumed = await countRounds(rounds, notes, async (round) => {
    const disturbance = disturbances[round % disturbances.length];
    const answer = disturbance && (await speakAtLength(core, page, request(round), 600));
    if (!answer) return undefined;
    const trouble = await disturb(core, page, answer, disturbance.samples);
    if (trouble !== undefined) notes.push(`"${disturbance.name}" ${trouble}`);
    return trouble === undefined;
  });

  let echoTurns = 0;
  const hearing = listenToOneself(page);
  const heard = await countRounds(Math.ceil(rounds / 3), notes, async (round) => {
    const answer = await speakAtLength(core, page, request(round), 0);
    if (!answer) return undefined;
    const questions = watchQuestions(page);
    await hearing(() => core.pause(7000));
    const taken = questions();
    echoTurns += taken.length;
    notes.push(...taken.map((text) => `heard itself say "${text}"`));
    await quiet(core, page);
    return taken.length === 0;
  });
  await page.close();
  return {
    bench: 'barge-in',
    metrics: {
      yield_latency: distribution('ms', yields),
      yield_rate: percentage(interrupted),
      false_interruptions_resumed: percentage(resumed),
      own_echo_turns: single('count', echoTurns, heard.counted),
    },
    targets: { yield_latency: 'p50 ≤ 200, p95 ≤ 300', false_interruptions_resumed: '≥ 90 %', own_echo_turns: '0' },
    notes,
  };
}

interface Rounds {
  counted: number;
  passed: number;
}

const percentage = ({ counted, passed }: Rounds) => single('%', (100 * passed) / Math.max(1, counted), counted);

/** Plays rounds until `wanted` of them count; one in which no answer was playing (undefined) shows nothing and is played again. */
async function countRounds(wanted: number, notes: string[], play: (round: number) => Promise<boolean | undefined>): Promise<Rounds> {
  const rounds: Rounds = { counted: 0, passed: 0 };
  let idle = 0;
  for (let round = 0; rounds.counted < wanted && idle <= wanted; round += 1) {
    const passed = await play(round);
    if (passed === undefined) idle += 1;
    else rounds.counted += 1;
    if (passed) rounds.passed += 1;
  }
  if (idle > 0) notes.push(`${idle} rounds did not count: the answer was over when it was to be disturbed`);
  return rounds;
}

/**
 * Asks for a long answer and lets it speak for `forMs`. What comes back tells how that very answer stands when it is asked again; undefined when
 * none is playing now.
 */
async function speakAtLength(
  core: BenchCore,
  page: HeadlessPage,
  request: Clip | undefined,
  forMs: number,
): Promise<(() => DisturbedAnswer) | undefined> {
  if (!request) return undefined;
  const earlier = new Set(page.messages.map(({ id }) => id));
  const known = page.latencies.length;
  await page.microphone.say(request.samples).sent;
  await page.until(() => page.latencies.length > known, 12_000, 'a long answer').catch(() => undefined);
  await core.pause(forMs);
  const utteranceId = playingAt(page.speaker.played, systemClock.nowMs());
  const messageId = page.messages.findLast(({ id, role }) => role === 'assistant' && !earlier.has(id))?.id;
  if (utteranceId === undefined || messageId === undefined) {
    await quiet(core, page);
    return undefined;
  }
  return () => ({ played: page.speaker.played, utteranceId, status: page.messages.find(({ id }) => id === messageId)?.status });
}

async function quiet(core: BenchCore, page: HeadlessPage): Promise<void> {
  await page.bridge.call('turn.stop', {});
  await core.pause(900);
}

/** Call the result for the questions that were added or got other words since. */
function watchQuestions(page: HeadlessPage): () => string[] {
  const texts = (): Map<string, string> => new Map(page.messages.filter(({ role }) => role === 'user').map(({ id, text }) => [id, text]));
  const before = texts();
  return () => [...texts()].filter(([id, text]) => before.get(id) !== text).map(([, text]) => text);
}

/** What the disturbance did to the answer; undefined when it went on (or came to its own end) and no question was made of it. */
async function disturb(
  core: BenchCore,
  page: HeadlessPage,
  answer: () => DisturbedAnswer,
  samples: Float32Array,
): Promise<string | undefined> {
  const questions = watchQuestions(page);
  const said = page.microphone.say(samples);
  await said.sent;
  const untilMs = said.timeOfSample(samples.length);
  await core.pause(AFTERMATH_MS + 500);
  const made = questions();
  const after = answer();
  await quiet(core, page);
  if (made.length > 0) return `was taken for the question "${made.join('" "')}"`;
  return wentOn(after, untilMs) ? undefined : `silenced the answer (${after.status ?? 'taken back'})`;
}

/** Sends everything that is played back into the microphone, quieter, while the work given to the result lasts. */
function listenToOneself(page: HeadlessPage): (work: () => Promise<void>) => Promise<void> {
  let listening = false;
  page.speaker.onPiece((piece) => {
    if (listening) page.microphone.mix(toMicrophone(piece.samples, piece.sampleRateHz));
  });
  return async (work) => {
    listening = true;
    await work();
    listening = false;
  };
}

/** Nearest-sample conversion is good enough for an echo. */
function toMicrophone(samples: Float32Array, sampleRateHz: number): Float32Array {
  const out = new Float32Array(Math.floor((samples.length * 16_000) / sampleRateHz));
  for (let index = 0; index < out.length; index += 1) out[index] = (samples[Math.floor((index * sampleRateHz) / 16_000)] ?? 0) * ECHO_GAIN;
  return out;
}
