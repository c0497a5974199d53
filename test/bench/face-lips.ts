import { joinSamples } from '../../src-main/platform/audio/index.ts';
import type { SpeechAudioMessage, SpeechTimingMessage, SpokenPhoneme } from '../../src-preload/contract/index.ts';
import { createMotion } from '../../src-renderer/face/motion/motion.ts';
import { createSpeechClock } from '../../src-renderer/face/speech-clock.ts';
import { createPlaybackQueue } from '../../src-renderer/audio/playback-queue.ts';
import { createLevelGauge, meterValue } from '../../src-renderer/audio/level.ts';
import { openSynthesisBench, type SynthesisBench } from '../models/synthesis-bench.ts';
import { CLOSED, judgeLips, mouthOpening, type LipVerdict, type SeenMouth } from './lip-judge.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

/** What is said: plain sentences full of p, b, m, f and w, with questions, pauses and both languages. */
const SENTENCES: readonly [language: string, text: string][] = [
  ['en', 'What is the capital of France?'],
  ['en', 'My mother bought a big blue umbrella, but maybe it will not rain.'],
  ['en', 'Peter promised to bring five pepper plants to the farm before lunch.'],
  ['en', 'The moon moves around the earth in about twenty seven days.'],
  ['en', 'I would love to help you with that. Let me think for a moment.'],
  ['en', 'Why would anyone want to swim in the winter?'],
  ['en', 'Bob and Pam made a map of the whole park, bit by bit.'],
  ['en', 'She sells fresh fish and very fine coffee by the water.'],
  ['en', 'Oh, you should open the window; the room is far too warm.'],
  ['en', 'A rainbow appears when the sun shines through drops of rain.'],
  ['en', 'Maybe we could move the meeting to Monday morning?'],
  ['en', 'Good evening. My name is Nova, and I am happy to meet you!'],
  ['en', 'Please put the butter back, and pass me the marmalade.'],
  ['de', 'Guten Morgen! Möchtest du ein Stück Apfelkuchen?'],
  ['de', 'Meine Mutter hat gestern einen bunten Blumenstrauß bekommen.'],
  ['de', 'Bitte bring mir morgen früh das blaue Buch mit.'],
  ['de', 'Warum fliegen Vögel im Winter in den warmen Süden?'],
  ['de', 'Ich glaube, wir müssen über die Brücke am Fluss gehen.'],
  ['de', 'Das Wetter bleibt schön, aber am Abend kommt ein bisschen Wind.'],
  ['de', 'Pünktlich um fünf Uhr öffnet der Bäcker seinen Laden.'],
];

const TARGETS: Record<string, string> = {
  lip_offset: '|p95| <= 40',
  lip_sound_offset: '|p95| <= 40',
  lip_correlation: 'p50 >= 0.7',
  lip_bilabials_closed: '>= 95',
  lip_silence_closed: 'p95 <= 120',
};

/** Fakes nothing but the sound card: the real worker's messages go through the real player, speech clock and motion, 25 frames a second. */
export async function measureLips({ sentences = SENTENCES.length }: { sentences?: number } = {}): Promise<Omit<BenchResult, 'bench'>> {
  const bench = await openSynthesisBench();
  const verdicts: LipVerdict[] = [];
  const untimed: string[] = [];
  const motionMs: number[] = [];
  try {
    for (const [language, text] of SENTENCES.slice(0, sentences)) {
      const spoken = await speakAndWatch(bench, text, language, motionMs);
      if (spoken) verdicts.push(spoken);
      else untimed.push(text);
    }
  } finally {
    await bench.service.dispose();
  }
  const bilabials = verdicts.flatMap((verdict) => verdict.bilabials);
  const closed = bilabials.filter((opening) => opening <= CLOSED).length;
  return {
    metrics: {
      lip_offset: distribution(
        'ms',
        verdicts.map(({ offsetMs }) => Math.abs(offsetMs)),
      ),
      lip_offset_mean: single('ms', mean(verdicts.map(({ offsetMs }) => offsetMs)), verdicts.length),
      lip_sound_offset: distribution(
        'ms',
        verdicts.map(({ soundOffsetMs }) => Math.abs(soundOffsetMs)),
      ),
      lip_correlation: distribution(
        'ratio',
        verdicts.map((verdict) => verdict.correlation),
      ),
      lip_sound_correlation: distribution(
        'ratio',
        verdicts.map(({ soundCorrelation }) => soundCorrelation),
      ),
      lip_bilabials_closed: single('%', (100 * closed) / Math.max(1, bilabials.length), bilabials.length),
      lip_silence_closed: distribution(
        'ms',
        verdicts.flatMap(({ silencesMs }) => silencesMs),
      ),
      motion_frame: distribution('ms', motionMs),
    },
    targets: TARGETS,
    notes: untimed.length > 0 ? [`no timings came for: ${untimed.join(' | ')}`] : [],
  };
}

