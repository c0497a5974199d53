import { describe, expect, it } from 'vitest';
import { logRows } from '../../../../src-renderer/features/calls/log-rows.ts';
import { fakePhoneCall, RECORDS_OF_CALLS } from '../../../doubles/fake-core-phone-data.ts';

const [sample] = RECORDS_OF_CALLS;
if (!sample) throw new Error('There are no records');
const at = (...parts: [number, number, number, number]) => ({
  ...sample,
  call: fakePhoneCall({ startedAtMs: new Date(...parts).getTime() }),
});

describe('logRows', () => {
  it('puts a heading in front of each day of the reader’s clock, and keeps the order', () => {
    const rows = logRows([at(2026, 10, 30, 9), at(2026, 10, 30, 0), at(2026, 10, 29, 23)]);
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'call', 'call', 'day', 'call']);
    expect(logRows([])).toEqual([]);
  });
});
