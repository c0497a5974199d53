import type { Clock } from '../../../base/clock.ts';

const HOUR_MS = 3_600_000;

/** Counts the calls that the assistant places. */
export interface HourlyLimit {
  /** Counts one more; false = there have been as many as may be. */
  take(most: number): boolean;
}

export function createHourlyLimit(clock: Pick<Clock, 'nowMs'>): HourlyLimit {
  let taken: number[] = [];
  return {
    take(most) {
      const nowMs = clock.nowMs();
      taken = taken.filter((atMs) => nowMs - atMs < HOUR_MS);
      if (taken.length >= most) return false;
      taken.push(nowMs);
      return true;
    },
  };
}
