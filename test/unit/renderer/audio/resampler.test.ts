import { describe, expect, it } from 'vitest';
import { createResampler } from '../../../../src-renderer/audio/resampler.ts';

const RATES: [number, number][] = [
  [48_000, 16_000],
  [44_100, 16_000],
  [96_000, 16_000],
  [8000, 16_000],
  [22_050, 48_000],
  [24_000, 44_100],
  [22_050, 44_100],
];

function sine(frequencyHz: number, rateHz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, index) => Math.sin((2 * Math.PI * frequencyHz * index) / rateHz));
}

function resample(samples: Float32Array, inputRateHz: number, outputRateHz: number, block = samples.length): Float32Array {
  const resampler = createResampler(inputRateHz, outputRateHz);
  const output = new Float32Array(Math.ceil((samples.length * outputRateHz) / inputRateHz) + 512);
  let written = 0;
  for (let start = 0; start < samples.length; start += block) {
    resampler.push(samples, start, Math.min(samples.length, start + block));
    written += resampler.read(output, written, resampler.available());
  }
  resampler.flush();
  written += resampler.read(output, written, resampler.available());
  return output.subarray(0, written);
}

/** Root mean square of the middle, away from the edges' ramps, in decibel against a full sine. */
function loudness(samples: Float32Array): number {
  const middle = samples.subarray(Math.floor(samples.length * 0.2), Math.floor(samples.length * 0.8));
  const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
  return 10 * Math.log10(power * 2 + 1e-12);
}

describe('createResampler', () => {
  it.each(RATES)('keeps the length of a recording when it goes from %i to %i Hz', (inputRateHz, outputRateHz) => {
    const output = resample(sine(440, inputRateHz, 0.5), inputRateHz, outputRateHz);
    expect(Math.abs(output.length - outputRateHz / 2)).toBeLessThanOrEqual(1);
  });

  it.each(RATES)('leaves speech frequencies as loud and as timed as they were from %i to %i Hz', (inputRateHz, outputRateHz) => {
    for (const frequencyHz of [120, 1000, 2900]) {
      const output = resample(sine(frequencyHz, inputRateHz, 0.5), inputRateHz, outputRateHz);
      const expected = sine(frequencyHz, outputRateHz, 0.5);
      const from = Math.floor(output.length * 0.2);
      const worst = Math.max(...output.subarray(from, from * 4).map((sample, index) => Math.abs(sample - (expected[from + index] ?? 0))));
      expect(worst).toBeLessThan(0.01);
    }
  });

  it('removes what would fold back into speech when the rate goes down', () => {
    for (const frequencyHz of [8800, 10_000, 15_000, 23_000]) {
      expect(loudness(resample(sine(frequencyHz, 48_000, 0.5), 48_000, 16_000))).toBeLessThan(-70);
    }
  });

  it('adds no images above the old half rate when the rate goes up', () => {
    const output = resample(sine(7000, 22_050, 0.5), 22_050, 48_000);
    const clean = sine(7000, 48_000, 0.5);
    const from = Math.floor(output.length * 0.2);
    const rest = output.subarray(from, from * 4).map((sample, index) => sample - (clean[from + index] ?? 0));
    expect(loudness(rest)).toBeLessThan(-50);
  });

  it('gives the same samples however the stream is cut', () => {
    const input = sine(700, 44_100, 0.3);
    const whole = resample(input, 44_100, 16_000);
    for (const block of [1, 127, 128, 441, 5000]) expect(resample(input, 44_100, 16_000, block)).toEqual(whole);
  });

  it('hands samples through untouched when the rates are equal', () => {
    const input = sine(700, 16_000, 0.1);
    expect(resample(input, 16_000, 16_000, 100)).toEqual(input);
  });
});
