import { MOUTH_VOWELS, mouthDistance } from './mouth-vowels.ts';
import type { Formants } from './formants.ts';
import { createFrameCutter, frameSamples, type SoundFrame } from './sound-frames.ts';
import type { PhonemeSpan } from './voice.ts';

/**
 * Finds what the mouth does in the sound of a sentence, for voices that tell no phonemes: vowels by their formants, hissing, closed lips, silence.
 * A look at the lips, not a recognition of speech: sounds that look alike get one symbol.
 */
export interface VisemeFinder {
  /** The next sound in order; returns what is certain now, on the clock given at creation. */
  push(samples: Float32Array): PhonemeSpan[];
  /** The sound is over: the rest. */
  end(): PhonemeSpan[];
}

/** Quieter than this is silence. */
const SILENT = 0.1;
const HISSING = 0.45;
const HUMMED = 0.93;
const OPEN = 0.01;
/** A dip to this part of the loudness of both neighbours, within `DIP_FRAMES` frames, is a mouth that closed. */
const DIP = 0.55;
const DIP_FRAMES = 8;
const SHARP = 0.1;
/** Frames that are looked at behind a frame before it is certain. */
const LOOK_AHEAD = DIP_FRAMES;

interface Seen extends Pick<SoundFrame, 'loudness' | 'sharpness'> {
  symbol: string;
}

/** `origin`: where the first sample lies on the caller's clock, in its samples. */
export function createVisemeFinder(sampleRateHz: number, origin: number): VisemeFinder {
  const cutter = createFrameCutter(sampleRateHz);
  const seen: Seen[] = [];
  let received = 0;
  let decided = 0;

  const toSamples = (frame: number): number => origin + Math.min(received, Math.round(frame * frameSamples(sampleRateHz)));

  const decide = (until: number): PhonemeSpan[] => {
    const spans: PhonemeSpan[] = [];
    for (; decided < until; decided += 1) {
      const symbol = symbolAt(seen, decided);
      const end = toSamples(decided + 1);
      const last = spans.at(-1);
      if (last?.symbol === symbol) last.end = end;
      else spans.push({ symbol, start: toSamples(decided), end, word: -1 });
    }
    return spans.filter(({ start, end }) => end > start);
  };

  return {
    push(samples) {
      received += samples.length;
      seen.push(...cutter.push(samples).map(look));
      return decide(seen.length - LOOK_AHEAD);
    },
    end() {
      seen.push(...cutter.end().map(look));
      return decide(seen.length);
    },
  };
}

function look(frame: SoundFrame): Seen {
  const { loudness, sharpness } = frame;
  return { loudness, sharpness, symbol: loudness < SILENT ? '_' : soundOf(frame) };
}

function soundOf({ hiss, hum, open, formants }: SoundFrame): string {
  if (hiss > HISSING) return 's';
  if (hum > HUMMED && open < OPEN) return 'm';
  return nearestVowel(formants);
}

function nearestVowel(formants: Formants): string {
  const [nearest] = Object.entries(MOUTH_VOWELS)
    .map(([symbol, vowel]) => ({ symbol, distance: mouthDistance(formants, vowel) }))
    .toSorted((left, right) => left.distance - right.distance);
  return nearest?.symbol ?? 'a';
}

/** A frame's own symbol, smoothed by its neighbours; a short dip between louder sound is a closed mouth. */
function symbolAt(frames: readonly Seen[], index: number): string {
  const frame = frames[index];
  if (!frame) return '_';
  const closure = closureAt(frames, index);
  if (closure !== undefined) return closure;
  const [before, after] = [frames[index - 1]?.symbol, frames[index + 1]?.symbol];
  // A single frame between two equal ones is a wrong guess; silence is never one.
  return frame.symbol !== '_' && before !== undefined && before === after && before !== '_' ? before : frame.symbol;
}

/** 'p' where the lips close, 't' where the tongue does, undefined where nothing closes. */
function closureAt(frames: readonly Seen[], index: number): string | undefined {
  const { loudness, symbol } = frames[index] ?? { loudness: 0, symbol: '_' };
  if (symbol === 's') return undefined;
  const louder = (offset: number): boolean => (frames[index + offset]?.loudness ?? 0) * DIP > loudness;
  const offsets = Array.from({ length: DIP_FRAMES - 1 }, (_, each) => each + 1);
  const before = offsets.find((offset) => louder(-offset));
  const after = offsets.find(louder);
  if (before === undefined || after === undefined || before + after > DIP_FRAMES) return undefined;
  return (frames[index + after]?.sharpness ?? 0) < SHARP ? 'p' : 't';
}
