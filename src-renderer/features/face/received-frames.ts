import { neutralFrame, type MotionFrame } from '../../../src-preload/contract/motion.ts';
import type { FrameMaker } from '../../face/face-driver.ts';

/** Nothing for so long: nobody sends any more. A face that holds still is told again before, see tell-frames.ts. */
const PATIENCE_MS = 300;
const EASE_MS = 150;

/** The newest frame of another page, to be drawn when this page does. A face that nobody tells anything does not stay with an open mouth: it eases to rest. */
export interface ReceivedFrames extends FrameMaker {
  /** `nowMs` is of `performance.timeOrigin + performance.now()`. */
  take(frame: MotionFrame, nowMs: number): void;
}

export function createReceivedFrames(): ReceivedFrames {
  let latest = neutralFrame(0);
  let takenAtMs = -Infinity;
  let drawnAtMs = -Infinity;
  /** 0 = at rest, 1 = as it was told. */
  let strength = 1;
  return {
    take(frame, nowMs) {
      [latest, takenAtMs] = [frame, nowMs];
    },
    frameAt(atMs) {
      const step = (atMs - drawnAtMs) / EASE_MS;
      drawnAtMs = atMs;
      strength = atMs - takenAtMs > PATIENCE_MS ? Math.max(0, strength - step) : Math.min(1, strength + step);
      return strength === 1 ? { ...latest, atMs } : eased(latest, strength, atMs);
    },
  };
}

function eased({ weights, head, gaze, breath }: MotionFrame, strength: number, atMs: number): MotionFrame {
  return {
    atMs,
    weights: Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, weight * strength])),
    head: {
      yaw: head.yaw * strength,
      pitch: head.pitch * strength,
      roll: head.roll * strength,
      x: head.x * strength,
      y: head.y * strength,
    },
    gaze: { yaw: gaze.yaw * strength, pitch: gaze.pitch * strength },
    breath: breath * strength,
  };
}
