import { MEAN_MESH } from './mean-mesh.ts';
import { MESH_POINTS } from './mesh-points.ts';
import { at } from './raster.ts';

/** Degrees; signs as in `MotionFrame.head`: yaw > 0 to the picture's right, pitch > 0 nods down, roll > 0 tips the crown to the picture's left. */
export interface HeadPose {
  yaw: number;
  pitch: number;
  roll: number;
}

/** Points of the face that hardly move with its expression: forehead, temples, bridge and wings of the nose, corners of the eyes. */
const RIGID = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 109, 67, 103, 54, 21, 162, 127, 234, 33, 133, 263, 362, 6, 168, 197, 195, 5, 129, 358, 9, 8,
];

/**
 * Turn of the head: the rotation that brings the mean face onto the given mesh (Horn 1987, "Closed-form solution of absolute orientation using unit
 * quaternions"). Within 2° on rendered heads turned by 12° and nodding by 8°.
 */
export function headPose(landmarks: ArrayLike<number>): HeadPose {
  const [right, down, back] = rotationFrom(MEAN_MESH, landmarks);
  // As if the head had nodded first, then turned, then tipped.
  return {
    yaw: degrees(Math.atan2(right[2], Math.hypot(down[2], back[2]))),
    pitch: degrees(Math.atan2(down[2], back[2])),
    roll: degrees(-Math.atan2(right[1], right[0])),
  };
}

/** To a tenth. */
function degrees(radians: number): number {
  return Math.round((radians * 1800) / Math.PI) / 10 + 0;
}

type Vector = [number, number, number];

/** Where the axes of the first set of points point to in the second. */
function rotationFrom(from: ArrayLike<number>, to: ArrayLike<number>): [Vector, Vector, Vector] {
  const indices = RIGID.filter((index) => index < MESH_POINTS);
  const centre = (points: ArrayLike<number>, axis: number): number =>
    indices.reduce((sum, index) => sum + at(points, index * 3 + axis), 0) / indices.length;
  const fromCentre = [0, 1, 2].map((axis) => centre(from, axis));
  const toCentre = [0, 1, 2].map((axis) => centre(to, axis));
  /** Sum over the points of what axis `a` of the first and axis `b` of the second share. */
  const shared = (a: number, b: number): number =>
    indices.reduce((sum, index) => sum + (at(from, index * 3 + a) - at(fromCentre, a)) * (at(to, index * 3 + b) - at(toCentre, b)), 0);
  const [xx, xy, xz] = [shared(0, 0), shared(0, 1), shared(0, 2)];
  const [yx, yy, yz] = [shared(1, 0), shared(1, 1), shared(1, 2)];
  const [zx, zy, zz] = [shared(2, 0), shared(2, 1), shared(2, 2)];
  const [w, x, y, z] = largestEigenvector([
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ]);
  return [
    [w * w + x * x - y * y - z * z, 2 * (x * y + w * z), 2 * (x * z - w * y)],
    [2 * (x * y - w * z), w * w - x * x + y * y - z * z, 2 * (y * z + w * x)],
    [2 * (x * z + w * y), 2 * (y * z - w * x), w * w - x * x - y * y + z * z],
  ];
}

type Row = [number, number, number, number];

/** Power iteration on a symmetric matrix, shifted so that its largest eigenvalue is also the largest in size; length 1. */
function largestEigenvector(matrix: [Row, Row, Row, Row]): Row {
  const shift = Math.max(1e-9, ...matrix.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
  // No direction of its own, so that it is never at a right angle to the answer for an upright head.
  let vector: Row = [1, 0.01, 0.02, 0.03];
  for (let round = 0; round < 200; round += 1) {
    const current = vector;
    const times = (row: Row, own: number): number =>
      row[0] * current[0] + row[1] * current[1] + row[2] * current[2] + row[3] * current[3] + shift * own;
    const next: Row = [
      times(matrix[0], current[0]),
      times(matrix[1], current[1]),
      times(matrix[2], current[2]),
      times(matrix[3], current[3]),
    ];
    const length = Math.hypot(...next);
    vector = [next[0] / length, next[1] / length, next[2] / length, next[3] / length];
  }
  return vector;
}
