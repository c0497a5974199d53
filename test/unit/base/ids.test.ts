import { afterEach, describe, expect, it, vi } from 'vitest';
import { createId } from '../../../src-main/base/ids.ts';

afterEach(() => void vi.useRealTimers());

describe('createId', () => {
  it('is its prefix, the time and chance, of letters and digits only', () => {
    expect(createId('message')).toMatch(/^message_[0-9a-z]{21}$/);
  });

  it('never comes twice, also within a millisecond', () => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    expect(new Set(Array.from({ length: 5000 }, () => createId('m'))).size).toBe(5000);
  });

  it('sorts by the time of its making, now and for centuries', () => {
    const times = [0, 1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000, 2_900_000_000_000, 20_000_000_000_000];
    const ids = times.map((now) => {
      vi.useFakeTimers({ now });
      return createId('m');
    });
    expect(ids).toEqual(ids.toSorted());
  });
});
