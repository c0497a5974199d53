import { describe, expect, it } from 'vitest';
import { frameRates } from '../../bench/frame-times.ts';

const even = (count: number, apartMs: number): number[] => Array.from({ length: count }, (_value, index) => index * apartMs);

describe('frameRates', () => {
  it('counts a steady rate in each whole second', () => {
    expect(frameRates(even(76, 40), 40)).toEqual({ perSecond: [25, 25, 25], wanted: 75, dropped: 0 });
  });

  it('takes the steps of a 60 Hz screen for no drop', () => {
    const steps = [0, 33, 83, 117, 167, 200, 250, 283, 333, 367, 400];
    expect(frameRates(steps, 40)).toEqual({ perSecond: [], wanted: 10, dropped: 0 });
  });

  it('counts what is missing in a gap', () => {
    expect(frameRates([0, 40, 80, 200, 240], 40)).toEqual({ perSecond: [], wanted: 6, dropped: 2 });
  });

  it('shows a second that is slower than the others', () => {
    expect(frameRates([...even(26, 40), ...even(10, 100).map((time) => 1100 + time), 2000.5], 40).perSecond).toEqual([25, 10]);
  });

  it('says nothing about nothing', () => {
    expect(frameRates([], 40)).toEqual({ perSecond: [], wanted: 0, dropped: 0 });
  });
});
