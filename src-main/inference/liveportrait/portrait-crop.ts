import type { Point } from '../../../src-preload/contract/index.ts';
import { at, shrink, sampleSquare, pyramid, type Raster, type TurnedSquare } from '../face/raster.ts';
import { distance, LEFT_EYE, MESH_POINTS, middle, pointOf, RIGHT_EYE } from '../face/mesh-points.ts';

/** Pixels of the crop that the networks' picture comes from and their result lies on; the networks see half of it. */
export const CROP_SIZE = 512;
export const INPUT_SIZE = 256;
/** Side of the crop against the longer side of the face, and how far it is moved towards the forehead, in sides (LivePortrait, src/config/crop_config.py). */
const SCALE = 2.3;
const UPWARDS = -0.125;
const LOWER_LIP = 14;

/**
 * Where LivePortrait looks at: a square around the face that stands upright along the line from eyes to lips (LivePortrait, src/utils/crop.py, with the two
 * anchors of MediaPipe's mesh: irises and the inner lower lip). `landmarks`: 478 x, y, z, flat, pixels.
 */
export function cropOf(landmarks: ArrayLike<number>): TurnedSquare {
  const eyes = middle(pointOf(landmarks, RIGHT_EYE.iris), pointOf(landmarks, LEFT_EYE.iris));
  const lip = pointOf(landmarks, LOWER_LIP);
  const length = Math.max(1e-3, distance(eyes, lip));
  const down: Point = [(lip[0] - eyes[0]) / length, (lip[1] - eyes[1]) / length];
  const right: Point = [down[1], -down[0]];
  let [least, most]: [Point, Point] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (let point = 0; point < MESH_POINTS; point += 1) {
    const [x, y] = pointOf(landmarks, point);
    const along: Point = [x * right[0] + y * right[1], x * down[0] + y * down[1]];
    least = [Math.min(least[0], along[0]), Math.min(least[1], along[1])];
    most = [Math.max(most[0], along[0]), Math.max(most[1], along[1])];
  }
  const side = Math.max(most[0] - least[0], most[1] - least[1]) * SCALE;
  const [u, v] = middle(least, most);
  const lifted = v + UPWARDS * side;
  return {
    centreX: u * right[0] + lifted * down[0],
    centreY: u * right[1] + lifted * down[1],
    side,
    angle: Math.atan2(right[1], right[0]),
  };
}

/** The crop as the networks see it: 1 × 3 × 256 × 256, RGB 0..1. */
export function networkInput(picture: Raster, crop: TurnedSquare): Float32Array {
  const samples = sampleSquare(pyramid(picture, CROP_SIZE), crop, CROP_SIZE);
  const bytes = new Uint8Array(CROP_SIZE * CROP_SIZE * 4);
  for (let pixel = 0; pixel < CROP_SIZE * CROP_SIZE; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1)
      bytes[pixel * 4 + channel] = Math.round(255 * Math.min(1, at(samples, pixel * 3 + channel)));
    bytes[pixel * 4 + 3] = 255;
  }
  const { data } = shrink({ width: CROP_SIZE, height: CROP_SIZE, data: bytes }, INPUT_SIZE, INPUT_SIZE);
  const area = INPUT_SIZE * INPUT_SIZE;
  const planes = new Float32Array(3 * area);
  for (let pixel = 0; pixel < area; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) planes[channel * area + pixel] = at(data, pixel * 4 + channel) / 255;
  }
  return planes;
}

/** How far eyes and lips of the portrait are open, as the retargeting networks measure it: height through width. Left = on the picture's left. */
export function opennessOf(landmarks: ArrayLike<number>): { left: number; right: number; lips: number } {
  const share = (top: number, bottom: number, from: number, to: number): number =>
    distance(pointOf(landmarks, top), pointOf(landmarks, bottom)) / (distance(pointOf(landmarks, from), pointOf(landmarks, to)) + 1e-6);
  return { left: share(159, 145, 33, 133), right: share(386, 374, 263, 362), lips: share(13, 14, 78, 308) };
}
