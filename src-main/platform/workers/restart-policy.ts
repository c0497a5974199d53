/** When a worker that ended by itself may start again. */
export interface RestartPolicy {
  /** Decides after an exit: wait that long, or give up until a human asks. */
  exited(nowMs: number): { decision: 'restart'; delayMs: number } | { decision: 'give-up'; exits: number };
  /** It runs now; a run longer than the window clears the growing delay. */
  running(nowMs: number): void;
  /** Forgets everything that went wrong. */
  reset(): void;
}

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 8000;
const WINDOW_MS = 60_000;
const EXITS_TO_GIVE_UP = 3;

/** Delays of 0.25, 0.5, 1 … 8 s; three exits within a minute open the breaker. */
export function createRestartPolicy(): RestartPolicy {
  let recentExitsMs: number[] = [];
  let streak = 0;
  let runningSinceMs: number | undefined;
  return {
    running(nowMs) {
      runningSinceMs = nowMs;
    },
    exited(nowMs) {
      if (runningSinceMs !== undefined && nowMs - runningSinceMs >= WINDOW_MS) streak = 0;
      runningSinceMs = undefined;
      recentExitsMs = [...recentExitsMs.filter((atMs) => nowMs - atMs < WINDOW_MS), nowMs];
      streak += 1;
      if (recentExitsMs.length >= EXITS_TO_GIVE_UP) return { decision: 'give-up', exits: recentExitsMs.length };
      return { decision: 'restart', delayMs: Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (streak - 1)) };
    },
    reset() {
      recentExitsMs = [];
      streak = 0;
      runningSinceMs = undefined;
    },
  };
}
