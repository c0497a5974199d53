import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../../src-renderer/face/motion/random.ts';

const draw = (seed: number, name: string): number[] => {
  const random = createRandom(seed, name);
  return Array.from({ length: 5 }, () => random.next());
};

describe('createRandom', () => {
  it('repeats itself for a seed and a name, and differs in both', () => {
    expect(draw(1, 'blinks')).toEqual(draw(1, 'blinks'));
    expect(draw(1, 'blinks')).not.toEqual(draw(2, 'blinks'));
    expect(draw(1, 'blinks')).not.toEqual(draw(1, 'glances'));
  });

  it('spreads evenly', () => {
    const random = createRandom(3, 'spread');
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let count = 0; count < 10_000; count += 1) {
      const tenth = Math.floor(random.next() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(850);
    expect(Math.max(...tenths)).toBeLessThan(1150);
  });
});
