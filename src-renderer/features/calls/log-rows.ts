import type { CallLogEntry } from '../../../src-preload/contract/index.ts';

/** A day of the log. */
export interface LogDay {
  id: string;
  atMs: number;
  entries: CallLogEntry[];
}

/** Newest first in; days of the reader's clock out, in the same order. */
export function byDay(entries: readonly CallLogEntry[]): LogDay[] {
  const days: LogDay[] = [];
  for (const entry of entries) {
    const id = new Date(entry.call.startedAtMs).toDateString();
    const last = days.at(-1);
    if (last?.id === id) last.entries.push(entry);
    else days.push({ id, atMs: entry.call.startedAtMs, entries: [entry] });
  }
  return days;
}

/** Somebody called and got nobody: not even the assistant. */
export function isMissed({ call, answeredBy }: Pick<CallLogEntry, 'call' | 'answeredBy'>): boolean {
  return call.direction === 'in' && answeredBy === null;
}
