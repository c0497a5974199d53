import { levelDecibels } from '../../../platform/audio/index.ts';
import { FRAME_MS } from './leg-line.ts';
import { fade } from './utterance-player.ts';

/**
 * Keeps what comes in step with the wall clock: the recogniser counts samples, and takes their number for time. Late and lost packets make gaps, which
 * are filled after a while, with the last frame dying away, then with silence; what comes late all the same is kept, and pauses are shortened until both are
 * in step again. A buffer in front, as a loudspeaker needs, would only add its depth to every answer: so nothing is held back, and the patience grows
 * with the jitter that is seen.
 */
export interface InputTimeline {
  /** A frame has come. */
  push(frame: Float32Array, nowMs: number): void;
  /** Once per 20 ms. */
  tick(nowMs: number): void;
}

const SHORTEST_PATIENCE_MS = 60;
const LONGEST_PATIENCE_MS = 240;
/** So much ahead of the clock, quiet frames are left out. */
const MAX_AHEAD_MS = 60;
const QUIET_DECIBELS = -50;
/** Frames that sound like the last one before there is silence. */
const CONCEALED_FRAMES = 2;
/** Patience goes back by this share with each frame that is on time. */
const CALM = 0.995;

export function createInputTimeline(rateHz: number, startMs: number, deliver: (frame: Float32Array) => void): InputTimeline {
  /** Up to which moment sound was delivered. */
  let deliveredMs = startMs;
  let lastArrivalMs = startMs;
  let jitterMs = 0;
  let last: Float32Array = new Float32Array(0);
  let concealed = CONCEALED_FRAMES;
  const durationMs = (frame: Float32Array): number => (frame.length / rateHz) * 1000;

  const pass = (frame: Float32Array): void => {
    deliveredMs += durationMs(frame);
    deliver(frame);
  };

  const conceal = (): Float32Array => {
    if (concealed >= CONCEALED_FRAMES || last.length === 0) return new Float32Array(Math.round(rateHz / 50));
    concealed += 1;
    const copy = last.map((sample) => sample * (concealed === 1 ? 0.7 : 0.3));
    if (concealed === CONCEALED_FRAMES) fade(copy, 'out');
    return copy;
  };

  return {
    push(frame, nowMs) {
      const lateMs = Math.max(0, nowMs - lastArrivalMs - durationMs(frame));
      // A longer one is a pause: nobody sent anything.
      jitterMs = Math.max(jitterMs * CALM, lateMs > LONGEST_PATIENCE_MS ? 0 : lateMs);
      lastArrivalMs = nowMs;
      last = frame;
      concealed = 0;
      const isAhead = deliveredMs + durationMs(frame) - nowMs > MAX_AHEAD_MS;
      if (isAhead && levelDecibels(frame) < QUIET_DECIBELS) return;
      pass(frame);
    },
    tick(nowMs) {
      const patienceMs = Math.min(LONGEST_PATIENCE_MS, SHORTEST_PATIENCE_MS + jitterMs);
      for (let missing = Math.ceil((nowMs - deliveredMs - patienceMs) / FRAME_MS); missing > 0; missing -= 1) pass(conceal());
    },
  };
}
