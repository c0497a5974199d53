import type { FaceDeformer } from './face-deformer.ts';
import { MOUTH } from './face-points.ts';
import { smooth } from './arkit-shapes.ts';

/*
 * What the lips open to: a strip between the inner edges of both lips, with where the teeth are at each of its points. The upper row is fixed to the
 * skull, the lower one goes with the jaw. In the face's measure for a mouth of usual width.
 */

/** Both lips from the left corner to the right one; a corner is in both. */
export const HOLE_UPPER = [MOUTH.corners[0], ...MOUTH.upper, MOUTH.corners[1]];
export const HOLE_LOWER = [MOUTH.corners[0], ...MOUTH.lower, MOUTH.corners[1]];
export const HOLE_POINTS = HOLE_UPPER.length + HOLE_LOWER.length;

/** Of people of the truth set. */
const USUAL_WIDTH = 0.53;
/** Biting edges against the line between closed lips: the upper teeth show a little below it, the lower ones end above. */
const UPPER_EDGE = 0.016;
const LOWER_EDGE = -0.03;
/** The front teeth are further from the joint of the jaw than the skin of the chin follows. */
const JAW_LEVER = 1.2;
/** The seam of the portrait gives way to the inside over this opening. */
const OPENING = 0.022;

export interface MouthHole {
  /** x, y on the canvas. */
  places: Float32Array;
  /** x from the middle, y from the upper biting edge, y from the lower one, openness 0..1; flat. */
  teeth: Float32Array;
  /** Way from the upper lip down, and from the lower lip up; flat. */
  lips: Float32Array;
  triangles: Uint16Array;
  /** Widest opening against the portrait, in the face's measure. */
  opening(): number;
  /** 0 = as wide as at rest, 1 = rounded as far as lips go: a narrow mouth is dark inside. */
  roundness(): number;
  update(): void;
}

export function createMouthHole(deformer: FaceDeformer): MouthHole {
  const { rest, flat, jaw } = deformer;
  const columns = HOLE_UPPER.length;
  const places = new Float32Array(HOLE_POINTS * 2);
  const teeth = new Float32Array(HOLE_POINTS * 4);
  const lips = new Float32Array(HOLE_POINTS * 2);
  const [left, right] = MOUTH.corners;
  const restX = (point: number): number => rest[point * 3] ?? 0;
  const restY = (point: number): number => rest[point * 3 + 1] ?? 0;
  const size = Math.max(0.5, (restX(right) - restX(left)) / USUAL_WIDTH);
  const middle = (restX(13) + restX(14)) / 2;
  const line = (restY(13) + restY(14)) / 2;
  const grownAt = (column: number): number => {
    const [upper, lower] = [HOLE_UPPER[column] ?? left, HOLE_LOWER[column] ?? right];
    return (flat[lower * 2 + 1] ?? 0) - (flat[upper * 2 + 1] ?? 0) - Math.max(0, restY(lower) - restY(upper));
  };
  const openAt = (column: number): number => smooth(grownAt(column) / OPENING);
  let widest = 0;
  return {
    places,
    teeth,
    lips,
    triangles: strip(columns),
    opening: () => widest,
    roundness: () => smooth((0.92 - ((flat[right * 2] ?? 0) - (flat[left * 2] ?? 0)) / Math.max(restX(right) - restX(left), 0.01)) / 0.4),
    update() {
      widest = 0;
      for (let column = 0; column < columns; column += 1) {
        const [upper, lower] = [HOLE_UPPER[column] ?? left, HOLE_LOWER[column] ?? right];
        const gap = (flat[lower * 2 + 1] ?? 0) - (flat[upper * 2 + 1] ?? 0);
        widest = Math.max(widest, grownAt(column));
        // The corners have no gap of their own; they are as dark as what is beside them.
        const open = column === 0 || column === columns - 1 ? 0.5 * openAt(Math.min(columns - 2, Math.max(1, column))) : openAt(column);
        for (const [point, row] of [
          [upper, 0],
          [lower, 1],
        ] as const) {
          const index = row * columns + column;
          const [x, y] = [flat[point * 2] ?? 0, flat[point * 2 + 1] ?? 0];
          deformer.project(x, y, rest[point * 3 + 2] ?? 0, places, index);
          const fromLine = (y - line) / size;
          teeth[index * 4] = (x - middle) / size;
          teeth[index * 4 + 1] = fromLine - UPPER_EDGE;
          teeth[index * 4 + 2] = fromLine - LOWER_EDGE - (JAW_LEVER * (jaw[1] ?? 0)) / size;
          teeth[index * 4 + 3] = open;
          lips[index * 2] = row === 0 ? 0 : gap;
          lips[index * 2 + 1] = row === 0 ? gap : 0;
        }
      }
    },
  };
}

/** Triangles between two rows of `columns` points each, clockwise on the screen. */
function strip(columns: number): Uint16Array {
  const triangles: number[] = [];
  for (let column = 0; column < columns - 1; column += 1) {
    const [a, b, c, d] = [column, column + 1, columns + column, columns + column + 1];
    triangles.push(a, b, d, a, d, c);
  }
  return Uint16Array.from(triangles);
}
