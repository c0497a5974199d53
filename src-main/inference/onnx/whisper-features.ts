import { createRealFft } from './real-fft.ts';

/** Sound that the features cover: 8 s at 16 kHz. */
export const FEATURE_SAMPLES = 128_000;
export const FEATURE_BANDS = 80;
export const FEATURE_FRAMES = 800;

const SAMPLE_RATE_HZ = 16_000;
const WINDOW_SAMPLES = 400;
const HOP_SAMPLES = 160;
const BINS = WINDOW_SAMPLES / 2 + 1;
const POWER_FLOOR = 1e-10;
const VARIANCE_FLOOR = 1e-7;
/** Anything this many decades below the loudest point is raised to that level. */
const DYNAMIC_RANGE = 8;

/** Triangular filter of one mel band: `weights` for the bins from `firstBin`. */
interface Band {
  firstBin: number;
  weights: Float64Array;
}

/**
 * Log-mel features as Whisper's feature extractor makes them with `do_normalize`: 80 bands x 800 frames, band by band.
 * The samples are brought to zero mean and unit variance first, zeros in front included, so that loudness does not count.
 */
export interface WhisperFeatures {
  /** `samples`: 16 kHz mono; the last 8 s count, shorter sound gets zeros in front. The result is valid until the next call. */
  compute(samples: Float32Array): Float32Array;
}

export function createWhisperFeatures(): WhisperFeatures {
  const fft = createRealFft(WINDOW_SAMPLES);
  const hann = Float64Array.from({ length: WINDOW_SAMPLES }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW_SAMPLES));
  const bands = melBands();
  const margin = WINDOW_SAMPLES / 2;
  const padded = new Float64Array(FEATURE_SAMPLES + 2 * margin);
  const frame = new Float64Array(WINDOW_SAMPLES);
  const power = new Float64Array(BINS);
  /** In double precision to the end: rounded twice, one value in thirty is off by its last digit, and the int8 layers answer that with another probability. */
  const levels = new Float64Array(FEATURE_BANDS * FEATURE_FRAMES);
  const features = new Float32Array(levels.length);

  return {
    compute(samples) {
      fillNormalized(samples, padded, margin);
      let loudest = Number.NEGATIVE_INFINITY;
      for (let index = 0; index < FEATURE_FRAMES; index += 1) {
        const start = index * HOP_SAMPLES;
        for (let n = 0; n < WINDOW_SAMPLES; n += 1) frame[n] = (padded[start + n] ?? 0) * (hann[n] ?? 0);
        fft.powerSpectrum(frame, power);
        for (const [band, { firstBin, weights }] of bands.entries()) {
          let energy = 0;
          for (let bin = 0; bin < weights.length; bin += 1) energy += (weights[bin] ?? 0) * (power[firstBin + bin] ?? 0);
          const value = Math.log10(Math.max(POWER_FLOOR, energy));
          levels[band * FEATURE_FRAMES + index] = value;
          if (value > loudest) loudest = value;
        }
      }
      const floor = loudest - DYNAMIC_RANGE;
      for (let index = 0; index < levels.length; index += 1) features[index] = (Math.max(levels[index] ?? 0, floor) + 4) / 4;
      return features;
    },
  };
}

/** Writes the last 8 s, normalised, into the middle of `padded` and mirrors `margin` samples at both ends. */
function fillNormalized(samples: Float32Array, padded: Float64Array, margin: number): void {
  const window = new Float32Array(FEATURE_SAMPLES);
  const tail = samples.length > FEATURE_SAMPLES ? samples.subarray(samples.length - FEATURE_SAMPLES) : samples;
  window.set(tail, FEATURE_SAMPLES - tail.length);

  // In single precision and in numpy's order of summation, because smart-turn's int8 layers answer a last-digit difference with other probabilities.
  const mean = Math.fround(pairwiseSum(window, 0, FEATURE_SAMPLES) / FEATURE_SAMPLES);
  const squares = new Float32Array(FEATURE_SAMPLES);
  for (let index = 0; index < FEATURE_SAMPLES; index += 1) {
    const distance = Math.fround((window[index] ?? 0) - mean);
    squares[index] = distance * distance;
  }
  const variance = Math.fround(pairwiseSum(squares, 0, FEATURE_SAMPLES) / FEATURE_SAMPLES);
  const deviation = Math.fround(Math.sqrt(Math.fround(variance + VARIANCE_FLOOR)));
  for (let index = 0; index < FEATURE_SAMPLES; index += 1)
    padded[margin + index] = Math.fround(Math.fround((window[index] ?? 0) - mean) / deviation);

  const last = margin + FEATURE_SAMPLES - 1;
  for (let distance = 1; distance <= margin; distance += 1) {
    padded[margin - distance] = padded[margin + distance] ?? 0;
    padded[last + distance] = padded[last - distance] ?? 0;
  }
}

const PAIRWISE_BLOCK = 128;

/** Single-precision sum of `length` values (a multiple of 8): halves are summed apart, blocks in eight lanes. */
function pairwiseSum(values: Float32Array, start: number, length: number): number {
  if (length > PAIRWISE_BLOCK) {
    const half = Math.floor(length / 2);
    const left = half - (half % 8);
    return Math.fround(pairwiseSum(values, start, left) + pairwiseSum(values, start + left, length - left));
  }
  const lanes = values.slice(start, start + 8);
  for (let index = 8; index < length; index += 1) lanes[index & 7] = (lanes[index & 7] ?? 0) + (values[start + index] ?? 0);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = lanes;
  return add(add(add(a, b), add(c, d)), add(add(e, f), add(g, h)));
}

function add(left: number, right: number): number {
  return Math.fround(left + right);
}

/** Slaney's mel scale: linear below 1 kHz, logarithmic above; each triangle has unit area. */
function melBands(): Band[] {
  const lowest = hertzToMel(0);
  const highest = hertzToMel(SAMPLE_RATE_HZ / 2);
  const corners = Array.from({ length: FEATURE_BANDS + 2 }, (_, index) =>
    melToHertz(lowest + ((highest - lowest) * index) / (FEATURE_BANDS + 1)),
  );
  return Array.from({ length: FEATURE_BANDS }, (_, band) => {
    const [low = 0, center = 0, high = 0] = corners.slice(band, band + 3);
    const weights = Array.from({ length: BINS }, (_unused, bin) => {
      const hertz = (bin * SAMPLE_RATE_HZ) / WINDOW_SAMPLES;
      const height = Math.max(0, Math.min((hertz - low) / (center - low), (high - hertz) / (high - center)));
      return (height * 2) / (high - low);
    });
    const firstBin = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    const lastBin = weights.findLastIndex((weight) => weight > 0);
    return { firstBin, weights: Float64Array.from(weights.slice(firstBin, lastBin + 1)) };
  });
}

const LOG_START_HERTZ = 1000;
const LOG_START_MEL = 15;
const MEL_PER_HERTZ = 3 / 200;
const LOG_STEP = Math.log(6.4) / 27;

function hertzToMel(hertz: number): number {
  return hertz < LOG_START_HERTZ ? hertz * MEL_PER_HERTZ : LOG_START_MEL + Math.log(hertz / LOG_START_HERTZ) / LOG_STEP;
}

function melToHertz(mel: number): number {
  return mel < LOG_START_MEL ? mel / MEL_PER_HERTZ : LOG_START_HERTZ * Math.exp(LOG_STEP * (mel - LOG_START_MEL));
}