const CARD_RATE_HZ = 48_000;
const QUANTUM = 128;
/** A sound card takes sound in bursts and plays it later. */
const BURST_QUANTA = 4;
const BURST_MS = (BURST_QUANTA * QUANTUM * 1000) / CARD_RATE_HZ;
const LATENCY_MS = 32;
const FRAME_MS = 40;

async function speakAndWatch(bench: SynthesisBench, text: string, language: string, motionMs: number[]): Promise<LipVerdict | undefined> {
  const from = bench.messages.length;
  const { spoken } = await bench.say(text, { language });
  const messages = bench.messages.slice(from).filter((message) => message.type === 'speech' || message.type === 'speech.timing');
  if (!messages.some((message) => message.type === 'speech.timing')) return undefined;
  const phonemes: SpokenPhoneme[] = spoken.phonemes.map(({ phoneme, startMs, durationMs }) => ({ symbol: phoneme, startMs, durationMs }));
  return judgeLips({ phonemes, ...watch(messages, motionMs) });
}

/** Plays the messages on a card of its own time; the frames are on the clock of the sound as it is heard. */
function watch(
  messages: readonly (SpeechAudioMessage | SpeechTimingMessage)[],
  motionMs: number[],
): Pick<Parameters<typeof judgeLips>[0], 'samples' | 'sampleRateHz' | 'frames'> {
  const clock = createSpeechClock();
  const motion = createMotion({ seed: 7, expressiveness: 0.8, emotion: 'neutral' });
  const card = { nowMs: 0, hasEnded: false };
  const queue = createPlaybackQueue(
    CARD_RATE_HZ,
    (fact) => {
      card.hasEnded ||= fact.event === 'ended';
      clock.report({ ...fact, atMs: card.nowMs, outputLatencyMs: LATENCY_MS });
    },
    clock.timing,
  );
  const gauge = createLevelGauge(0.04 * CARD_RATE_HZ, (level) => clock.level(card.nowMs, meterValue(level.rms)));
  for (const message of messages) queue.receive(message);
  const utteranceId = messages[0]?.utteranceId ?? '';
  queue.obey({ command: 'start', utteranceId });
  queue.obey({ command: 'finish', utteranceId, segmentCount: 1 });

  const sound: Float32Array[] = [];
  const frames: SeenMouth[] = [];
  for (let frameMs = 0; !card.hasEnded || frameMs < card.nowMs + 200; frameMs += FRAME_MS) {
    for (; card.nowMs <= frameMs && !card.hasEnded; card.nowMs += BURST_MS) {
      for (let quantum = 0; quantum < BURST_QUANTA; quantum += 1) {
        const output = new Float32Array(QUANTUM);
        queue.render(output);
        gauge(output);
        sound.push(output);
      }
    }
    const began = performance.now();
    const speech = clock.heardAt(frameMs);
    const frame = motion.frameAt(frameMs, { talk: { state: 'speaking', paused: false }, speech, microphoneLevel: 0 });
    motionMs.push(performance.now() - began);
    frames.push({ atMs: frameMs - LATENCY_MS, opening: mouthOpening(frame.weights) });
  }
  return { samples: joinSamples(sound), sampleRateHz: CARD_RATE_HZ, frames };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
