import type { FaceWeights, SpokenPhoneme } from '../../src-preload/contract/index.ts';

/** One frame of a face: when it is seen, on the clock of the sound, and how far the lips are apart. */
export interface SeenMouth {
  atMs: number;
  /** 0 = lips touch, 1 = a shout. */
  opening: number;
}

/** What a listener who sees the lips would say of one utterance. */
export interface LipVerdict {
  /** Against the phonemes that were played; > 0 = the lips are late. */
  offsetMs: number;
  correlation: number;
  /** Against the loudness of the sound where vowels are loud. */
  soundOffsetMs: number;
  soundCorrelation: number;
  /** For each p, b and m: the smallest opening while it sounds. */
  bilabials: number[];
  /** For each silence: how long after its beginning the lips are closed for good. */
  silencesMs: number[];
}

/** Lips this close touch in the picture. */
export const CLOSED = 0.03;

/** How far the lips are apart, by ARKit's meaning of the shapes: mouthClose takes back what the jaw opens, the lips themselves add to it. */
export function mouthOpening(weights: FaceWeights): number {
  const of = (name: keyof FaceWeights): number => weights[name] ?? 0;
  const both = (left: keyof FaceWeights, right: keyof FaceWeights): number => (of(left) + of(right)) / 2;
  const jaw = Math.max(0, of('jawOpen') - of('mouthClose'));
  const lips = 0.25 * both('mouthLowerDownLeft', 'mouthLowerDownRight') + 0.15 * both('mouthUpperUpLeft', 'mouthUpperUpRight');
  const funnel = 0.1 * of('mouthFunnel');
  const pressed = 0.3 * both('mouthPressLeft', 'mouthPressRight') + 0.1 * of('mouthPucker');
  return Math.max(0, jaw + lips + funnel - pressed);
}

/** Openness of a sound in the judge's own eyes: the height of vowels in the IPA chart, closed for silence and lips, nearly closed for other consonants. */
const OPENNESS: readonly [letters: string, openness: number][] = [
  ['aɑæɐɒɶ', 1],
  ['ɛʌɔœɜɞ', 0.75],
  ['eəoøɘɵɤɚɝ', 0.6],
  ['iɪuʊyʏɨʉᵻ', 0.4],
  ['pbm_ ?!', 0],
  ['fv', 0.1],
  ['tdszʃʒɕʑ', 0.15],
  ['nlɹrɾθðkɡgxçŋʁʀhjwɥ', 0.25],
];

/** Openness of a symbol from its first to its last sound, for diphthongs; a blank takes that of its neighbours and gives undefined. */
function opennessOf(symbol: string): readonly [from: number, to: number] | undefined {
  if (symbol === ' ') return undefined;
  const values = Array.from(symbol.normalize('NFC')).flatMap((letter) => OPENNESS.find(([letters]) => letters.includes(letter))?.[1] ?? []);
  return [values[0] ?? 0.5, values.at(-1) ?? 0.5];
}

/** The mouth has mass: what it should do is seen through a window of this length. */
const WINDOW_MS = 90;
const STEP_MS = 5;
const MAX_LAG_MS = 200;
/** Silence shorter than this need not close the mouth. */
const SILENCE_MS = 200;
/** A mouth may open so long before the sound that follows a silence. */
const ANTICIPATION_MS = 110;

export function judgeLips(heard: {
  phonemes: readonly SpokenPhoneme[];
  samples: Float32Array;
  sampleRateHz: number;
  frames: readonly SeenMouth[];
}): LipVerdict {
  const { phonemes, frames } = heard;
  const byPhonemes = bestLag(frames, smoothed(opennessCurve(phonemes)));
  const bySound = bestLag(frames, smoothed(vowelLoudness(heard.samples, heard.sampleRateHz)));
  return {
    offsetMs: byPhonemes.lagMs,
    correlation: byPhonemes.atZero,
    soundOffsetMs: bySound.lagMs,
    soundCorrelation: bySound.atZero,
    bilabials: phonemes.filter(({ symbol }) => /^[pbm]/u.test(symbol)).map((phoneme) => smallestOpening(phoneme, frames)),
    silencesMs: phonemes
      .filter(({ symbol, durationMs }) => /^[_?!]$/u.test(symbol) && durationMs >= SILENCE_MS)
      .map((silence) => closedAfter(silence, frames)),
  };
}

/** One value each `STEP_MS`. */
type Curve = readonly number[];

function opennessCurve(phonemes: readonly SpokenPhoneme[]): Curve {
  const last = phonemes.at(-1);
  const endMs = last ? last.startMs + last.durationMs : 0;
  const curve: number[] = [];
  let index = 0;
  for (let atMs = 0; atMs < endMs; atMs += STEP_MS) {
    while (index < phonemes.length - 1 && (phonemes[index + 1]?.startMs ?? 0) <= atMs) index += 1;
    const phoneme = phonemes[index];
    const openness = phoneme ? opennessOf(phoneme.symbol) : undefined;
    if (!phoneme) curve.push(0);
    else if (openness) curve.push(openness[0] + (openness[1] - openness[0]) * ((atMs - phoneme.startMs) / phoneme.durationMs));
    else {
      const before = opennessOf(phonemes[index - 1]?.symbol ?? '_')?.[1] ?? 0;
      const behind = opennessOf(phonemes[index + 1]?.symbol ?? '_')?.[0] ?? 0;
      curve.push((before + behind) / 2);
    }
  }
  return curve;
}

