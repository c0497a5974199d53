import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler, resample } from '../../../../src-main/platform/audio/index.ts';

const tone = (frequencyHz: number, sampleRateHz: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => 0.5 * Math.sin((2 * Math.PI * frequencyHz * index) / sampleRateHz));

/** Largest difference from the ideal tone, away from both ends, in dB below the tone. */
function errorDecibels(actual: Float32Array, frequencyHz: number, sampleRateHz: number): number {
  const ideal = tone(frequencyHz, sampleRateHz, actual.length);
  let worst = 0;
  for (let index = 200; index < actual.length - 200; index += 1)
    worst = Math.max(worst, Math.abs((actual[index] ?? 0) - (ideal[index] ?? 0)));
  return 20 * Math.log10(worst / 0.5);
}

describe('createResampler', () => {
  const rates = [
    [48_000, 16_000],
    [44_100, 16_000],
    [22_050, 16_000],
    [8_000, 16_000],
    [16_000, 48_000],
    [16_000, 44_100],
    [24_000, 22_050],
    [44_101, 16_000],
  ] as const;

  it.each(rates)('keeps a tone in the pass band unchanged in level and time when going from %i to %i Hz', (from, to) => {
    const frequencyHz = Math.min(from, to) * 0.39;
    const output = resample(tone(frequencyHz, from, from / 4), from, to);
    expect(errorDecibels(output, frequencyHz, to)).toBeLessThan(-75);
  });

  it.each(rates.filter(([from, to]) => from > to))('removes a tone above the new half rate when going from %i to %i Hz', (from, to) => {
    const output = resample(tone(Math.min(to * 0.53, from * 0.49), from, from / 4), from, to);
    const peak = Math.max(...output.subarray(200, -200).map(Math.abs));
    expect(20 * Math.log10(peak / 0.5)).toBeLessThan(-80);
  });

  it('returns as many samples as the duration asks for, and the same ones, however the input is cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...rates.slice(0, 7)),
        fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 12 }),
        ([from, to], sizes) => {
          const total = sizes.reduce((sum, size) => sum + size, 0);
          const input = Float32Array.from({ length: total }, (_, index) => Math.sin(index * 0.7) * Math.cos(index * 0.013));
          const resampler = createResampler(from, to);
          const pieces: number[] = [];
          let start = 0;
          for (const size of sizes) {
            pieces.push(...resampler.push(input.subarray(start, start + size)));
            start += size;
          }
          pieces.push(...resampler.flush());
          expect(pieces.length).toBe(Math.ceil((total * to) / from));
          expect(pieces).toEqual([...resample(input, from, to)]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('starts anew after flush', () => {
    const resampler = createResampler(48_000, 16_000);
    const input = tone(700, 48_000, 4_800);
    const first = [...resampler.push(input), ...resampler.flush()];
    expect([...resampler.push(input), ...resampler.flush()]).toEqual(first);
  });

  it('keeps no more than a filter length of the past however long the stream is', () => {
    const resampler = createResampler(48_000, 16_000);
    let produced = 0;
    for (let second = 0; second < 60; second += 1) produced += resampler.push(new Float32Array(48_000)).length;
    expect(60 * 16_000 - produced).toBeLessThan(100);
  });

  it('copies the samples when both rates are the same', () => {
    const input = tone(440, 16_000, 100);
    const output = createResampler(16_000, 16_000).push(input);
    expect(output).toEqual(input);
    expect(output).not.toBe(input);
  });

  it('refuses rates that are not positive whole numbers', () => {
    expect(() => createResampler(0, 16_000)).toThrow(RangeError);
    expect(() => createResampler(44_100.5, 16_000)).toThrow(RangeError);
  });
});
