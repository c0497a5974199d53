import type { FaceDeformer } from './face-deformer.ts';
import { EYES, loopOf, MOUTH } from './face-points.ts';

/*
 * Thin strips along the edges of lips and lids that fade into what they open to: without them the edges are stairs of pixels, since software WebGL has
 * no cheap smoothing. A lid that goes down also carries its lashes as a dark line.
 */

const SLITS = [MOUTH, ...EYES];
const LOOPS = SLITS.map(loopOf);
export const EDGE_POINTS = 2 * LOOPS.reduce((sum, loop) => sum + loop.length, 0);

/** Width of a strip on the canvas, pixels. */
const WIDTH = 1.6;
/** Width of the lashes of a shut lid, in the face's measure. */
const LASHES = 0.014;

export interface SoftEdges {
  /** x, y on the canvas: of each loop first the edge, then the inner side. */
  places: Float32Array;
  /** Cover and share of lashes, 0..1; flat. */
  edge: Float32Array;
  triangles: Uint16Array;
  /** `opening` = how far the mouth is open against the portrait, `unit` = one face measure in pixels of the canvas. */
  update(opening: number, unit: number): void;
}

/** Which point of the face a point of the strips belongs to. */
export const EDGE_SOURCES: readonly number[] = LOOPS.flatMap((loop) => [...loop, ...loop]);

/** Made while the deformer stands at rest. */
export function createSoftEdges(deformer: FaceDeformer): SoftEdges {
  const resting = deformer.places.slice();
  const places = new Float32Array(EDGE_POINTS * 2);
  const edge = new Float32Array(EDGE_POINTS * 2);
  const triangles: number[] = [];
  let first = 0;
  for (const loop of LOOPS) {
    for (let step = 0; step < loop.length; step += 1) {
      const next = (step + 1) % loop.length;
      const [a, b, c, d] = [first + step, first + next, first + loop.length + step, first + loop.length + next];
      triangles.push(a, b, d, a, d, c);
    }
    first += 2 * loop.length;
  }
  const wayOf = (point: number): number =>
    Math.hypot(
      (deformer.places[point * 2] ?? 0) - (resting[point * 2] ?? 0),
      (deformer.places[point * 2 + 1] ?? 0) - (resting[point * 2 + 1] ?? 0),
    );
  return {
    places,
    edge,
    triangles: Uint16Array.from(triangles),
    update(opening, unit) {
      let start = 0;
      for (const [order, loop] of LOOPS.entries()) {
        const open = deformer.eyesOpen[order - 1] ?? 1;
        const shut = order === 0 ? 0 : Math.min(1, Math.max(0, 1 - open));
        const changed = order === 0 ? Math.max(0, opening) / 0.02 : Math.abs(1 - open) * 4;
        const looked = order === 0 ? 0 : Math.hypot(deformer.gaze[order * 2 - 2] ?? 0, deformer.gaze[order * 2 - 1] ?? 0) * 50;
        const moved = Math.min(1, Math.max(changed, looked, order === 0 ? 0 : wayOf(loop[0] ?? 0) / 1.5));
        const upper = SLITS[order]?.upper.length ?? 0;
        for (let step = 0; step < loop.length; step += 1) {
          const isUpperLid = order > 0 && step > 0 && step <= upper;
          const width = WIDTH + (isUpperLid ? shut * LASHES * unit : 0);
          inwards(deformer.places, loop, step, width, places, start);
          const outer = start + step;
          const inner = outer + loop.length;
          // A shut lid lies over the lower one.
          edge[outer * 2] = isUpperLid ? moved : moved * (1 - shut);
          edge[inner * 2] = 0;
          edge[outer * 2 + 1] = isUpperLid ? 0.85 * shut : 0;
          edge[inner * 2 + 1] = edge[outer * 2 + 1] ?? 0;
        }
        start += 2 * loop.length;
      }
    },
  };
}

/** Writes the point of the loop and one `width` pixels to its right hand, which is inside as loops go clockwise. */
function inwards(from: Float32Array, loop: readonly number[], step: number, width: number, out: Float32Array, start: number): void {
  const [point, before, after] = [loop[step] ?? 0, loop.at(step - 1) ?? 0, loop[(step + 1) % loop.length] ?? 0];
  const [x, y] = [from[point * 2] ?? 0, from[point * 2 + 1] ?? 0];
  const dx = (from[after * 2] ?? 0) - (from[before * 2] ?? 0);
  const dy = (from[after * 2 + 1] ?? 0) - (from[before * 2 + 1] ?? 0);
  const length = Math.max(Math.hypot(dx, dy), 1e-3);
  const [outer, inner] = [start + step, start + loop.length + step];
  out[outer * 2] = x;
  out[outer * 2 + 1] = y;
  out[inner * 2] = x - (dy / length) * width;
  out[inner * 2 + 1] = y + (dx / length) * width;
}
