import { describe, expect, it } from 'vitest';
import { chartDay, weeksOf } from '../../../../src-renderer/features/calls/chart-days.ts';
import { fakeStatistics } from '../../../doubles/fake-core-phone-data.ts';

describe('weeksOf', () => {
  it('makes whole weeks that end with the last day, and leaves the rest at the beginning out', () => {
    const { days } = fakeStatistics(16);
    const weeks = weeksOf(days);
    expect(weeks.map(({ day }) => day)).toEqual([days[2]?.day, days[9]?.day]);
    expect(weeks[1]?.incoming).toBe(days.slice(9).reduce((sum, day) => sum + day.incoming, 0));
  });
});

describe('chartDay', () => {
  it('is that day in every time zone', () => {
    expect(chartDay('en', '2026-11-30')).toBe('Nov 30');
    expect(chartDay('de-formal', '2026-01-01')).toBe('1. Jan.');
  });
});
