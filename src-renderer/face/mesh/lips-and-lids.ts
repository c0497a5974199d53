import { LIP_ROWS, MOUTH, type Eye } from './face-points.ts';

/*
 * Lids and lips must meet exactly, on every face: a lid that stops short of the other shows a line of white, lips that pass each other show the wrong
 * side. So their gaps are set here, after all other moves, from the gaps of the portrait. All in the face's measure; `flat` = x, y of each point.
 */

/** How far each row of the lip goes with its inner edge. */
const ROW_SHARES = [0.92, 0.78, 0.55];
/** Lips do not come closer than this, unless the portrait's do. */
const CLOSED = 0.001;
/** When lips close, this much of the way is the upper one's. */
const UPPER_SHARE = 0.4;

export interface LidState {
  /** 0 = as in the portrait, 1 = shut. */
  blink: number;
  squint: number;
  wide: number;
  /** Way of the iris downwards, in the face's measure: the upper lid follows it. */
  down: number;
}

/** Sets the lids' gap; returns how far the eye is open against the portrait, 0..1 and more. */
export function setLids(flat: Float32Array, rest: Float32Array, eye: Eye, { blink, squint, wide, down }: LidState): number {
  const open = (1 - blink) * (1 - 0.28 * squint + 0.16 * wide);
  for (const [order, upper] of eye.upper.entries()) {
    const lower = eye.lower[order] ?? upper;
    const restGap = Math.max(y3(rest, lower) - y3(rest, upper), 0.002);
    const gap = Math.max(y2(flat, lower) - y2(flat, upper), 0.002);
    const raised = squint * 0.16 * restGap + blink * 0.04 * restGap;
    // In the middle the lid follows the gaze, at the corners it is fixed.
    const middle = 1 - ((order - 3) / 4) ** 2;
    const wanted = Math.max(0, gap * open - down * 0.55 * middle * (1 - blink));
    flat[lower * 2 + 1] = y2(flat, lower) - raised;
    flat[upper * 2 + 1] = y2(flat, lower) - wanted;
    // Shut lids lie on each other, along the lower one.
    flat[upper * 2] = (flat[upper * 2] ?? 0) + ((flat[lower * 2] ?? 0) - (flat[upper * 2] ?? 0)) * blink * blink;
  }
  return open;
}

/** Brings the lips together: `closed` 1 = they touch whatever the jaw does. Lips that would pass each other touch. */
export function setLips(flat: Float32Array, rest: Float32Array, closed: number): void {
  for (const [order, upper] of MOUTH.upper.entries()) {
    const lower = MOUTH.lower[order] ?? upper;
    const gap = y2(flat, lower) - y2(flat, upper);
    const least = Math.min(CLOSED, y3(rest, lower) - y3(rest, upper));
    const wanted = Math.max(least, least + (gap - least) * (1 - closed));
    const way = gap - wanted;
    if (way === 0) continue;
    moveLip(flat, upper, LIP_ROWS.upper, order, way * UPPER_SHARE);
    moveLip(flat, lower, LIP_ROWS.lower, order, -way * (1 - UPPER_SHARE));
  }
}

function moveLip(flat: Float32Array, edge: number, rows: readonly (readonly number[])[], order: number, way: number): void {
  flat[edge * 2 + 1] = y2(flat, edge) + way;
  for (const [row, points] of rows.entries()) {
    const point = points[order];
    if (point !== undefined) flat[point * 2 + 1] = y2(flat, point) + way * (ROW_SHARES[row] ?? 0);
  }
}

function y2(flat: Float32Array, point: number): number {
  return flat[point * 2 + 1] ?? 0;
}

function y3(rest: Float32Array, point: number): number {
  return rest[point * 3 + 1] ?? 0;
}
