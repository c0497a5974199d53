import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import { formatClock } from '../../i18n/format.ts';

/** As a telephone counts: `1:05`, from an hour on `1:02:05`. The same in every language. */
export function callClock(milliseconds: number): string {
  const hours = Math.floor(Math.max(0, milliseconds) / 3_600_000);
  if (hours === 0) return formatClock(milliseconds);
  return `${hours}:${formatClock(milliseconds - hours * 3_600_000).padStart(5, '0')}`;
}

/** How long a call has lasted: talk once it was answered, ringing before. */
export function lastedMs({ startedAtMs, answeredAtMs, endedAtMs }: PhoneCall, nowMs: number): number {
  return Math.max(0, (endedAtMs ?? nowMs) - (answeredAtMs ?? startedAtMs));
}
