import type { FaceAnchors, Point } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import { MEAN_MESH } from './mean-mesh.ts';
import { anchorsOf, distance, MESH_POINTS, middle, pointOf } from './mesh-points.ts';
import { at } from './raster.ts';

/** How far one anchor's shift reaches, in eye distances: the lips follow the mouth, but not the eyes. */
const REACH = 0.45;
/** Anchors closer than this cannot be told apart, pixels. */
const LEAST_DISTANCE = 4;

/**
 * The face mesh for anchors that were set by hand: the mean face, turned and scaled to fit them best (Umeyama 1991), then bent smoothly so that it meets
 * each of them (Gaussian radial basis functions). 478 x, y, z in pixels, flat. Left and right of a mirrored face may be mixed up; they are sorted by the chin.
 * `width`, `height`: the picture's; the points stay within it.
 * @throws AppError `face.anchors-unusable` when they cannot be a face's.
 */
export function fitAnchors(anchors: FaceAnchors, width: number, height: number): number[] {
  const targets = listOf(sorted(anchors));
  requireFace(targets);
  const sources = listOf(anchorsOf(MEAN_MESH));
  const similarity = fitSimilarity(sources, targets);
  const placed = sources.map((point) => similarity.apply(point));
  const bend = createBend(
    placed,
    targets.map((target, index): Point => [target[0] - at(placed[index] ?? target, 0), target[1] - at(placed[index] ?? target, 1)]),
    REACH * similarity.scale,
  );
  const landmarks: number[] = [];
  for (let point = 0; point < MESH_POINTS; point += 1) {
    const rigid = similarity.apply(pointOf(MEAN_MESH, point));
    const [x, y] = bend(rigid);
    landmarks.push(clamped(x, width), clamped(y, height), rounded(at(MEAN_MESH, point * 3 + 2) * similarity.scale));
  }
  return landmarks;
}

/** The person's left is right of the picture's middle line, looking along from the eyes to the chin. */
function sorted(anchors: FaceAnchors): FaceAnchors {
  const eyes = middle(anchors.leftEye, anchors.rightEye);
  const down: Point = [anchors.chin[0] - eyes[0], anchors.chin[1] - eyes[1]];
  const side = (point: Point): number => (point[0] - eyes[0]) * down[1] - (point[1] - eyes[1]) * down[0];
  const { leftEye, rightEye, mouthLeft, mouthRight } = anchors;
  return {
    ...anchors,
    ...(side(leftEye) >= side(rightEye) ? {} : { leftEye: rightEye, rightEye: leftEye }),
    ...(side(mouthLeft) >= side(mouthRight) ? {} : { mouthLeft: mouthRight, mouthRight: mouthLeft }),
  };
}

function listOf(anchors: FaceAnchors): Point[] {
  return [anchors.leftEye, anchors.rightEye, anchors.mouthLeft, anchors.mouthRight, anchors.lipTop, anchors.lipBottom, anchors.chin];
}

function requireFace(targets: readonly Point[]): void {
  const finite = targets.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const apart = targets.every((one, index) => targets.slice(index + 1).every((other) => distance(one, other) >= LEAST_DISTANCE));
  if (finite && apart) return;
  throw new AppError(
    'face.anchors-unusable',
    'These marks lie too close together to be a face: put one on each eye, on both corners of the mouth, on the upper and the lower lip and on the chin.',
  );
}

interface Similarity {
  scale: number;
  apply: (point: Point) => Point;
}

function mean(points: readonly Point[], axis: 0 | 1): number {
  return points.reduce((sum, point) => sum + point[axis], 0) / points.length;
}

/** Turn, scale and shift with the least squared error; points as complex numbers. */
function fitSimilarity(sources: readonly Point[], targets: readonly Point[]): Similarity {
  const [fromX, fromY, toX, toY] = [mean(sources, 0), mean(sources, 1), mean(targets, 0), mean(targets, 1)];
  let [real, imaginary, power] = [0, 0, 0];
  for (const [index, source] of sources.entries()) {
    const [x, y] = [source[0] - fromX, source[1] - fromY];
    const [u, v] = [at(targets[index] ?? source, 0) - toX, at(targets[index] ?? source, 1) - toY];
    real += x * u + y * v;
    imaginary += x * v - y * u;
    power += x * x + y * y;
  }
  const [a, b] = [real / power, imaginary / power];
  return {
    scale: Math.hypot(a, b),
    apply: ([x, y]) => [a * (x - fromX) - b * (y - fromY) + toX, b * (x - fromX) + a * (y - fromY) + toY],
  };
}

/** A smooth shift of the plane that is `shifts[i]` at `centres[i]` and fades with distance. */
function createBend(centres: readonly Point[], shifts: readonly Point[], reach: number): (point: Point) => Point {
  const kernel = (one: Point, other: Point): number => Math.exp(-(distance(one, other) ** 2) / (2 * reach * reach));
  const matrix = centres.map((one, row) => [
    ...centres.map((other, column) => kernel(one, other) + (row === column ? 1e-9 : 0)),
    at(shifts[row] ?? [0, 0], 0),
    at(shifts[row] ?? [0, 0], 1),
  ]);
  const weights = solve(matrix);
  return (point) => {
    let [x, y] = point;
    for (const [index, centre] of centres.entries()) {
      const share = kernel(point, centre);
      x += share * at(weights[index] ?? [], 0);
      y += share * at(weights[index] ?? [], 1);
    }
    return [x, y];
  };
}

/** Gauss-Jordan elimination with pivoting; each row is n coefficients and two right sides. Returns the two solutions of each unknown. */
function solve(matrix: number[][]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row) => [...row]);
  for (let column = 0; column < size; column += 1) {
    const best = rows.slice(column).reduce((most, row) => (Math.abs(at(row, column)) > Math.abs(at(most, column)) ? row : most));
    const other = rows.indexOf(best);
    [rows[column], rows[other]] = [best, rows[column] ?? best];
    const pivot = best.map((value) => value / at(best, column));
    rows.forEach((row, index) => {
      if (index !== column) rows[index] = row.map((value, place) => value - at(row, column) * at(pivot, place));
    });
    rows[column] = pivot;
  }
  return rows.map((row) => row.slice(size));
}

function clamped(value: number, limit: number): number {
  return rounded(Math.min(limit, Math.max(0, value)));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
