import { smooth } from './arkit-shapes.ts';
import type { FaceDeformer } from './face-deformer.ts';
import { EYES } from './face-points.ts';
import type { Colour } from './pixels.ts';

/*
 * The skin of a lid is folded away while the eye is open, so the portrait does not show it; the little that is seen above the lashes would be pulled into
 * streaks. A shutting lid is therefore painted over with the colours of the skin between its fold and the brow: the same skin in the same light, without a
 * seam at the fold.
 */

/** From the fold (0) to the lid's edge (1), with how much of the borrowed skin is seen there. */
const ROWS = [
  { at: 0, cover: 0, light: 1 },
  { at: 0.4, cover: 0.85, light: 1.03 },
  { at: 1, cover: 0.95, light: 0.9 },
];

export interface LidSkins {
  /** x, y on the canvas. */
  places: Float32Array;
  /** Red, green, blue, 0..1. */
  colours: Float32Array;
  cover: Float32Array;
  triangles: Uint16Array;
  /** Whether there is anything to see. */
  update(): boolean;
}

/** `colourAt`: the portrait around a place on the canvas. Made while the deformer stands at rest. */
export function createLidSkins(deformer: FaceDeformer, colourAt: (x: number, y: number) => Colour): LidSkins {
  const columns = EYES.map((eye) => ({
    edge: [eye.corners[0], ...eye.upper, eye.corners[1]],
    fold: eye.fold,
    brow: eye.brow,
  }));
  const count = columns.reduce((sum, { edge }) => sum + edge.length * ROWS.length, 0);
  const own = { places: new Float32Array(count * 2), colours: new Float32Array(count * 3), cover: new Float32Array(count) };
  const triangles: number[] = [];
  let first = 0;
  const resting = (point: number, axis: number): number => deformer.places[point * 2 + axis] ?? 0;
  for (const { edge, fold, brow } of columns) {
    for (const [row, { light }] of ROWS.entries())
      for (let column = 0; column < edge.length; column += 1) {
        const index = first + row * edge.length + column;
        const [from, to] = [fold[column] ?? 0, brow[column] ?? 0];
        const colour = colourAt((resting(from, 0) + resting(to, 0)) / 2, (resting(from, 1) + resting(to, 1)) / 2);
        own.colours.set(
          colour.map((value) => Math.min(1, value * light)),
          index * 3,
        );
        if (row === 0 || column === 0) continue;
        const above = index - edge.length;
        triangles.push(above - 1, above, index, above - 1, index, index - 1);
      }
    first += edge.length * ROWS.length;
  }
  return {
    ...own,
    triangles: Uint16Array.from(triangles),
    update() {
      let [start, seen] = [0, false];
      for (const [eye, { edge, fold }] of columns.entries()) {
        const shut = smooth(1 - (deformer.eyesOpen[eye] ?? 1));
        if (shut > 0) seen = true;
        for (const [row, { at, cover }] of ROWS.entries())
          for (let column = 0; column < edge.length; column += 1) {
            const index = start + row * edge.length + column;
            // At the corners lid and fold run together.
            const inner = column === 0 || column === edge.length - 1 ? 0 : 1;
            own.cover[index] = cover * shut * inner;
            for (let axis = 0; axis < 2; axis += 1) {
              const from = deformer.places[(fold[column] ?? 0) * 2 + axis] ?? 0;
              const to = deformer.places[(edge[column] ?? 0) * 2 + axis] ?? 0;
              own.places[index * 2 + axis] = from + (to - from) * at;
            }
          }
        start += edge.length * ROWS.length;
      }
      return seen;
    },
  };
}
