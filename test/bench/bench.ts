import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createClipMaker, readClips, type ClipMaker } from './clips.ts';
import { startBenchCore } from './start-core.ts';
import type { BenchCore } from './core.ts';
import { interruptions, longAnswerRequests, questions, sentencesWithPauses } from './sentences.ts';
import type { BenchResult, Metric } from './statistics.ts';
import type { Clip } from './audio.ts';

interface BenchOptions {
  rounds?: number | undefined;
  /** Folder of other people's WAV + TXT pairs. */
  audio?: string | undefined;
  /** For `face`: some of its parts, people and states; a folder of true pictures; where to put pictures that compare. */
  part?: string[] | undefined;
  truth?: string | undefined;
  people?: string[] | undefined;
  states?: string[] | undefined;
  pictures?: string | undefined;
  /** For `face`: folder of LivePortrait's published files. */
  weights?: string | undefined;
}

interface Bench {
  what: string;
  run: (options: BenchOptions) => Promise<BenchResult>;
}

/** The starter voice spells "mhm" (em, aitch, em): noises.ts hums it instead. */
const BACKCHANNELS = ['Hmm.', 'Uh-huh.', 'Yeah.', 'Okay.', 'I see.'];

const benches: Record<string, Bench> = {
  voice: {
    what: 'spoken questions in real time: latency of each stage, word errors, memory, event loop',
    run: ({ rounds = 36, audio }) =>
      withCore(async (core, clips) =>
        (await import('./voice-bench.ts')).runVoiceBench(
          core,
          audio === undefined ? await speakAll(clips, questions) : await readClips(audio),
          rounds,
        ),
      ),
  },
  window: {
    what: 'the same questions in the real window, and without one in the same run',
    run: async ({ rounds = 30, audio }) => {
      const clips = createClipMaker();
      const asked = audio === undefined ? await speakAll(clips, questions) : await readClips(audio);
      await clips.close();
      return (await import('./window-bench.ts')).runWindowBench(asked, rounds);
    },
  },
  phone: {
    what: 'whole calls: INVITE to ringing, last word to first sound, interruptions, frames in time (needs Docker and baresip)',
    run: async ({ rounds = 10 }) => {
      const clips = createClipMaker();
      const spoken = {
        questions: await speakAll(clips, questions.slice(0, 3 * rounds)),
        requests: await speakAll(clips, longAnswerRequests),
        interruptions: await speakAll(clips, interruptions),
      };
      await clips.close();
      return (await import('./phone-bench.ts')).runPhoneBench(spoken, rounds);
    },
  },
  'phone-window': {
    what: 'the owner’s calls in the real window: ringing, click to hearing each other, the gap of a take-over (needs Docker and baresip)',
    run: async ({ rounds = 10 }) => (await import('./phone-window-bench.ts')).runPhoneWindowBench(rounds),
  },
  'phone-words': {
    what: 'texts read into a call at both ends: words misheard more than without a telephone (needs Docker and baresip)',
    run: async ({ rounds = 20 }) => {
      const clips = createClipMaker();
      const asked = await speakAll(clips, questions.slice(0, rounds));
      const answered = await speakAll(
        clips,
        sentencesWithPauses.map((text) => text.replace('| ', '')),
      );
      await clips.close();
      return (await import('./phone-words-bench.ts')).runPhoneWordsBench(asked, answered);
    },
  },
  'phone-faults': {
    what: 'the off-switch in ring, dial and talk, and Asterisk killed in mid-talk (needs Docker and baresip)',
    run: async ({ rounds = 10 }) => (await import('./phone-faults-bench.ts')).runPhoneFaultsBench(rounds),
  },
  'phone-media': {
    what: 'ten telephone calls at once through the media worker: frames in time, tone at both ends',
    run: async () => (await import('./phone-media-bench.ts')).runPhoneMediaBench(),
  },
  'phone-network': {
    what: 'sound of a call from a network that loses and delays packets: delay, drift, words understood; both media transports (needs Docker)',
    run: async ({ rounds = 10 }) => {
      const clips = createClipMaker();
      const texts = await speakAll(clips, questions.slice(0, rounds));
      await clips.close();
      return (await import('./phone-network-bench.ts')).runPhoneNetworkBench(texts);
    },
  },
  'phone-calls': {
    what: 'hundreds of calls through a real Asterisk: what is left of them afterwards (needs Docker and sipp)',
    run: async ({ rounds = 500 }) => (await import('./phone-calls-bench.ts')).runPhoneCallsBench(rounds),
  },
  'barge-in': {
    what: 'interruptions, noises, "mhm" and the own echo',
    run: ({ rounds = 30 }) =>
      withCore(async (core, clips) =>
        (await import('./barge-in-bench.ts')).runBargeInBench(
          core,
          {
            requests: await speakAll(clips, longAnswerRequests),
            interruptions: await speakAll(clips, interruptions),
            backchannels: await speakAll(clips, BACKCHANNELS),
          },
          rounds,
        ),
      ),
  },
  turns: {
    what: 'sentences with pauses of 0.3-1.0 s: how often the assistant cuts in',
    run: ({ rounds = 40 }) =>
      withCore(async (core, clips) => {
        const sentences = [];
        for (const text of sentencesWithPauses) {
          sentences.push({ text: text.replace('| ', ''), parts: await clips.speakInParts(text) });
        }
        return (await import('./turns-bench.ts')).runTurnsBench(core, sentences, rounds);
      }),
  },
  startup: {
    what: 'first picture against a bare window, voice ready, set-up with nothing to do',
    run: async ({ rounds = 7 }) => (await import('./startup-bench.ts')).runStartupBench(rounds),
  },
  store: {
    what: 'encrypted writes and reads',
    run: async ({ rounds = 10_000 }) => (await import('./store-bench.ts')).runStoreBench(rounds),
  },
  redact: {
    what: 'credentials found in every encoding, harmless tokens left alone, megabytes per second',
    run: async ({ rounds = 20 }) => (await import('./redact-bench.ts')).runRedactBench(rounds),
  },
  face: {
    what: 'the face: lips against the phonemes played; drawings against true pictures (--part lips|truth|stage|latency|preview|liveportrait, --truth DIR, --pictures DIR, --weights DIR)',
    run: async ({ part, ...options }) => (await import('./face-bench.ts')).runFaceBench({ ...options, parts: part }),
  },
  commands: {
    what: 'the command filter: obfuscated, ordinary and random commands; speed (--rounds = random ones)',
    run: async ({ rounds = 100_000 }) => (await import('./commands-bench.ts')).runCommandsBench(rounds),
  },
  characters: {
    what: 'a character from a photo, change of character warm and cold, memory of ten',
    run: async ({ rounds = 5 }) => {
      const core = await startBenchCore();
      try {
        return await (await import('./characters-bench.ts')).runCharactersBench(core, rounds);
      } finally {
        await core.close();
      }
    },
  },
  tools: {
    what: 'texts from outside against a model that obeys them; the cost of a call and of an approval',
    run: async ({ rounds = 1_000 }) => (await import('./tools-bench.ts')).runToolsBench(rounds),
  },
  kill: {
    what: 'the off-switch: trigger to last effect for every trigger and level, with a frozen and a dying core too',
    run: async ({ rounds = 4 }) => (await import('./kill-bench.ts')).runKillBench(rounds),
  },
  sandbox: {
    what: 'a run in a warm and in a new container, the end of ten at once, the seventeen attacks',
    run: async ({ rounds = 20 }) => (await import('./sandbox-bench.ts')).runSandboxBench(rounds),
  },
  idle: {
    what: 'memory over hundreds of turns',
    run: ({ rounds = 300 }) =>
      withCore(async (core) =>
        (await import('./idle-bench.ts')).runIdleBench(
          core,
          questions.map((text): Clip => ({ name: text, text, samples: new Float32Array(0) })),
          rounds,
        ),
      ),
  },
};

