import type { PortraitFace } from '../../../src-preload/contract/index.ts';
import { LEFT_EYE_OUTER, RIGHT_EYE_OUTER } from './face-points.ts';

/**
 * The face's own measure: origin between the outer eye corners, x along the eyes to the right of the picture, y down, z away from the viewer,
 * 1 = the distance of the outer eye corners.
 */
export interface FaceAxes {
  /** The origin, pixels of the picture. */
  x: number;
  y: number;
  /** Pixels of the picture. */
  unit: number;
  cos: number;
  sin: number;
}

export function faceAxes(landmarks: PortraitFace['landmarks']): FaceAxes {
  const at = (point: number, axis: number): number => landmarks[point * 3 + axis] ?? 0;
  const dx = at(LEFT_EYE_OUTER, 0) - at(RIGHT_EYE_OUTER, 0);
  const dy = at(LEFT_EYE_OUTER, 1) - at(RIGHT_EYE_OUTER, 1);
  const unit = Math.max(Math.hypot(dx, dy), 1);
  return {
    x: (at(LEFT_EYE_OUTER, 0) + at(RIGHT_EYE_OUTER, 0)) / 2,
    y: (at(LEFT_EYE_OUTER, 1) + at(RIGHT_EYE_OUTER, 1)) / 2,
    unit,
    cos: dx / unit,
    sin: dy / unit,
  };
}

/** A point of the picture in the face's measure. */
export function toFace({ x, y, unit, cos, sin }: FaceAxes, px: number, py: number): [number, number] {
  const [dx, dy] = [(px - x) / unit, (py - y) / unit];
  return [dx * cos + dy * sin, dy * cos - dx * sin];
}

/** A point in the face's measure in pixels of the picture. */
export function toPicture({ x, y, unit, cos, sin }: FaceAxes, fx: number, fy: number): [number, number] {
  return [x + (fx * cos - fy * sin) * unit, y + (fx * sin + fy * cos) * unit];
}
