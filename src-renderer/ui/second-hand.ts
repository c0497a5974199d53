/** The time as clocks that count show it. All read the same hand, so what stands in several places changes in all of them at once. */
export interface SecondHand {
  nowMs(): number;
  /** Told at each step; the hand moves while anybody listens. */
  subscribe(listener: () => void): () => void;
}

/** Fine enough that no second is seen to last longer than the others. */
const STEP_MS = 250;

export function createSecondHand(): SecondHand {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let atMs = 0;
  const step = (): void => {
    atMs = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    nowMs() {
      // A hand that stands is set right by whoever looks first.
      if (timer === undefined) atMs = Date.now();
      return atMs;
    },
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(step, STEP_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
