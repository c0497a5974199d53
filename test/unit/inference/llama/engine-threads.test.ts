import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engineThreads } from '../../../../src-main/inference/llama/engine-threads.ts';

describe('engineThreads', () => {
  it('is half of the logical cores, at least one', () => {
    expect([1, 2, 3, 4, 8, 12].map(engineThreads)).toEqual([1, 1, 1, 2, 4, 6]);
  });

  it('never takes more than eight, and never a core more than the other engines leave', () => {
    assert(
      property(integer({ min: 1, max: 512 }), (cores) => {
        expect(engineThreads(cores)).toBeLessThanOrEqual(Math.min(8, Math.max(1, cores / 2)));
        expect(engineThreads(cores)).toBeLessThanOrEqual(engineThreads(cores + 1));
      }),
    );
  });
});
