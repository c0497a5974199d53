import { describe, expect, it } from 'vitest';
import { groupByDay } from '../../../../src-renderer/features/activity/group-by-day.ts';
import { fakeCall } from '../../../doubles/fake-core-hands-data.ts';

const at = (id: string, ...when: [number, number, number, number, number]) => fakeCall({ id, createdAtMs: new Date(...when).getTime() });

describe('groupByDay', () => {
  it('puts a heading in front of each day of the reader’s clock', () => {
    const rows = groupByDay([at('c', 2026, 4, 3, 0, 1), at('b', 2026, 4, 2, 23, 59), at('a', 2026, 4, 2, 8, 0)]);
    expect(rows.map((row) => (row.kind === 'day' ? 'day' : row.id))).toEqual(['day', 'c', 'day', 'b', 'a']);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  });

  it('has no heading without calls', () => {
    expect(groupByDay([])).toEqual([]);
  });
});
