/** A timer that can be cancelled; cancelling twice does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only way to read time or wait in our own code, so that tests can drive hours of talk in milliseconds.
 * `nowMs` is monotonic within a process and comparable between processes of one machine; `wallMs` is the calendar.
 */
export interface Clock {
  nowMs(): number;
  wallMs(): number;
  after(delayMs: number, run: () => void): Timer;
}

/** The machine's real clock. */
export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};
