import { describe, expect, it } from 'vitest';
import { callClock, lastedMs } from '../../../../src-renderer/features/calls/call-clock.ts';
import { fakePhoneCall } from '../../../doubles/fake-core-phone-data.ts';

describe('callClock', () => {
  it('counts minutes and seconds, and hours from the first one on', () => {
    expect([0, 65_999, 3_599_999, 3_600_000, 3_725_000, -1].map(callClock)).toEqual([
      '0:00',
      '1:05',
      '59:59',
      '1:00:00',
      '1:02:05',
      '0:00',
    ]);
  });
});

describe('lastedMs', () => {
  it('counts talk from the answer on, ringing from the beginning, and nothing after the end', () => {
    const call = fakePhoneCall({ startedAtMs: 1000 });
    expect(lastedMs(call, 5000)).toBe(4000);
    expect(lastedMs({ ...call, answeredAtMs: 3000 }, 5000)).toBe(2000);
    expect(lastedMs({ ...call, answeredAtMs: 3000, endedAtMs: 3500 }, 9000)).toBe(500);
    expect(lastedMs(call, 0)).toBe(0);
  });
});