/** Root mean square between 250 and 1400 Hz, where open vowels are loud and hisses are not, by ear (cube root of the power). */
function vowelLoudness(samples: Float32Array, sampleRateHz: number): Curve {
  const filtered = bandPass(bandPass(samples, sampleRateHz), sampleRateHz);
  const hop = Math.round((STEP_MS / 1000) * sampleRateHz);
  const curve: number[] = [];
  for (let from = 0; from < filtered.length; from += hop) {
    let power = 0;
    const window = filtered.subarray(Math.max(0, from - hop), from + 2 * hop);
    for (const value of window) power += value * value;
    curve.push(Math.cbrt(power / Math.max(1, window.length)));
  }
  return curve;
}

/** Second-order band-pass around 600 Hz, one octave and a bit to each side (Bristow-Johnson's cookbook), run forth and back so that nothing is late. */
function bandPass(samples: Float32Array, sampleRateHz: number): Float32Array {
  const forth = oneWay(samples, sampleRateHz);
  return oneWay(forth.toReversed(), sampleRateHz).toReversed();
}

function oneWay(samples: Float32Array, sampleRateHz: number): Float32Array {
  const turn = (2 * Math.PI * 600) / sampleRateHz;
  const alpha = Math.sin(turn) / (2 * 0.52);
  const scale = 1 + alpha;
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = (alpha * x - alpha * x2 + 2 * Math.cos(turn) * y1 - (1 - alpha) * y2) / scale;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}

/** The same through a raised cosine of `WINDOW_MS`. */
function smoothed(curve: Curve): Curve {
  const half = Math.round(WINDOW_MS / STEP_MS / 2);
  return curve.map((_value, at) => {
    let sum = 0;
    let weights = 0;
    for (let away = -half; away <= half; away += 1) {
      const weight = 1 + Math.cos((Math.PI * away) / (half + 1));
      sum += weight * (curve[at + away] ?? 0);
      weights += weight;
    }
    return sum / weights;
  });
}

function bestLag(frames: readonly SeenMouth[], curve: Curve): { lagMs: number; atZero: number } {
  const openings = frames.map(({ opening }) => opening);
  const at = (lagMs: number): number =>
    correlation(
      openings,
      frames.map(({ atMs }) => valueAt(curve, atMs - lagMs)),
    );
  let best = { lagMs: 0, value: -2 };
  for (let lagMs = -MAX_LAG_MS; lagMs <= MAX_LAG_MS; lagMs += STEP_MS) {
    const value = at(lagMs);
    if (value > best.value) best = { lagMs, value };
  }
  return { lagMs: best.lagMs, atZero: at(0) };
}

function valueAt(curve: Curve, atMs: number): number {
  const place = atMs / STEP_MS;
  const before = Math.floor(place);
  const share = place - before;
  return (curve[before] ?? 0) * (1 - share) + (curve[before + 1] ?? 0) * share;
}

/** Pearson's correlation; 0 when one of the two does not move. */
export function correlation(left: readonly number[], right: readonly number[]): number {
  const [leftMean, rightMean] = [mean(left), mean(right)];
  let [both, leftSquares, rightSquares] = [0, 0, 0];
  for (const [index, value] of left.entries()) {
    const a = value - leftMean;
    const b = (right[index] ?? 0) - rightMean;
    both += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  }
  return leftSquares < 1e-12 || rightSquares < 1e-12 ? 0 : both / Math.sqrt(leftSquares * rightSquares);
}

/** Frames stand for the 20 ms before and behind them. */
function smallestOpening({ startMs, durationMs }: SpokenPhoneme, frames: readonly SeenMouth[]): number {
  const seen = frames.filter(({ atMs }) => atMs >= startMs - 20 && atMs <= startMs + durationMs + 20);
  return Math.min(1, ...seen.map(({ opening }) => opening));
}

/** Time from the silence's beginning to where the opening falls below `CLOSED` for the last time, between frames by a straight line. */
function closedAfter({ startMs, durationMs }: SpokenPhoneme, frames: readonly SeenMouth[]): number {
  const endMs = startMs + durationMs - ANTICIPATION_MS;
  const inside = frames.filter(({ atMs }) => atMs >= startMs && atMs <= endMs);
  const lastOpen = inside.findLastIndex(({ opening }) => opening > CLOSED);
  const open = inside[lastOpen];
  const closed = inside[lastOpen + 1];
  if (!open) return 0;
  if (!closed) return durationMs;
  const share = (open.opening - CLOSED) / Math.max(1e-9, open.opening - closed.opening);
  return open.atMs + share * (closed.atMs - open.atMs) - startMs;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
