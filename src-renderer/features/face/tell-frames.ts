import type { MotionFrame } from '../../../src-preload/contract/index.ts';
import type { FrameMaker } from '../../face/face-driver.ts';
import type { FramePace } from '../../face/frame-pace.ts';

/** Told nothing for longer, a window eases its face to rest, because nobody seems to be there any more: see received-frames.ts. */
const SIGN_OF_LIFE_MS = 200;

/**
 * Tells another window the frames of a face. To be called at each regular moment: what is due is made and told, and a face that holds still is told again
 * often enough to be believed.
 */
export function createFrameTeller(frames: FrameMaker, pace: FramePace, tell: (frame: MotionFrame) => void): (atMs: number) => void {
  let last: MotionFrame | undefined;
  let toldAtMs = -Infinity;
  return (atMs) => {
    const isDue = pace.isDue(atMs);
    if (!isDue && atMs - toldAtMs < SIGN_OF_LIFE_MS) return;
    if (isDue || !last) last = frames.frameAt(atMs);
    toldAtMs = atMs;
    tell(last);
  };
}
