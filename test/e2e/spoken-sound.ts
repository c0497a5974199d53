import { joinSamples } from '../../src-main/platform/audio/index.ts';
import { firstAudible, lastAudible } from '../bench/audio.ts';

/** Sound of any length, 16 kHz mono, and when the page had its last sample (ms since the epoch, the page's clock). */
export interface HeardBlock {
  atMs: number;
  samples: Float32Array;
}

const SAMPLES_PER_MS = 16;
/** About -46 dBFS, as in test/bench/audio.ts. */
const AUDIBLE = 0.005;

/** One stretch of sound from blocks. */
export function soundOf(blocks: readonly HeardBlock[]): Float32Array {
  return joinSamples(blocks.map(({ samples }) => samples));
}

/** What was heard between two moments. */
export function soundBetween(blocks: readonly HeardBlock[], fromMs: number, toMs: number): Float32Array {
  return soundOf(blocks.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs));
}

/** The same with no silence longer than `longestMs`: a machine that is busy makes gaps, in words as well. */
export function withoutGaps(sound: Float32Array, longestMs = 200): Float32Array {
  const kept: number[] = [];
  let silent = 0;
  for (const sample of sound) {
    silent = Math.abs(sample) > AUDIBLE ? 0 : silent + 1;
    if (silent <= longestMs * SAMPLES_PER_MS) kept.push(sample);
  }
  return Float32Array.from(kept);
}

/** When the first audible sample from `fromMs` on was there; Infinity when there is none. */
export function audibleFrom(blocks: readonly HeardBlock[], fromMs: number): number {
  for (const { atMs, samples } of blocks) {
    const index = firstAudible(samples);
    if (atMs >= fromMs && index < samples.length) return atMs - (samples.length - index) / SAMPLES_PER_MS;
  }
  return Infinity;
}

/** When the last audible sample before `beforeMs` was there; -Infinity when there was none. */
export function audibleUntil(blocks: readonly HeardBlock[], beforeMs: number): number {
  const last = blocks.findLast(({ atMs, samples }) => atMs <= beforeMs && lastAudible(samples) > 0);
  return last === undefined ? -Infinity : last.atMs - (last.samples.length - lastAudible(last.samples)) / SAMPLES_PER_MS;
}

/** When the last audible sample was there before a silence of at least `silenceMs`, looking from `fromMs` on; `fromMs` when it is silent already. */
export function silentFrom(blocks: readonly HeardBlock[], fromMs: number, silenceMs: number): number {
  let lastMs = fromMs;
  for (const { atMs, samples } of blocks) {
    const end = lastAudible(samples);
    if (atMs < fromMs || end === 0) continue;
    if (atMs - lastMs > silenceMs) break;
    lastMs = atMs - (samples.length - end) / SAMPLES_PER_MS;
  }
  return lastMs;
}

/** When sound came back after a silence of at least `silenceMs`; Infinity when it did not. */
export function onsetAfterSilence(blocks: readonly HeardBlock[], silenceMs: number): number {
  const silentAtMs = silentFrom(blocks, audibleFrom(blocks, 0), silenceMs);
  return audibleFrom(blocks, silentAtMs + silenceMs);
}

/** The likeness of two voices' beginnings (0 = nothing in common, 1 = the same sound), wherever in the first moments they begin. */
export function likeness(left: Float32Array, right: Float32Array): number {
  const first = fromFirstSound(left);
  const second = fromFirstSound(right);
  let best = 0;
  for (let lag = -MAX_LAG_SAMPLES; lag <= MAX_LAG_SAMPLES; lag += 1) best = Math.max(best, correlation(first, second, lag));
  return best;
}

const COMPARED_SAMPLES = 500 * SAMPLES_PER_MS;
const MAX_LAG_SAMPLES = 30 * SAMPLES_PER_MS;

function fromFirstSound(sound: Float32Array): Float32Array {
  const start = firstAudible(sound);
  return sound.subarray(start, start + COMPARED_SAMPLES);
}

function correlation(left: Float32Array, right: Float32Array, lag: number): number {
  let product = 0;
  let leftPower = 0;
  let rightPower = 0;
  for (let index = Math.max(0, -lag); index < Math.min(left.length, right.length - lag); index += 1) {
    const [a, b] = [left[index] ?? 0, right[index + lag] ?? 0];
    product += a * b;
    leftPower += a * a;
    rightPower += b * b;
  }
  return Math.abs(product) / Math.sqrt(leftPower * rightPower || 1);
}
