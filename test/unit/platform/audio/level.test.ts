import { describe, expect, it } from 'vitest';
import { levelDecibels, quietestPosition, rootMeanSquare, sanitizeSamples } from '../../../../src-main/platform/audio/index.ts';

describe('levelDecibels', () => {
  it('is 0 for a full square wave, -6 for half of it and -100 for silence', () => {
    expect(levelDecibels(new Float32Array(100).fill(1))).toBeCloseTo(0, 3);
    expect(levelDecibels(new Float32Array(100).fill(-0.5))).toBeCloseTo(-6.02, 2);
    expect(levelDecibels(new Float32Array(100))).toBe(-100);
    expect(rootMeanSquare(new Float32Array(0))).toBe(0);
  });
});

describe('quietestPosition', () => {
  it('finds the gap between two words', () => {
    const samples = new Float32Array(16_000).fill(0.3);
    samples.fill(0.001, 9_000, 10_000);
    const position = quietestPosition(samples, 4_000, 16_000, 480);
    expect(position).toBeGreaterThan(9_000);
    expect(position).toBeLessThan(10_000);
  });

  it('stays inside when the stretch is shorter than its window', () => {
    const position = quietestPosition(new Float32Array(100), 50, 100, 480);
    expect(position).toBeGreaterThanOrEqual(0);
  });
});

describe('sanitizeSamples', () => {
  it('silences what is not a number and clips what is too loud, in a copy', () => {
    const input = Float32Array.of(Number.NaN, Infinity, -Infinity, 3, -3, 0.25);
    expect(sanitizeSamples(input)).toEqual(Float32Array.of(0, 0, 0, 1, -1, 0.25));
    expect(input[0]).toBeNaN();
  });
});
