import { setImmediate as nextTurn } from 'node:timers/promises';

/** The pitch of a stretch of sound. */
export interface Fundamental {
  hz: number;
  /** How regular the sound is, 0..1; a voice reaches 0.8 and more, hissing stays below 0.5. */
  clarity: number;
}

const LOWEST_HZ = 60;
const HIGHEST_HZ = 420;
/** Of all periods that fit nearly as well as the best one the shortest is meant; twice a period fits always. */
const NEARLY = 0.88;

/**
 * Fundamental frequency by normalised cross-correlation of the sound with itself (the measure of RAPT: Talkin, 1995), 60..420 Hz,
 * in at least 33 ms of sound; shorter ones do not reach the deepest voices. Undefined for silence.
 */
export function findFundamental(samples: Float32Array, sampleRateHz: number): Fundamental | undefined {
  const shortest = Math.floor(sampleRateHz / HIGHEST_HZ);
  const longest = Math.min(Math.ceil(sampleRateHz / LOWEST_HZ), samples.length >> 1);
  const length = samples.length - longest;
  // Every second sample is plenty below 420 Hz and halves the work.
  const own = energy(samples, 0, length);
  if (own < 1e-7 * length || longest <= shortest + 2) return undefined;
  const scores = new Float64Array(longest + 2);
  for (let lag = shortest; lag <= longest; lag += 1) {
    let product = 0;
    for (let at = 0; at < length; at += 2) product += (samples[at] ?? 0) * (samples[at + lag] ?? 0);
    scores[lag] = product / Math.sqrt(own * energy(samples, lag, length) + 1e-12);
  }
  const best = scores.reduce((most, score) => Math.max(most, score), 0);
  const lag = scores.findIndex((score, at) => score >= best * NEARLY && score >= (scores[at - 1] ?? 0) && score > (scores[at + 1] ?? 0));
  if (lag < shortest) return undefined;
  const [left = 0, middle = 0, right = 0] = scores.subarray(lag - 1, lag + 2);
  const curvature = left - 2 * middle + right;
  const offset = curvature < 0 ? (0.5 * (left - right)) / curvature : 0;
  return { hz: sampleRateHz / (lag + offset), clarity: Math.min(1, Math.max(0, middle)) };
}

function energy(samples: Float32Array, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at += 2) sum += (samples[at] ?? 0) ** 2;
  return sum;
}

/** A pitch this clear is a voice. */
const CLEAR = 0.8;
const STEP_MS = 30;
const WINDOW_MS = 40;
const LEAST_VOICED_MS = 400;

/** The middle of the pitch of all that is voiced; undefined when less than 0.4 s of it is. Pauses for the event loop now and then. */
export async function medianFundamental(samples: Float32Array, sampleRateHz: number): Promise<number | undefined> {
  const window = Math.round((WINDOW_MS / 1000) * sampleRateHz);
  const step = Math.round((STEP_MS / 1000) * sampleRateHz);
  const heights: number[] = [];
  for (let at = 0; at + window <= samples.length; at += step) {
    const found = findFundamental(samples.subarray(at, at + window), sampleRateHz);
    if (found && found.clarity > CLEAR) heights.push(found.hz);
    if ((at / step) % 50 === 49) await nextTurn();
  }
  if (heights.length * STEP_MS < LEAST_VOICED_MS) return undefined;
  return heights.toSorted((left, right) => left - right)[heights.length >> 1];
}
