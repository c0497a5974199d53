import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../../src-main/base/seeded-random.ts';

const numbers = (seed: string, count = 1000): number[] => {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, random);
};

describe('createSeededRandom', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    expect(numbers('utt_1', 20)).toEqual(numbers('utt_1', 20));
    expect(numbers('utt_1', 20)).not.toEqual(numbers('utt_2', 20));
  });

  it('spreads them evenly between 0 and 1', () => {
    const list = numbers('', 10_000);
    expect(list.every((value) => value >= 0 && value < 1)).toBe(true);
    const tenths = Array.from({ length: 10 }, (_, tenth) => list.filter((value) => Math.floor(value * 10) === tenth).length);
    expect(tenths.every((count) => count > 850 && count < 1150)).toBe(true);
  });
});
