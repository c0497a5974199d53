import type { FaceDeformer } from './face-deformer.ts';
import { EYES, loopOf } from './face-points.ts';

/** Points of one eye: its centre, then a loop a little outside the lids' resting edge. */
const LOOP = EYES[0] === undefined ? 0 : loopOf(EYES[0]).length;
export const EYE_POINTS = LOOP + 1;

/** How far the eyes go on under the lids, in the face's measure. */
const UNDER_LIDS = 0.025;

export interface EyePlates {
  /** x, y on the canvas, `EYE_POINTS` for each of `EYES`. */
  places: Float32Array;
  /** The same at rest, x, y in the face's measure. */
  resting: Float32Array;
  triangles: Uint16Array;
  update(): void;
}

/** The eyes themselves: they turn with the head and are covered by the lids, never bent by them. */
export function createEyePlates(deformer: FaceDeformer): EyePlates {
  const { rest } = deformer;
  const places = new Float32Array(EYES.length * EYE_POINTS * 2);
  const resting = new Float32Array(EYES.length * EYE_POINTS * 2);
  const depths = new Float32Array(EYES.length * EYE_POINTS);
  const triangles: number[] = [];
  for (const [order, eye] of EYES.entries()) {
    const loop = loopOf(eye);
    const first = order * EYE_POINTS;
    const mean = (axis: number): number => loop.reduce((sum, point) => sum + (rest[point * 3 + axis] ?? 0), 0) / loop.length;
    const [cx, cy, cz] = [mean(0), mean(1), mean(2)];
    resting.set([cx, cy], first * 2);
    depths[first] = cz;
    for (const [step, point] of loop.entries()) {
      const [dx, dy] = [(rest[point * 3] ?? 0) - cx, (rest[point * 3 + 1] ?? 0) - cy];
      const length = Math.max(Math.hypot(dx, dy), 1e-4);
      const index = first + 1 + step;
      resting.set([cx + dx * (1 + UNDER_LIDS / length), cy + dy * (1 + UNDER_LIDS / length)], index * 2);
      depths[index] = rest[point * 3 + 2] ?? cz;
      triangles.push(first, index, first + 1 + ((step + 1) % loop.length));
    }
  }
  return {
    places,
    resting,
    triangles: Uint16Array.from(triangles),
    update() {
      for (let index = 0; index < depths.length; index += 1)
        deformer.project(resting[index * 2] ?? 0, resting[index * 2 + 1] ?? 0, depths[index] ?? 0, places, index);
    },
  };
}
