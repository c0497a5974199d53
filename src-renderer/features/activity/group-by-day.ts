import type { ToolCall } from '../../../src-preload/contract/index.ts';

/** A day's heading, or one call of it. */
export type ActivityRow = { kind: 'day'; id: string; atMs: number } | { kind: 'call'; id: string; call: ToolCall };

/** Newest first in, with a heading in front of each day out. Days are those of the reader's clock. */
export function groupByDay(calls: readonly ToolCall[]): ActivityRow[] {
  const rows: ActivityRow[] = [];
  let day = '';
  for (const call of calls) {
    const own = new Date(call.createdAtMs).toDateString();
    if (own !== day) rows.push({ kind: 'day', id: own, atMs: call.createdAtMs });
    day = own;
    rows.push({ kind: 'call', id: call.id, call });
  }
  return rows;
}
