import type { HeadlessPage } from '../../src-main/modules/terminal/index.ts';
import { createRandom, firstAudible, lastAudible, silentFrom, type Clip } from './audio.ts';
import type { BenchCore } from './core.ts';
import { noises } from './noises.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

export interface BargeInClips {
  requests: readonly Clip[];
  interruptions: readonly Clip[];
  backchannels: readonly Clip[];
}

/** A silence this long at the loudspeaker is the assistant yielding, not a gap between words. */
const YIELD_SILENCE_MS = 180;
/** The own voice comes back this much quieter and later. */
const ECHO_GAIN = 0.06;

/** Interrupts long answers with words, disturbs them with noises, and lets them hear themselves. */
export async function runBargeInBench(core: BenchCore, clips: BargeInClips, rounds: number): Promise<BenchResult> {
  const random = createRandom(3);
  const page = await core.openPage();
  const yields: number[] = [];
  const notes: string[] = [];
  let interrupted = 0;
  for (let round = 0; round < rounds; round += 1) {
    await speakAtLength(core, page, clips.requests[round % clips.requests.length]);
    await core.pause(700 + random() * 800);
    const clip = clips.interruptions[round % clips.interruptions.length];
    if (!clip || page.session().talk.state !== 'speaking') continue;
    const said = page.microphone.say(clip.samples.subarray(0, lastAudible(clip.samples)));
    await said.sent;
    const fromMs = said.timeOfSample(firstAudible(clip.samples));
    await core.pause(700);
    yields.push(silentFrom(page.speaker.played, fromMs, YIELD_SILENCE_MS) - fromMs);
    if (page.messages.some((message) => message.status === 'interrupted')) interrupted += 1;
    await page.bridge.call('turn.stop', {});
    await core.pause(900);
  }

  const disturbances = [
    ...Object.entries(noises).map(([name, make]) => ({ name, samples: make() })),
    ...clips.backchannels.map(({ text, samples }) => ({ name: text, samples })),
  ];
  let resumed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const disturbance = disturbances[round % disturbances.length];
    if (!disturbance) break;
    const trouble = await disturb(core, page, clips.requests[round % clips.requests.length], disturbance.samples);
    if (trouble === undefined) resumed += 1;
    else notes.push(`"${disturbance.name}" ${trouble}`);
  }

  const echoTurns = await hearOneself(core, page, clips, { rounds: Math.ceil(rounds / 3), notes });
  await page.close();
  return {
    bench: 'barge-in',
    metrics: {
      yield_latency: distribution('ms', yields),
      yield_rate: single('%', (100 * interrupted) / Math.max(1, yields.length), yields.length),
      false_interruptions_resumed: single('%', (100 * resumed) / rounds, rounds),
      own_echo_turns: single('count', echoTurns, Math.ceil(rounds / 3)),
    },
    targets: { yield_latency: 'p50 ≤ 200, p95 ≤ 300', false_interruptions_resumed: '≥ 90 %', own_echo_turns: '0' },
    notes,
  };
}

async function speakAtLength(core: BenchCore, page: HeadlessPage, request: Clip | undefined): Promise<void> {
  if (!request) return;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const known = page.latencies.length;
    await page.microphone.say(request.samples).sent;
    const heard = await page
      .until(() => page.latencies.length > known, 12_000, 'a long answer')
      .then(
        () => true,
        () => false,
      );
    if (heard) return;
    await core.pause(500);
  }
}

/** What the disturbance did to the answer; undefined when it went on (or came to its own end) and no question was made of it. */
async function disturb(core: BenchCore, page: HeadlessPage, request: Clip | undefined, samples: Float32Array): Promise<string | undefined> {
  await speakAtLength(core, page, request);
  await core.pause(600);
  const questions = (): string[] => page.messages.filter(({ role }) => role === 'user').map(({ text }) => text);
  const asked = questions().length;
  const answer = (): string | undefined => page.messages.findLast(({ role }) => role === 'assistant')?.status;
  await page.microphone.say(samples).sent;
  const played = page.speaker.played.length;
  await core.pause(2500);
  const made = questions().slice(asked);
  const status = answer();
  const wentOn = page.speaker.played.length > played + 20 || status === 'complete';
  await page.bridge.call('turn.stop', {});
  await core.pause(900);
  if (made.length > 0) return `was taken for the question "${made.join('" "')}"`;
  return wentOn ? undefined : `silenced the answer (${status ?? 'no answer'})`;
}

/** Sends everything that is played back into the microphone, quieter; counts the turns that the assistant takes from itself. */
async function hearOneself(
  core: BenchCore,
  page: HeadlessPage,
  clips: BargeInClips,
  { rounds, notes }: { rounds: number; notes: string[] },
): Promise<number> {
  let listening = false;
  page.speaker.onPiece((piece) => {
    if (listening) page.microphone.mix(toMicrophone(piece.samples, piece.sampleRateHz));
  });
  let turns = 0;
  for (let round = 0; round < rounds; round += 1) {
    await speakAtLength(core, page, clips.requests[round % clips.requests.length]);
    const questions = page.messages.filter(({ role }) => role === 'user').length;
    listening = true;
    await core.pause(7000);
    listening = false;
    const taken = page.messages.filter(({ role }) => role === 'user').slice(questions);
    turns += taken.length;
    notes.push(...taken.map(({ text }) => `heard itself say "${text}"`));
    await page.bridge.call('turn.stop', {});
    await core.pause(900);
  }
  return turns;
}

/** Nearest-sample conversion is good enough for an echo. */
function toMicrophone(samples: Float32Array, sampleRateHz: number): Float32Array {
  const out = new Float32Array(Math.floor((samples.length * 16_000) / sampleRateHz));
  for (let index = 0; index < out.length; index += 1) out[index] = (samples[Math.floor((index * sampleRateHz) / 16_000)] ?? 0) * ECHO_GAIN;
  return out;
}
