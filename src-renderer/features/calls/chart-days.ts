import type { PhoneStatistics } from '../../../src-preload/contract/index.ts';

export type ChartDay = PhoneStatistics['days'][number];

/** Days of a long time as weeks, each named by its first day; the last week ends with the last day and all are whole, so that no bar is short by itself. */
export function weeksOf(days: readonly ChartDay[]): ChartDay[] {
  const weeks: ChartDay[] = [];
  for (let end = days.length; end > 0; end -= 7) {
    const week = days.slice(Math.max(0, end - 7), end);
    const [first] = week;
    if (!first || week.length < 7) break;
    weeks.unshift({
      day: first.day,
      incoming: sum(week, 'incoming'),
      outgoing: sum(week, 'outgoing'),
      missed: sum(week, 'missed'),
    });
  }
  return weeks;
}

function sum(days: readonly ChartDay[], key: 'incoming' | 'outgoing' | 'missed'): number {
  return days.reduce((total, day) => total + day[key], 0);
}

/** `2026-11-30` → "30 Nov", whatever zone this computer is in. */
export function chartDay(language: string, day: string): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Intl.DateTimeFormat(language.startsWith('de') ? 'de' : language, { day: 'numeric', month: 'short' }).format(
    new Date(year, month - 1, date),
  );
}
