import { at } from '../face/raster.ts';

/** 3 × 3, rows one after the other. Points are rows: turned = point · matrix. */
export type Rotation = Float64Array;

/** Of the motion extractor's keypoints, and of everything that belongs to one of them. */
export const KEYPOINTS = 21;

const BINS = 66;

/** Degrees from the 66 scores of a pose output: 3 × the expected bin − 97.5 (LivePortrait, src/utils/camera.py; after Hopenet, Ruiz et al. 2018). */
export function degreesOf(scores: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let bin = 0; bin < BINS; bin += 1) largest = Math.max(largest, at(scores, bin));
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const share = Math.exp(at(scores, bin) - largest);
    sum += share;
    weighted += bin * share;
  }
  return (3 * weighted) / sum - 97.5;
}

/** (Rz(roll) · Ry(yaw) · Rx(pitch))ᵀ of degrees, as LivePortrait's points want it. Axes: right, down, into the picture. */
export function rotationOf({ pitch, yaw, roll }: { pitch: number; yaw: number; roll: number }): Rotation {
  const [sx, cx] = sineAndCosine(pitch);
  const [sy, cy] = sineAndCosine(yaw);
  const [sz, cz] = sineAndCosine(roll);
  return Float64Array.of(
    cz * cy,
    sz * cy,
    -sy,
    cz * sy * sx - sz * cx,
    sz * sy * sx + cz * cx,
    cy * sx,
    cz * sy * cx + sz * sx,
    sz * sy * cx - cz * sx,
    cy * cx,
  );
}

/** left · right. */
export function multiply(left: Rotation, right: Rotation): Rotation {
  const product = new Float64Array(9);
  for (let row = 0; row < 3; row += 1) {
    for (let column = 0; column < 3; column += 1) {
      let sum = 0;
      for (let step = 0; step < 3; step += 1) sum += at(left, row * 3 + step) * at(right, step * 3 + column);
      product[row * 3 + column] = sum;
    }
  }
  return product;
}

/** What the motion extractor sees in a face: `keypoints` 21 × 3 without pose and expression. */
export interface Pose {
  keypoints: Float32Array;
  rotation: Rotation;
  /** Added to the turned keypoints, 21 × 3. */
  expression: Float32Array;
  scale: number;
  /** Right and down. Depth is not moved. */
  shift: readonly [number, number];
}

/** x = scale · (keypoints · rotation + expression) + shift, 21 × 3 (LivePortrait, src/live_portrait_wrapper.py). */
export function placeKeypoints({ keypoints, rotation, expression, scale, shift }: Pose): Float32Array {
  const placed = new Float32Array(KEYPOINTS * 3);
  for (let point = 0; point < KEYPOINTS * 3; point += 3) {
    for (let axis = 0; axis < 3; axis += 1) {
      let turned = 0;
      for (let step = 0; step < 3; step += 1) turned += at(keypoints, point + step) * at(rotation, step * 3 + axis);
      placed[point + axis] = scale * (turned + at(expression, point + axis)) + at(shift, axis);
    }
  }
  return placed;
}

function sineAndCosine(degrees: number): [number, number] {
  const radians = (degrees * Math.PI) / 180;
  return [Math.sin(radians), Math.cos(radians)];
}
