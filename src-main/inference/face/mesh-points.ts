import type { Box, FaceAnchors, Point } from '../../../src-preload/contract/index.ts';
import { at } from './raster.ts';

/*
 * Points of MediaPipe's face mesh by their meaning (canonical face model, "FACEMESH_" connection lists). Left and right are the person's own; in a picture the
 * person's right is on the left.
 */

/** 468 points of the face and 2 × 5 of the irises. */
export const MESH_POINTS = 478;

/** Outline of the face from the middle of the forehead on, clockwise in the picture. */
export const FACE_OVAL: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93,
  234, 127, 162, 21, 54, 103, 67, 109,
];

export const RIGHT_EYE = { outer: 33, inner: 133, upper: [160, 159, 158], lower: [144, 145, 153], iris: 468 } as const;
export const LEFT_EYE = { outer: 263, inner: 362, upper: [387, 386, 385], lower: [373, 374, 380], iris: 473 } as const;
export const MOUTH = { right: 61, left: 291, outerTop: 0, outerBottom: 17, innerTop: 13, innerBottom: 14 } as const;
export const CHIN = 152;
export const FOREHEAD_TOP = 10;

/** x, y of one point. */
export function pointOf(landmarks: ArrayLike<number>, index: number): Point {
  return [at(landmarks, index * 3), at(landmarks, index * 3 + 1)];
}

export function distance(one: Point, other: Point): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}

export function middle(one: Point, other: Point): Point {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

/** Pixels between the outer corners of the eyes: the measure of a face's size. */
export function eyeDistance(landmarks: ArrayLike<number>): number {
  return distance(pointOf(landmarks, RIGHT_EYE.outer), pointOf(landmarks, LEFT_EYE.outer));
}

/** [left, top, right, bottom] around all points. */
export function boxOf(landmarks: ArrayLike<number>): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let point = 0; point < MESH_POINTS; point += 1) {
    const [x, y] = pointOf(landmarks, point);
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/** What people may drag, as the mesh has it. The eyes are the middles between their corners: irises are the first to be wrong in drawings. */
export function anchorsOf(landmarks: ArrayLike<number>): FaceAnchors {
  const eye = ({ outer, inner }: { outer: number; inner: number }): Point => middle(pointOf(landmarks, outer), pointOf(landmarks, inner));
  return {
    leftEye: eye(LEFT_EYE),
    rightEye: eye(RIGHT_EYE),
    mouthLeft: pointOf(landmarks, MOUTH.left),
    mouthRight: pointOf(landmarks, MOUTH.right),
    lipTop: pointOf(landmarks, MOUTH.outerTop),
    lipBottom: pointOf(landmarks, MOUTH.outerBottom),
    chin: pointOf(landmarks, CHIN),
  };
}

/** How far an eye is open: mean height through its width, 0..0.4 (Soukupová and Čech 2016, "eye aspect ratio"). */
export function eyeOpenness(landmarks: ArrayLike<number>, eye: typeof LEFT_EYE | typeof RIGHT_EYE): number {
  const width = distance(pointOf(landmarks, eye.outer), pointOf(landmarks, eye.inner));
  const heights = eye.upper.map((upper, index) => distance(pointOf(landmarks, upper), pointOf(landmarks, at(eye.lower, index))));
  return heights.reduce((sum, height) => sum + height, 0) / heights.length / Math.max(1e-6, width);
}

/** How far the lips are apart: the gap through the mouth's width, 0..1. */
export function mouthOpenness(landmarks: ArrayLike<number>): number {
  const gap = distance(pointOf(landmarks, MOUTH.innerTop), pointOf(landmarks, MOUTH.innerBottom));
  return gap / Math.max(1e-6, distance(pointOf(landmarks, MOUTH.left), pointOf(landmarks, MOUTH.right)));
}
