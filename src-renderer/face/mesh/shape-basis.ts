import { FACE_POINTS, LIP_CORNERS, LIP_ROWS, MOUTH } from './face-points.ts';
import basis from './shape-basis.json' with { type: 'json' };

/** How far each of the 468 points goes, in the face's measure: dx, dy; flat. */
export type Shape = Float32Array;

export type BasisState =
  | 'aa_small'
  | 'aa_wide'
  | 'oh'
  | 'oo'
  | 'ee'
  | 'pp'
  | 'ff'
  | 'smile'
  | 'blink'
  | 'brows_up'
  | 'gaze_left'
  | 'gaze_right';

/** The measured motion from neutral to a state; the header of shape-basis.json says by whom. */
export function measuredShape(state: BasisState): Shape {
  const { points, moves } = basis.states[state];
  const shape = new Float32Array(FACE_POINTS * 2);
  for (const [order, point] of points.entries()) {
    if (point >= FACE_POINTS) continue;
    shape[point * 2] = (moves[order * 3] ?? 0) / basis.steps;
    shape[point * 2 + 1] = (moves[order * 3 + 1] ?? 0) / basis.steps;
  }
  spanLips(shape, MOUTH.upper, LIP_ROWS.upper);
  spanLips(shape, MOUTH.lower, LIP_ROWS.lower);
  for (const [inner, ...rows] of LIP_CORNERS)
    spanLips(
      shape,
      [inner],
      rows.map((point) => [point]),
      CORNERS_BETWEEN,
    );
  return shape;
}

/** Where the rows of a lip lie between its inner (0) and its outer edge (1). */
const ROWS_BETWEEN = [0.28, 0.63];
const CORNERS_BETWEEN = [0.33, 0.67];

/**
 * The edges of the lips are exact, the rows between them are the detector's guess, which folds an open lip over its own edge. A lip is soft and even:
 * its rows move as their place between both edges says.
 */
function spanLips(
  shape: Shape,
  inner: readonly number[],
  rows: readonly (readonly number[])[],
  between: readonly number[] = ROWS_BETWEEN,
): void {
  const outer = rows[2] ?? [];
  for (const [row, away] of between.entries())
    for (const [column, point] of (rows[row] ?? []).entries())
      for (let axis = 0; axis < 2; axis += 1) {
        const from = shape[(inner[column] ?? 0) * 2 + axis] ?? 0;
        const to = shape[(outer[column] ?? 0) * 2 + axis] ?? 0;
        shape[point * 2 + axis] = from + (to - from) * away;
      }
}

export function mixed(parts: readonly (readonly [Shape, number])[]): Shape {
  const result = new Float32Array(FACE_POINTS * 2);
  for (const [shape, amount] of parts)
    for (let index = 0; index < result.length; index += 1) result[index] = (result[index] ?? 0) + amount * (shape[index] ?? 0);
  return result;
}

/** The shape where `share` of the point says so (0..1). */
export function masked(shape: Shape, share: (point: number) => number): Shape {
  return shape.map((value, index) => value * share(index >> 1));
}
