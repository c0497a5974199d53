import { describe, expect, it } from 'vitest';
import { byDay, isMissed } from '../../../../src-renderer/features/calls/log-rows.ts';
import { fakePhoneCall, RECORDS_OF_CALLS } from '../../../doubles/fake-core-phone-data.ts';

const [sample] = RECORDS_OF_CALLS;
if (!sample) throw new Error('There are no records');
const at = (...parts: [number, number, number, number]) => ({
  ...sample,
  call: fakePhoneCall({ startedAtMs: new Date(...parts).getTime() }),
});

describe('byDay', () => {
  it('begins a new day at midnight of the reader’s clock, and keeps the order', () => {
    const days = byDay([at(2026, 10, 30, 9), at(2026, 10, 30, 0), at(2026, 10, 29, 23)]);
    expect(days.map((day) => day.entries.length)).toEqual([2, 1]);
    expect(byDay([])).toEqual([]);
  });
});

describe('isMissed', () => {
  it('is a call that came in and that nobody took', () => {
    const call = fakePhoneCall();
    expect(isMissed({ call, answeredBy: null })).toBe(true);
    expect(isMissed({ call, answeredBy: 'message' })).toBe(false);
    expect(isMissed({ call: { ...call, direction: 'out' }, answeredBy: null })).toBe(false);
  });
});
