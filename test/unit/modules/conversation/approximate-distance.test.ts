import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approximateDistance } from '../../../../src-main/modules/conversation/approximate-distance.ts';

describe('approximateDistance', () => {
  it.each([
    ['brake', 'thecarhasabrakeinfront', 0],
    ['break', 'thecarhasabrakeinfront', 1],
    ['thecar', 'thecarshave', 0],
    ['xyz', '', 3],
    ['', 'anything', 0],
  ])('finds "%s" in "%s" with %i edits', (needle, haystack, edits) => {
    expect(approximateDistance(needle, haystack)).toBe(edits);
  });

  it('is 0 for every stretch, and never more than the needle is long', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, needle, behind) => {
        expect(approximateDistance(needle, before + needle + behind)).toBe(0);
        expect(approximateDistance(needle, before)).toBeLessThanOrEqual(Array.from(needle).length);
      }),
    );
  });
});
