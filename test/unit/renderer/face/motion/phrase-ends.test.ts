import { describe, expect, it } from 'vitest';
import { createPhraseEnds } from '../../../../../src-renderer/face/motion/phrase-ends.ts';

/** Hears stretches of one loudness and returns when phrases ended. */
function ends(stretches: readonly (readonly [durationMs: number, level: number])[]): number[] {
  const hear = createPhraseEnds();
  const found: number[] = [];
  let atMs = 0;
  for (const [durationMs, level] of stretches) {
    for (const endMs = atMs + durationMs; atMs < endMs; atMs += 40) if (hear(atMs, level)) found.push(atMs);
  }
  return found;
}

describe('createPhraseEnds', () => {
  it('hears the end of a phrase a quarter of a second after it, once', () => {
    expect(
      ends([
        [400, 0],
        [1200, 0.6],
        [2000, 0.05],
      ]),
    ).toEqual([1800]);
  });

  it('does not take a gap between two words, a cough or silence for one', () => {
    expect(
      ends([
        [800, 0.6],
        [160, 0.1],
        [800, 0.6],
        [40, 0.1],
      ]),
    ).toEqual([]);
    expect(
      ends([
        [200, 0.9],
        [2000, 0],
      ]),
    ).toEqual([]);
    expect(ends([[5000, 0.02]])).toEqual([]);
  });
});
