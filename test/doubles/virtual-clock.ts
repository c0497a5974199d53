import type { Clock, Timer } from '../../src-main/base/clock.ts';

/** A clock that stands still until the test moves it. */
export interface VirtualClock extends Clock {
  /** Runs every timer that falls due within `durationMs`, in order, letting promises settle in between. */
  advance(durationMs: number): Promise<void>;
  /** Timers that are waiting; 0 at the end of a test that cleans up. */
  pendingTimers(): number;
}

/** Hours in milliseconds: time jumps from timer to timer. `startMs` is both the monotonic and the calendar start. */
export function createVirtualClock(startMs = 1_000_000): VirtualClock {
  let nowMs = startMs;
  let order = 0;
  const timers = new Set<{ dueMs: number; order: number; run: () => void }>();

  const nextDue = (limitMs: number) =>
    [...timers]
      .filter((timer) => timer.dueMs <= limitMs)
      .toSorted((left, right) => left.dueMs - right.dueMs || left.order - right.order)[0];

  return {
    nowMs: () => nowMs,
    wallMs: () => nowMs,
    after(delayMs, run): Timer {
      order += 1;
      const timer = { dueMs: nowMs + Math.max(0, delayMs), order, run };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    async advance(durationMs) {
      const untilMs = nowMs + durationMs;
      await settlePromises();
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.run();
        await settlePromises();
      }
      nowMs = untilMs;
    },
    pendingTimers: () => timers.size,
  };
}

/** Lets chains of already resolved promises run to their end. */
async function settlePromises(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
