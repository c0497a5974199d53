import { describe, expect, it } from 'vitest';
import { mayCueSound } from '../../../../src-renderer/audio/cues.ts';

function at(hour: number): Date {
  return new Date(2026, 10, 24, hour);
}

describe('mayCueSound', () => {
  it('is silent at night when set to the day', () => {
    expect([6, 7, 12, 21, 22, 23, 0].map((hour) => mayCueSound('by-day', at(hour)))).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('follows "never" and "always" at any hour', () => {
    expect([mayCueSound('never', at(12)), mayCueSound('always', at(3))]).toEqual([false, true]);
  });
});
