/**
 * How much of the full picture is drawn: first the effects go, then the size. The rate of frames stays. Half the size is not among them: it looks coarse,
 * and where the processor draws it hardly gave more frames (decision 0011).
 */
export interface DrawLevel {
  effects: boolean;
  /** Share of the full width and height. */
  scale: number;
}

export const DRAW_LEVELS: readonly DrawLevel[] = [
  { effects: true, scale: 1 },
  { effects: false, scale: 1 },
  { effects: false, scale: 0.75 },
];

/** Watches the cost of frames and says what can be afforded. */
export interface PerformanceGuard {
  /** One frame was drawn: how long that took, and how many frames before it should have been there and were not. True = the level has changed. */
  frame(drawMs: number, droppedFrames: number): boolean;
  level(): DrawLevel;
}

/** Frames that are judged together: two seconds of speech. */
const WINDOW = 50;
/** Share of dropped frames that is too much. */
const TOO_MANY_DROPS = 0.06;
/** Shares of a frame's time: above the first it is too slow, below the second there is room for more. */
const TOO_SLOW = 0.8;
const ROOMY = 0.35;
/** Good windows before more is tried; doubled each time that this was too much. */
const PATIENCE = 10;
const MOST_PATIENCE = 160;

/** `hasEffects` = the character has some: else there is nothing to win by leaving them out. */
export function createPerformanceGuard({ periodMs, hasEffects }: { periodMs: number; hasEffects: boolean }): PerformanceGuard {
  const levels = DRAW_LEVELS.filter((level) => hasEffects || !level.effects);
  let at = 0;
  let draws: number[] = [];
  let drops = 0;
  let badWindows = 0;
  let goodWindows = 0;
  let patience = PATIENCE;
  let justTried = false;

  const change = (step: number): boolean => {
    const next = Math.max(0, Math.min(levels.length - 1, at + step));
    if (next === at) return false;
    if (step > 0 && justTried) patience = Math.min(MOST_PATIENCE, patience * 2);
    justTried = step < 0;
    at = next;
    return true;
  };

  return {
    level: () => levels[at] ?? { effects: false, scale: 1 },
    frame(drawMs, droppedFrames) {
      draws.push(drawMs);
      drops += droppedFrames;
      if (draws.length < WINDOW) return false;
      const slowest = draws.toSorted((left, right) => left - right)[Math.floor(WINDOW * 0.9)] ?? 0;
      const isBad = slowest > TOO_SLOW * periodMs || drops > TOO_MANY_DROPS * WINDOW;
      const isGood = slowest < ROOMY * periodMs && drops <= 1;
      draws = [];
      drops = 0;
      badWindows = isBad ? badWindows + 1 : 0;
      goodWindows = isGood ? goodWindows + 1 : 0;
      // Effects go at once; a smaller picture is seen, so one bad window may have been somebody else's work.
      if (isBad && (levels[at]?.effects === true || badWindows >= 2)) {
        badWindows = 0;
        return change(1);
      }
      if (goodWindows < patience) return false;
      goodWindows = 0;
      const changed = change(-1);
      if (!changed) justTried = false;
      return changed;
    },
  };
}
