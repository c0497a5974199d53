import type { CallLogEntry } from '../../../src-preload/contract/index.ts';

/** A day's heading, or one call of it. */
export type LogRow = { kind: 'day'; id: string; atMs: number } | { kind: 'call'; id: string; entry: CallLogEntry };

/** Newest first in, with a heading in front of each day out. Days are those of the reader's clock. */
export function logRows(entries: readonly CallLogEntry[]): LogRow[] {
  const rows: LogRow[] = [];
  let day = '';
  for (const entry of entries) {
    const { id, startedAtMs } = entry.call;
    const own = new Date(startedAtMs).toDateString();
    if (own !== day) rows.push({ kind: 'day', id: own, atMs: startedAtMs });
    day = own;
    rows.push({ kind: 'call', id, entry });
  }
  return rows;
}
