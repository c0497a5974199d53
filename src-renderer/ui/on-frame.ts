import { isDrawnBySoftware } from './rendering.ts';

const FRAMES_PER_SECOND = { hardware: 30, software: 12 };
/** A 60 Hz screen's frame comes up to this long after it is asked for. */
const SCREEN_FRAME_MS = 1000 / 60;

/**
 * Calls back with some of the screen's frames until the returned function is called. For meters and the ring: more of them look no better and cost the
 * voice its processor. In between no frame is asked for, for one in which nothing is drawn costs as well.
 */
export function onFrame(draw: (nowMs: number) => void): () => void {
  const restMs = 1000 / FRAMES_PER_SECOND[isDrawnBySoftware() ? 'software' : 'hardware'] - SCREEN_FRAME_MS / 2;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let frame = requestAnimationFrame(function tick(nowMs) {
    rest = setTimeout(() => {
      frame = requestAnimationFrame(tick);
    }, restMs);
    draw(nowMs);
  });
  return () => {
    clearTimeout(rest);
    cancelAnimationFrame(frame);
  };
}