async function withCore(measure: (core: BenchCore, clips: ClipMaker) => Promise<BenchResult>): Promise<BenchResult> {
  const clips = createClipMaker();
  const core = await startBenchCore();
  try {
    return await measure(core, clips);
  } finally {
    await core.close();
    await clips.close();
  }
}

async function speakAll(clips: ClipMaker, texts: readonly string[]): Promise<Clip[]> {
  const spoken: Clip[] = [];
  for (const text of texts) spoken.push(await clips.speak(text));
  return spoken;
}

function table({ metrics, targets, notes }: BenchResult): string {
  const heading = ['', 'unit', 'p50', 'p95', 'p99', 'max', 'count', 'target'];
  const rows = Object.entries(metrics).map(([name, metric]) => [
    name,
    metric.unit,
    ...[metric.p50, metric.p95, metric.p99, metric.max].map((value) => figure(value, metric)),
    String(metric.count),
    targets[name] ?? '',
  ]);
  const widths = heading.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column < 2 || column === 7 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [line(heading), ...rows.map(line), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function figure(value: number, { unit, count }: Metric): string {
  if (count === 0) return '-';
  if (unit === 'bytes') return `${(value / 1e6).toFixed(0)}M`;
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    rounds: { type: 'string' },
    audio: { type: 'string' },
    part: { type: 'string', multiple: true },
    truth: { type: 'string' },
    people: { type: 'string', multiple: true },
    states: { type: 'string', multiple: true },
    pictures: { type: 'string' },
    weights: { type: 'string' },
  },
});
const [name = 'list'] = positionals;
const bench = benches[name];
if (name === 'list') {
  for (const [each, { what }] of Object.entries(benches)) console.log(`${each.padEnd(14)}${what}`);
} else if (!bench) {
  console.error(`There is no bench "${name}". npm run bench -- list shows them.`);
  process.exitCode = 2;
} else {
  const result = await bench.run({ ...values, rounds: values.rounds === undefined ? undefined : Number(values.rounds) });
  console.log(table(result));
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ bench: result.bench, metrics: result.metrics }, null, 2)}\n`);
}
