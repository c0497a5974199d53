import type { MotionFrame, PortraitFace } from '../../../src-preload/contract/index.ts';

/*
 * Turns of the head as a rigid body before a pinhole camera. The constants were fitted to rendered people who turn by known angles (yaw ±12°,
 * pitch 8°, roll 8°): where the neck turns, and how far the camera is.
 */

/** Where the head turns, in the face's measure, from between the eyes of a face that looks straight ahead. */
export const PIVOT = { y: 0.81, z: 1.12 };
/** Distance of the camera from the outer eye corners, and the height at which it looks, in the face's measure. */
const CAMERA = { distance: 15.4, y: 0.05 };
/** At most this, degrees: further, a flat picture has nothing to show. */
const MOST = { yaw: 28, pitch: 22, roll: 25 };

export interface HeadPose {
  set(head: MotionFrame['head']): void;
  /** Moves a point in the face's measure; `weight` 0 = stays, 1 = goes with the head. Writes x, y to `out` at `index` × 2. */
  apply(x: number, y: number, z: number, weight: number, out: Float32Array, index: number): void;
}

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** Rows of a rotation. Signs as in `MotionFrame.head`; z grows away from the viewer. */
function rotation(yawDegrees: number, pitchDegrees: number, rollDegrees: number): Matrix {
  const [yaw, pitch, roll] = [yawDegrees, pitchDegrees, rollDegrees].map((angle) => (angle * Math.PI) / 180) as [number, number, number];
  const [cy, sy, cp, sp, cr, sr] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch), Math.cos(roll), Math.sin(roll)];
  // Rz · Ry · Rx
  return [
    cr * cy,
    sr * cp - cr * sy * sp,
    -sr * sp - cr * sy * cp,
    -sr * cy,
    cr * cp + sr * sy * sp,
    sr * sy * cp - cr * sp,
    sy,
    cy * sp,
    cy * cp,
  ];
}

/** Exact up to 60 % of the limit; beyond, a turn slows down instead of stopping. */
function limited(value: number, most: number): number {
  const free = 0.6 * most;
  const over = Math.abs(value) - free;
  return over <= 0 ? value : Math.sign(value) * (free + (most - free) * Math.tanh(over / (most - free)));
}

export function createHeadPose(face: PortraitFace): HeadPose {
  const own = rotation(face.pose.yaw, face.pose.pitch, 0);
  const pivotX = own[1] * PIVOT.y + own[2] * PIVOT.z;
  const pivotY = own[4] * PIVOT.y + own[5] * PIVOT.z;
  const pivotZ = own[7] * PIVOT.y + own[8] * PIVOT.z;
  let turn: Matrix = rotation(0, 0, 0);
  let [shiftX, shiftY, still] = [0, 0, true];
  return {
    set(head) {
      turn = rotation(limited(head.yaw, MOST.yaw), limited(head.pitch, MOST.pitch), limited(head.roll, MOST.roll));
      [shiftX, shiftY] = [head.x, head.y];
      still = head.yaw === 0 && head.pitch === 0 && head.roll === 0 && head.x === 0 && head.y === 0;
    },
    apply(x, y, z, weight, out, index) {
      if (still || weight === 0) {
        out[index * 2] = x;
        out[index * 2 + 1] = y;
        return;
      }
      const away = (CAMERA.distance + z) / CAMERA.distance;
      const [dx, dy, dz] = [x * away - pivotX, (y - CAMERA.y) * away + CAMERA.y - pivotY, z - pivotZ];
      const nearer = CAMERA.distance / (CAMERA.distance + turn[6] * dx + turn[7] * dy + turn[8] * dz + pivotZ);
      const turnedX = (turn[0] * dx + turn[1] * dy + turn[2] * dz + pivotX) * nearer + shiftX;
      const turnedY = (turn[3] * dx + turn[4] * dy + turn[5] * dz + pivotY - CAMERA.y) * nearer + CAMERA.y + shiftY;
      out[index * 2] = x + (turnedX - x) * weight;
      out[index * 2 + 1] = y + (turnedY - y) * weight;
    },
  };
}
