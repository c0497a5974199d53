/** `2026-03-29` for a moment, as the calendar on the owner's wall shows it. */
export type DayReader = (atMs: number) => string;

/** `timeZone`: IANA name; undefined = that of this computer. One formatter for many moments: making one takes longer than a thousand uses. */
export function createDayReader(timeZone?: string): DayReader {
  const format = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    return `${(parts.get('year') ?? '').padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
  };
}

/** The date so many days later. Counted on the calendar, not in hours: a local day has 23 to 25 of them, and some dates never were. */
export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}
