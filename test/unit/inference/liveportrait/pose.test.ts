import { describe, expect, it } from 'vitest';
import { degreesOf, multiply, placeKeypoints, rotationOf } from '../../../../src-main/inference/liveportrait/pose.ts';

const bins = (scores: Record<number, number>): Float32Array => Float32Array.from({ length: 66 }, (_, bin) => scores[bin] ?? -1000);
const rounded = (values: Iterable<number>): number[] => Array.from(values, (value) => Math.round(value * 1e6) / 1e6 + 0);
const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];

describe('degreesOf', () => {
  it('reads the ends and the middle of the range, and weighs bins by their share', () => {
    expect(degreesOf(bins({ 0: 0 }))).toBeCloseTo(-97.5);
    expect(degreesOf(bins({ 65: 0 }))).toBeCloseTo(97.5);
    expect(degreesOf(bins({ 32: 4, 33: 4 }))).toBeCloseTo(0);
    // Shares 1/4 and 3/4 of bins 30 and 40: 37.5 · 3 − 97.5.
    expect(degreesOf(bins({ 30: 0, 40: Math.log(3) }))).toBeCloseTo(15);
    expect(degreesOf(new Float32Array(66))).toBeCloseTo(0);
  });

  it('does not overflow with large scores', () => {
    expect(degreesOf(bins({ 33: 5000 }))).toBeCloseTo(1.5);
  });
});

describe('rotationOf', () => {
  it('turns rows by a quarter about each axis as (Rz·Ry·Rx)ᵀ does', () => {
    expect(rounded(rotationOf({ pitch: 0, yaw: 0, roll: 0 }))).toEqual(identity);
    expect(rounded(rotationOf({ pitch: 90, yaw: 0, roll: 0 }))).toEqual([1, 0, 0, 0, 0, 1, 0, -1, 0]);
    expect(rounded(rotationOf({ pitch: 0, yaw: 90, roll: 0 }))).toEqual([0, 0, -1, 0, 1, 0, 1, 0, 0]);
    expect(rounded(rotationOf({ pitch: 0, yaw: 0, roll: 90 }))).toEqual([0, 1, 0, -1, 0, 0, 0, 0, 1]);
  });

  it('turns about x first, then y, then z', () => {
    const all = rotationOf({ pitch: 10, yaw: 20, roll: 30 });
    const [x, y, z] = [
      rotationOf({ pitch: 10, yaw: 0, roll: 0 }),
      rotationOf({ pitch: 0, yaw: 20, roll: 0 }),
      rotationOf({ pitch: 0, yaw: 0, roll: 30 }),
    ];
    expect(rounded(multiply(multiply(x, y), z))).toEqual(rounded(all));
  });
});

describe('placeKeypoints', () => {
  it('gives scale · (keypoint · rotation + expression) + shift, and leaves the depth unshifted', () => {
    const keypoints = new Float32Array(63);
    keypoints.set([1, 2, 3]);
    const expression = new Float32Array(63);
    expression.set([0.5, 0, -1]);
    const rotation = rotationOf({ pitch: 0, yaw: 0, roll: 90 });
    const placed = placeKeypoints({ keypoints, rotation, expression, scale: 2, shift: [10, 20] });
    // (1, 2, 3) turns to (−2, 1, 3).
    expect(rounded(placed.subarray(0, 6))).toEqual([2 * (-2 + 0.5) + 10, 2 * 1 + 20, 2 * (3 - 1), 10, 20, 0]);
  });
});
