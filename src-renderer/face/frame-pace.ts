import type { FrameMaker } from './face-driver.ts';

/** Which of a face's regular moments are drawn. */
export interface FramePace {
  /** Asked once for each moment, in order. */
  isDue(atMs: number): boolean;
  /** The next moment is drawn, whatever came before. */
  restart(): void;
}

/**
 * A face without quick movement is drawn at a part of its rate. Breathing moves by a third of a pixel between two of these pictures; without a graphics
 * card each costs the processor 30 ms.
 */
const IDLE_EVERY = { hardware: 2, software: 3 };
/** While an answer is awaited from the processor that draws, each picture delays it by what it costs. Not in the middle of a blink, if possible. */
const AWAITED_EVERY = 10;
const AWAITED_AT_LEAST_EVERY = 15;

export function createFramePace(frames: FrameMaker, options: { periodMs: number; isDrawnBySoftware: boolean }): FramePace {
  const { periodMs, isDrawnBySoftware } = options;
  const idleEvery = IDLE_EVERY[isDrawnBySoftware ? 'software' : 'hardware'];
  let moments = Infinity;
  return {
    isDue(atMs) {
      moments += 1;
      const isQuiet = (frames.quickAtMs?.(atMs) ?? atMs) > atMs + periodMs;
      const isAwaited = frames.isAwaitedAt?.(atMs) === true;
      const every = isAwaited ? (isQuiet ? AWAITED_EVERY : AWAITED_AT_LEAST_EVERY) : isQuiet ? idleEvery : 1;
      if (moments < every) return false;
      moments = 0;
      return true;
    },
    restart: () => (moments = Infinity),
  };
}
