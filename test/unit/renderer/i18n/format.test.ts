import { describe, expect, it } from 'vitest';
import { formatBytes, formatClock, formatDay, formatDuration, formatLanguages, formatWhen } from '../../../../src-renderer/i18n/format.ts';

/** German sets a narrow space between number and unit. */
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('formatDay', () => {
  const nowMs = new Date(2026, 4, 3, 9, 0).getTime();
  const day = (language: string, ...when: [number, number, number]) => formatDay(language, new Date(...when, 23, 30).getTime(), nowMs);

  it('says today and yesterday, else the date, with the year when it is another one', () => {
    expect([day('en', 2026, 4, 3), day('en', 2026, 4, 2), day('en', 2026, 3, 30), day('en', 2025, 11, 31)]).toEqual([
      'Today',
      'Yesterday',
      'Thursday, April 30',
      'Wednesday, December 31, 2025',
    ]);
    expect([day('de-formal', 2026, 4, 3), day('de', 2026, 4, 2)]).toEqual(['Heute', 'Gestern']);
  });
});

describe('formatBytes', () => {
  it('says sizes as people do, in the reader’s language', () => {
    expect(
      [
        formatBytes('en', 98e6),
        formatBytes('en', 2.14e9),
        formatBytes('de', 2.14e9),
        formatBytes('de-formal', 412e9),
        formatBytes('en', 0),
      ].map(plain),
    ).toEqual(['98 MB', '2.1 GB', '2,1 GB', '412 GB', '0 bytes']);
  });
});

describe('formatDuration', () => {
  it('names one unit, rounded up', () => {
    expect([3, 38, 174, 4000].map((seconds) => formatDuration('en', seconds))).toEqual(['5 seconds', '40 seconds', '3 minutes', '2 hours']);
  });
});

describe('formatWhen', () => {
  it('shows the time today, the day within a week, else the date', () => {
    const now = new Date(2026, 10, 24, 20).getTime();
    expect(plain(formatWhen('en', now - 3_600_000, now))).toBe('7:00 PM');
    expect(formatWhen('de', now - 2 * 86_400_000, now)).toBe('Sonntag');
    expect(formatWhen('en', now - 40 * 86_400_000, now)).toBe('Oct 15');
    expect(formatWhen('en', now - 400 * 86_400_000, now)).toBe('Oct 20, 2025');
  });
});

describe('formatLanguages', () => {
  it('names languages in the reader’s own', () => {
    expect(formatLanguages('de-formal', ['de', 'en'])).toBe('Deutsch, Englisch');
  });
});

describe('formatClock', () => {
  it('counts whole seconds as a recorder does', () => {
    expect([-5, 0, 999, 1000, 59_999, 65_000].map(formatClock)).toEqual(['0:00', '0:00', '0:00', '0:01', '0:59', '1:05']);
  });
});
