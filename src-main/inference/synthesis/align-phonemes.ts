import { MOUTH_VOWELS, mouthDistance } from './mouth-vowels.ts';
import { createFrameCutter, frameSamples, type SoundFrame } from './sound-frames.ts';
import type { PhonemeSpan } from './voice.ts';

/** A sound that is known to be said, in order; '_' = a pause that may be there. */
export interface ExpectedSound {
  /** IPA, one character. */
  symbol: string;
  word: number;
}

/** What is heard of a kind of sound. Costs are about 0 where a frame fits and 2 and more where it does not. */
type Likeness = (frame: SoundFrame) => number;

const silence: Likeness = ({ loudness }) => 4 * Math.max(0, loudness - 0.06);
const hissing: Likeness = ({ hiss, loudness }) => 2.4 * Math.max(0, 0.75 - hiss) + (loudness < 0.08 ? 0.8 : 0);
const closed: Likeness = ({ loudness, hiss }) => 2.6 * Math.max(0, loudness - 0.2) + 0.6 * hiss;
const murmur: Likeness = ({ loudness, open, hiss }) => 1.6 * Math.abs(loudness - 0.45) + 4 * Math.min(0.3, open) + 2 * hiss;
const breath: Likeness = ({ loudness, hiss }) => 1.8 * Math.abs(loudness - 0.25) + 0.4 * (1 - hiss);
const glide: Likeness = ({ loudness, hiss }) => 1.6 * Math.max(0, 0.6 - loudness) + 2 * hiss + 0.5;
const vowel =
  (mouth: keyof typeof MOUTH_VOWELS | undefined): Likeness =>
  ({ loudness, hiss, formants }) =>
    2.6 * Math.max(0, 0.45 - loudness) +
    2.5 * hiss +
    (mouth === undefined ? 0.4 : Math.min(1.2, mouthDistance(formants, MOUTH_VOWELS[mouth]) / 4));

/** The kinds of sound, with the letters of IPA that belong to them and their usual length in frames. */
const KINDS: readonly { letters: string; likeness: Likeness; frames: number }[] = [
  { letters: '_', likeness: silence, frames: 8 },
  { letters: 'szʃʒɕʑçʂʐ', likeness: hissing, frames: 6 },
  { letters: 'ptkbdɡgcɟʔqɾ', likeness: closed, frames: 4 },
  { letters: 'mnŋɲɱ', likeness: murmur, frames: 4 },
  { letters: 'fvθðhxɣχβɸʁ', likeness: breath, frames: 5 },
  { letters: 'lɹrjwɫʎɥʋɻ', likeness: glide, frames: 4 },
  { letters: 'aɑɐʌæɒ', likeness: vowel('a'), frames: 6 },
  { letters: 'eɛœøɜɝ', likeness: vowel('e'), frames: 6 },
  { letters: 'iɪyʏ', likeness: vowel('i'), frames: 5 },
  { letters: 'oɔ', likeness: vowel('o'), frames: 6 },
  { letters: 'uʊɯ', likeness: vowel('u'), frames: 5 },
];
const ANY_VOWEL = { likeness: vowel(undefined), frames: 4 };
/** Each further frame than usual costs this much: a sound that fits everything must not swallow its neighbours. */
const OVERLONG = 0.06;

/**
 * Lays sounds that are known over the sound itself (dynamic programming over 16 ms frames), for voices that tell no lengths. The spans cover
 * the sound from its first to its last sample, with silence in front and behind. Much better than spreading them evenly, not as good as being told.
 */
export function alignPhonemes(expected: readonly ExpectedSound[], samples: Float32Array, sampleRateHz: number): PhonemeSpan[] {
  const cutter = createFrameCutter(sampleRateHz);
  const frames = [...cutter.push(samples), ...cutter.end()];
  const pause = { symbol: '_', word: -1 };
  const sounds = expected.length === 0 ? [pause] : [pause, ...expected, pause];
  const ends = bestEnds(sounds, frames);
  const toSample = (frame: number): number => Math.min(samples.length, Math.round(frame * frameSamples(sampleRateHz)));
  return sounds
    .map(({ symbol, word }, index) => ({
      symbol,
      word,
      start: index === 0 ? 0 : toSample(ends[index - 1] ?? 0),
      end: index === sounds.length - 1 ? samples.length : toSample(ends[index] ?? frames.length),
    }))
    .filter(({ start, end }) => end > start);
}

/** The frame behind each sound, of the cheapest way to say them all. */
function bestEnds(sounds: readonly ExpectedSound[], frames: readonly SoundFrame[]): number[] {
  const kinds = sounds.map(({ symbol }) => KINDS.find(({ letters }) => letters.includes(symbol.normalize('NFD').charAt(0))) ?? ANY_VOWEL);
  const count = sounds.length;
  /** Least cost of a path whose last frame belongs to the sound, and for how many frames it has. */
  let costs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let lengths = new Uint16Array(count);
  const cameFromBefore: Uint8Array[] = [];
  for (const [at, frame] of frames.entries()) {
    const next = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    const nextLengths = new Uint16Array(count);
    const from = new Uint8Array(count);
    const shared = new Map<Likeness, number>();
    for (let sound = 0; sound < count; sound += 1) {
      const { likeness, frames: usual } = kinds[sound] ?? ANY_VOWEL;
      let cost = shared.get(likeness);
      if (cost === undefined) shared.set(likeness, (cost = likeness(frame)));
      const length = lengths[sound] ?? 0;
      const isPause = sounds[sound]?.symbol === '_';
      const stay = (costs[sound] ?? Infinity) + (length >= usual && !isPause ? OVERLONG * Math.min(8, length - usual + 1) : 0);
      let enter = at === 0 ? entryCost(sounds, sound) : Number.POSITIVE_INFINITY;
      let skipped = 1;
      if (at > 0 && sound > 0) enter = costs[sound - 1] ?? Infinity;
      // A pause that is not there is stepped over.
      if (at > 0 && sound > 1 && sounds[sound - 1]?.symbol === '_' && (costs[sound - 2] ?? Infinity) < enter) {
        enter = costs[sound - 2] ?? Infinity;
        skipped = 2;
      }
      next[sound] = Math.min(stay, enter) + cost;
      nextLengths[sound] = stay <= enter ? length + 1 : 1;
      from[sound] = stay <= enter ? 0 : skipped;
    }
    costs = next;
    lengths = nextLengths;
    cameFromBefore.push(from);
  }
  return traceBack(count, frames.length, costs, cameFromBefore);
}

/** The first frame may belong to the silence in front or, where there is none, to the first sound. */
function entryCost(sounds: readonly ExpectedSound[], sound: number): number {
  return sound === 0 || (sound === 1 && sounds.length > 2) ? 0 : Number.POSITIVE_INFINITY;
}

function traceBack(count: number, frameCount: number, costs: Float64Array, cameFromBefore: readonly Uint8Array[]): number[] {
  const ends = Array.from({ length: count }, () => frameCount);
  // The last sound may be the silence behind, or the sound before it.
  let sound = count > 1 && (costs[count - 2] ?? Infinity) < (costs[count - 1] ?? Infinity) ? count - 2 : count - 1;
  for (let at = frameCount - 1; at >= 0; at -= 1) {
    const step = cameFromBefore[at]?.[sound] ?? 0;
    for (let back = 1; back <= step; back += 1) ends[sound - back] = at;
    sound -= step;
  }
  // Sounds in front of where the path began take no time.
  for (let before = 0; before < sound; before += 1) ends[before] = 0;
  return ends;
}
