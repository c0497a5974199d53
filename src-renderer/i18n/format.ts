/** Numbers as people say them. `language` is an i18next language; `de-formal` counts like German. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** "2.1 GB", "350 MB"; powers of 1000, as disks and downloads are sold. */
export function formatBytes(language: string, bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  const fractionDigits = (power === 2 && value < 10) || (power > 2 && value < 100) ? 1 : 0;
  return new Intl.NumberFormat(localeOf(language), {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: fractionDigits,
  }).format(value);
}

/** "3 minutes", "40 seconds", "2 hours": one unit, rounded as one would guess. */
export function formatDuration(language: string, seconds: number): string {
  const [value, unit] =
    seconds < 55
      ? ([Math.max(5, Math.ceil(seconds / 5) * 5), 'second'] as const)
      : seconds < 3300
        ? ([Math.ceil(seconds / 60), 'minute'] as const)
        : ([Math.ceil(seconds / 3600), 'hour'] as const);
  return new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** One decimal: "0.4". */
export function formatSeconds(language: string, milliseconds: number): string {
  return new Intl.NumberFormat(localeOf(language), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(milliseconds / 1000);
}

/** As a recorder counts: minutes and seconds, `1:05`. The same in every language. */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function formatNumber(language: string, value: number, fractionDigits: number): string {
  return new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: fractionDigits }).format(value);
}

/** Time of day. */
export function formatTime(language: string, atMs: number): string {
  return new Intl.DateTimeFormat(localeOf(language), { hour: 'numeric', minute: '2-digit' }).format(atMs);
}

export function formatDateTime(language: string, atMs: number): string {
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short' }).format(atMs);
}

/** A day as a heading: "Today", "Yesterday", "Friday, 3 May", with the year when it is another one. */
export function formatDay(language: string, atMs: number, nowMs: number): string {
  const locale = localeOf(language);
  const days = Math.round((startOfDay(nowMs) - startOfDay(atMs)) / 86_400_000);
  if (days === 0 || days === 1) {
    const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
    return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
  }
  const year = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year }).format(atMs);
}

function startOfDay(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}

/** When a conversation was last touched: the time today, the weekday within a week, else the date. */
export function formatWhen(language: string, atMs: number, nowMs: number): string {
  const locale = localeOf(language);
  const at = new Date(atMs);
  const now = new Date(nowMs);
  if (at.toDateString() === now.toDateString()) return formatTime(language, atMs);
  if (nowMs - atMs < 6 * 86_400_000) return new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(at);
  const year = at.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year }).format(at);
}

/** Names of languages in the reader's own: "German, English". */
export function formatLanguages(language: string, codes: readonly string[]): string {
  const names = new Intl.DisplayNames(localeOf(language), { type: 'language' });
  return codes.map((code) => names.of(code) ?? code).join(', ');
}

function localeOf(language: string): string {
  return language.startsWith('de') ? 'de' : language;
}
