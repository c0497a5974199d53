import * as ort from 'onnxruntime-node';
import { floatsOf, openOnnxSession } from '../onnx/onnx-session.ts';
import { logistic, type Detection } from './face-detector.ts';
import { LEFT_EYE, MESH_POINTS, RIGHT_EYE } from './mesh-points.ts';
import { at, sampleSquare, type Raster, type TurnedSquare } from './raster.ts';

const MESH_SIZE = 192;
/** The square is this much larger than the face's box, as in training. */
const MARGIN = 1.5;
export interface MeshResult {
  /** 478 x, y, z in pixels of the picture, flat; z in the same scale, towards the viewer < 0. */
  landmarks: Float32Array;
  /** How much the crop looks like a face, 0..1. It says nothing about the way up. */
  presence: number;
}

export interface FaceMesh {
  /** Fits the mesh to the face in a square of the picture. `levels`: the picture and its halves (see `pyramid`). */
  fit(levels: readonly [Raster, ...Raster[]], square: TurnedSquare): Promise<MeshResult>;
  dispose(): Promise<void>;
}

/**
 * MediaPipe's face mesh with attention (Grishchenko et al. 2020, arXiv:2006.10962). 8 ms on one thread.
 * Rejects with ONNX Runtime's error when the graph is missing or another one.
 */
export async function openFaceMesh(path: string): Promise<FaceMesh> {
  const session = await openOnnxSession(path, 1);
  return {
    async fit(levels, square) {
      const pixels = sampleSquare(levels, square, MESH_SIZE);
      const result = await session.run({ input: new ort.Tensor('float32', pixels, [1, MESH_SIZE, MESH_SIZE, 3]) });
      return { landmarks: toPicture(floatsOf(result, 'landmarks'), square), presence: logistic(at(floatsOf(result, 'flag'), 0)) };
    },
    dispose: () => session.release(),
  };
}

/** The square for a face that the detector found: around its box, the eyes level. */
export function squareOfDetection(found: Detection): TurnedSquare {
  return {
    centreX: (found.left + found.right) / 2,
    centreY: (found.top + found.bottom) / 2,
    side: MARGIN * Math.max(found.right - found.left, found.bottom - found.top),
    angle: Math.atan2(at(found.keyPoints, 3) - at(found.keyPoints, 1), at(found.keyPoints, 2) - at(found.keyPoints, 0)),
  };
}

/** The square for a face whose mesh is known from a first look or from the picture before. */
export function squareOfLandmarks(landmarks: ArrayLike<number>): TurnedSquare {
  const corner = (point: number, axis: number): number => at(landmarks, point * 3 + axis);
  const angle = Math.atan2(corner(LEFT_EYE.outer, 1) - corner(RIGHT_EYE.outer, 1), corner(LEFT_EYE.outer, 0) - corner(RIGHT_EYE.outer, 0));
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let point = 0; point < MESH_POINTS; point += 1) {
    const u = corner(point, 0) * cos + corner(point, 1) * sin;
    const v = corner(point, 1) * cos - corner(point, 0) * sin;
    left = Math.min(left, u);
    right = Math.max(right, u);
    top = Math.min(top, v);
    bottom = Math.max(bottom, v);
  }
  const u = (left + right) / 2;
  const v = (top + bottom) / 2;
  return { centreX: u * cos - v * sin, centreY: u * sin + v * cos, side: MARGIN * Math.max(right - left, bottom - top), angle };
}

function toPicture(points: Float32Array, square: TurnedSquare): Float32Array {
  const scale = square.side / MESH_SIZE;
  const cos = Math.cos(square.angle) * scale;
  const sin = Math.sin(square.angle) * scale;
  const placed = new Float32Array(MESH_POINTS * 3);
  for (let point = 0; point < MESH_POINTS; point += 1) {
    const right = at(points, point * 3) - MESH_SIZE / 2;
    const down = at(points, point * 3 + 1) - MESH_SIZE / 2;
    placed[point * 3] = square.centreX + right * cos - down * sin;
    placed[point * 3 + 1] = square.centreY + right * sin + down * cos;
    placed[point * 3 + 2] = at(points, point * 3 + 2) * scale;
  }
  return placed;
}
