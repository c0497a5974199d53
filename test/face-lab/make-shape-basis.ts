import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Point } from '../../src-preload/contract/index.ts';
import { openFaceFinder, type Landmarks } from './face-finder.ts';
import { CONTOURS, LEFT_EYE_OUTER, LEFT_IRIS, POINTS, RIGHT_EYE_OUTER, RIGHT_IRIS, SKIN_POINTS } from './face-points.ts';
import { readTruth, stateOf, type TruthPerson } from './truth-set.ts';

/*
 * Measures how the 478 points of a face move from neutral to each known state of a truth folder and writes the mean over its people as the mesh's shape
 * basis: node test/face-lab/make-shape-basis.ts TRUTH. The detector sees every point but loosely (closed lids, inner lips); the truth's own points are
 * exact but few. So each motion is the detector's, corrected by what it is wrong by at the exact points.
 */

const STATES = ['aa_small', 'aa_wide', 'oh', 'oo', 'ee', 'pp', 'ff', 'smile', 'blink', 'brows_up', 'gaze_left', 'gaze_right'];
const OUT = resolve(import.meta.dirname, '../../src-renderer/face/mesh/shape-basis.json');

/** Integers in the file are this fraction of the eye distance. */
const STEPS = 10_000;
/** Moves below this share of the eye distance are noise of the detector. */
const THRESHOLD = 0.003;
/** Reach of a correction along the skin and of the smoothing, in eye distances. */
const CORRECTION_REACH = 0.16;
const SMOOTHING_REACH = 0.07;
/** How little an exact point has to be met exactly: they lie only near the mesh points they are compared with. */
const CORRECTION_RIDGE = 0.05;

/** x, y, z of each point, in eye distances from the middle of the outer eye corners; flat. */
type Shape = Float64Array;

/** Face units of a picture, from its neutral state. */
interface FaceAxes {
  x: number;
  y: number;
  size: number;
  cos: number;
  sin: number;
}

function axesOf(points: Landmarks): FaceAxes {
  const at = (index: number, axis: number): number => points[index * 3 + axis] ?? 0;
  const [dx, dy] = [at(LEFT_EYE_OUTER, 0) - at(RIGHT_EYE_OUTER, 0), at(LEFT_EYE_OUTER, 1) - at(RIGHT_EYE_OUTER, 1)];
  const size = Math.hypot(dx, dy);
  return {
    x: (at(LEFT_EYE_OUTER, 0) + at(RIGHT_EYE_OUTER, 0)) / 2,
    y: (at(LEFT_EYE_OUTER, 1) + at(RIGHT_EYE_OUTER, 1)) / 2,
    size,
    cos: dx / size,
    sin: dy / size,
  };
}

function inAxes({ x, y, size, cos, sin }: FaceAxes, px: number, py: number): Point {
  const [dx, dy] = [(px - x) / size, (py - y) / size];
  return [dx * cos + dy * sin, dy * cos - dx * sin];
}

function shapeIn(axes: FaceAxes, points: Landmarks): Shape {
  const shape = new Float64Array(POINTS * 3);
  for (let index = 0; index < POINTS; index += 1) {
    const [x, y] = inAxes(axes, points[index * 3] ?? 0, points[index * 3 + 1] ?? 0);
    shape.set([x, y, (points[index * 3 + 2] ?? 0) / axes.size], index * 3);
  }
  return shape;
}

/** What one person's points do in one state, corrected; and the neutral shape they start from. */
interface Motion {
  neutral: Shape;
  moved: Shape;
  /** Exact motion of the named points. */
  exact: ReadonlyMap<string, Point>;
}

function motionOf(person: TruthPerson, state: string): Motion {
  const neutral = stateOf(person, 'neutral');
  const after = stateOf(person, state);
  const axes = axesOf(neutral.found);
  const start = shapeIn(axes, neutral.found);
  const end = shapeIn(axes, after.found);
  const moved = end.map((value, index) => value - (start[index] ?? 0));
  const exact = new Map<string, Point>();
  const exactStart = new Map<string, Point>();
  for (const [name, [x, y]] of Object.entries(neutral.exact)) {
    const to = after.exact[name];
    if (to === undefined) continue;
    const from = inAxes(axes, x, y);
    const [toX, toY] = inAxes(axes, to[0], to[1]);
    exactStart.set(name, from);
    exact.set(name, [toX - from[0], toY - from[1]]);
  }
  return { neutral: start, moved: corrected(start, smoothed(moved, start), exact, exactStart), exact };
}

function corrected(start: Shape, moved: Shape, exact: ReadonlyMap<string, Point>, exactStart: ReadonlyMap<string, Point>): Shape {
  const result = Float64Array.from(moved);
  const onLine = new Set<number>();
  for (const { points, named } of CONTOURS) {
    const known = named.flatMap((name) => {
      const move = exact.get(name);
      const from = exactStart.get(name);
      if (move === undefined || from === undefined) return [];
      const [x, y] = valueAlong(points, start, moved, from[0]);
      return [{ at: from[0], dx: move[0] - x, dy: move[1] - y }];
    });
    for (const point of points) {
      onLine.add(point);
      const at = start[point * 3] ?? 0;
      result[point * 3] = (moved[point * 3] ?? 0) + interpolate(known, at, 'dx');
      result[point * 3 + 1] = (moved[point * 3 + 1] ?? 0) + interpolate(known, at, 'dy');
    }
  }
  for (const [name, iris] of [
    ['iris_right', RIGHT_IRIS],
    ['iris_left', LEFT_IRIS],
  ] as const)
    for (const point of iris) {
      onLine.add(point);
      // An iris moves as a whole, and what the detector says of its depth is a guess.
      result.set([...(exact.get(name) ?? [0, 0]), 0], point * 3);
    }
  const errors = Object.entries(SKIN_POINTS).flatMap(([name, point]) => {
    const move = exact.get(name);
    return move === undefined ? [] : [{ point, dx: move[0] - (moved[point * 3] ?? 0), dy: move[1] - (moved[point * 3 + 1] ?? 0) }];
  });
  const kernel = errors.map(({ point }, row) =>
    errors.map((other, column) => nearness(start, point, other.point, CORRECTION_REACH) + (row === column ? CORRECTION_RIDGE : 0)),
  );
  const [forX, forY] = [
    solve(
      kernel,
      errors.map(({ dx }) => dx),
    ),
    solve(
      kernel,
      errors.map(({ dy }) => dy),
    ),
  ];
  for (let point = 0; point < POINTS; point += 1) {
    if (onLine.has(point)) continue;
    for (const [place, error] of errors.entries()) {
      const near = nearness(start, point, error.point, CORRECTION_REACH);
      result[point * 3] = (result[point * 3] ?? 0) + near * (forX[place] ?? 0);
      result[point * 3 + 1] = (result[point * 3 + 1] ?? 0) + near * (forY[place] ?? 0);
    }
  }
  return result;
}

/** Solves a symmetric positive definite system by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const size = rows.length;
  for (const [pivot, from] of rows.entries())
    for (const [place, row] of rows.entries()) {
      if (place === pivot) continue;
      const factor = (row[pivot] ?? 0) / (from[pivot] ?? 1);
      for (let column = pivot; column <= size; column += 1) row[column] = (row[column] ?? 0) - factor * (from[column] ?? 0);
    }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}

/** The detector's own motion where a line of points passes the given x. */
function valueAlong(points: readonly number[], start: Shape, moved: Shape, x: number): Point {
  const line = points.map((point) => ({ at: start[point * 3] ?? 0, dx: moved[point * 3] ?? 0, dy: moved[point * 3 + 1] ?? 0 }));
  return [interpolate(line, x, 'dx'), interpolate(line, x, 'dy')];
}

function interpolate(line: readonly { at: number; dx: number; dy: number }[], at: number, axis: 'dx' | 'dy'): number {
  const next = line.findIndex((each) => each.at >= at);
  const right = line[next === -1 ? line.length - 1 : next];
  const left = line[next === -1 ? line.length - 1 : Math.max(0, next - 1)];
  if (left === undefined || right === undefined) return 0;
  const span = right.at - left.at;
  const share = span <= 0 ? 1 : (at - left.at) / span;
  return left[axis] * (1 - share) + right[axis] * share;
}

function nearness(shape: Shape, left: number, right: number, reach: number): number {
  const dx = (shape[left * 3] ?? 0) - (shape[right * 3] ?? 0);
  const dy = (shape[left * 3 + 1] ?? 0) - (shape[right * 3 + 1] ?? 0);
  return Math.exp(-(dx * dx + dy * dy) / (2 * reach * reach));
}

function meanShape(shapes: readonly Shape[]): Shape {
  return Float64Array.from({ length: POINTS * 3 }, (_value, index) => robustMean(shapes.map((shape) => shape[index] ?? 0)));
}

/** Huber's mean: values further than 1.5 median deviations from the centre count less. */
function robustMean(values: readonly number[]): number {
  let centre = median(values);
  const spread = 1.4826 * median(values.map((value) => Math.abs(value - centre))) + 1e-6;
  for (let round = 0; round < 5; round += 1) {
    const weights = values.map((value) => Math.min(1, (1.5 * spread) / Math.max(1e-9, Math.abs(value - centre))));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    centre = values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) / total;
  }
  return centre;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/**
 * The point on the other half of the face, for each point: known for the lines; for the others the pairing whose points lie nearest to each other's
 * mirror images in the mean neutral shape (greedily, then pairs are exchanged as long as that brings them nearer).
 */
function mirrorOf(neutral: Shape): number[] {
  const at = (point: number, axis: number): number => neutral[point * 3 + axis] ?? 0;
  const apart = (left: number, right: number): number =>
    (at(left, 0) + at(right, 0)) ** 2 + (at(left, 1) - at(right, 1)) ** 2 + (at(left, 2) - at(right, 2)) ** 2;
  const mirror = Array.from({ length: POINTS }, () => -1);
  const join = (left: number, right: number): void => void ([mirror[left], mirror[right]] = [right, left]);
  const lines = CONTOURS.map(({ points }) => points);
  for (const [index, line] of lines.entries()) {
    // Lips mirror themselves, the lids of the right eye (lines 4 and 5) those of the left one (6 and 7).
    const other = lines[index < 4 ? index : index ^ 2] ?? [];
    for (const [place, point] of line.entries()) join(point, other[other.length - 1 - place] ?? point);
  }
  for (const [place, twin] of [0, 3, 2, 1, 4].entries()) join(RIGHT_IRIS[place] ?? 0, LEFT_IRIS[twin] ?? 0);

  const free = mirror.flatMap((twin, point) => (twin === -1 ? [point] : []));
  const middle = free.filter((point) => Math.abs(at(point, 0)) < 0.012);
  for (const point of middle) join(point, point);
  const [right, left] = [free.filter((point) => at(point, 0) <= -0.012), free.filter((point) => at(point, 0) >= 0.012)];
  if (right.length !== left.length) throw new Error(`${right.length} points on the right half, ${left.length} on the left one.`);
  const pairs = right.flatMap((one) => left.map((other) => ({ one, other, distance: apart(one, other) })));
  for (const { one, other } of pairs.toSorted((first, second) => first.distance - second.distance))
    if (mirror[one] === -1 && mirror[other] === -1) join(one, other);
  const exchange = (): boolean =>
    right.some((one) =>
      right.some((other) => {
        const [twin, otherTwin] = [mirror[one] ?? one, mirror[other] ?? other];
        if (apart(one, otherTwin) + apart(other, twin) >= apart(one, twin) + apart(other, otherTwin) - 1e-12) return false;
        join(one, otherTwin);
        join(other, twin);
        return true;
      }),
    );
  while (exchange());
  return mirror;
}

/** Mean of a motion and its mirror image; of two states that mirror each other when `other` is given. */
function symmetric(moved: Shape, mirror: readonly number[], other = moved): Shape {
  const result = new Float64Array(moved.length);
  for (const [point, twin] of mirror.entries()) {
    result[point * 3] = ((moved[point * 3] ?? 0) - (other[twin * 3] ?? 0)) / 2;
    for (const axis of [1, 2]) result[point * 3 + axis] = ((moved[point * 3 + axis] ?? 0) + (other[twin * 3 + axis] ?? 0)) / 2;
  }
  return result;
}

/** Skin moves smoothly, so points that are on no line take the mean of their neighbours; depth, which is only guessed, does everywhere. */
function smoothed(moved: Shape, neutral: Shape): Shape {
  const lines = new Set([...CONTOURS.flatMap(({ points }) => points), ...RIGHT_IRIS, ...LEFT_IRIS]);
  const result = Float64Array.from(moved);
  for (let point = 0; point < 468; point += 1) {
    let total = 0;
    const sum = [0, 0, 0];
    for (let other = 0; other < 468; other += 1) {
      if (lines.has(other) && !lines.has(point)) continue;
      const weight = nearness(neutral, point, other, SMOOTHING_REACH);
      if (weight < 0.01) continue;
      total += weight;
      for (const axis of [0, 1, 2]) sum[axis] = (sum[axis] ?? 0) + weight * (moved[other * 3 + axis] ?? 0);
    }
    for (const axis of lines.has(point) ? [2] : [0, 1, 2]) result[point * 3 + axis] = (sum[axis] ?? 0) / total;
  }
  return result;
}

/** The mean motion of some people in one state. Gaze to one side is measured as the mirror image of the other side too. */
function basisOf(people: readonly TruthPerson[], state: string, mirror: readonly number[]): Shape {
  const mean = (name: string): Shape => meanShape(people.map((person) => motionOf(person, name).moved));
  const twin = state.startsWith('gaze_') ? mean(state === 'gaze_left' ? 'gaze_right' : 'gaze_left') : undefined;
  const whole = symmetric(mean(state), mirror, twin);
  for (let point = 0; point < POINTS; point += 1)
    if (Math.hypot(whole[point * 3] ?? 0, whole[point * 3 + 1] ?? 0) < THRESHOLD) whole.fill(0, point * 3, point * 3 + 3);
  return whole;
}

/** Mean distance of all points, % of the eye distance, between a person's own motion and `basis` times the amount that fits best. */
function misfit(basis: Shape, { moved }: Motion): { amount: number; error: number } {
  let [above, below] = [0, 0];
  for (let index = 0; index < moved.length; index += 1) {
    if (index % 3 === 2) continue;
    above += (basis[index] ?? 0) * (moved[index] ?? 0);
    below += (basis[index] ?? 0) ** 2;
  }
  const amount = below === 0 ? 0 : above / below;
  let sum = 0;
  for (let point = 0; point < POINTS; point += 1)
    sum += Math.hypot(
      (moved[point * 3] ?? 0) - amount * (basis[point * 3] ?? 0),
      (moved[point * 3 + 1] ?? 0) - amount * (basis[point * 3 + 1] ?? 0),
    );
  return { amount, error: (100 * sum) / POINTS };
}

const round = (value: number): number => Math.round(value * 100) / 100;

const { positionals } = parseArgs({ allowPositionals: true });
const [folder] = positionals;
if (folder === undefined) throw new Error('Say where the truth folder is: node test/face-lab/make-shape-basis.ts TRUTH');
const finder = await openFaceFinder();
const people = await readTruth(folder, finder);
await finder.close();
const neutral = meanShape(people.map((person) => motionOf(person, 'neutral').neutral));
const mirror = mirrorOf(neutral);

const states: Record<string, { points: number[]; moves: number[] }> = {};
const heldOut: Record<string, { error: number; worst: number; amount: number }> = {};
for (const state of STATES) {
  const basis = basisOf(people, state, mirror);
  const points: number[] = [];
  const moves: number[] = [];
  for (let point = 0; point < POINTS; point += 1) {
    const move = [...basis.subarray(point * 3, point * 3 + 3)].map((value) => Math.round(value * STEPS));
    if (move.some((value) => value !== 0)) {
      points.push(point);
      moves.push(...move);
    }
  }
  states[state] = { points, moves };
  const tried = people.map((person) =>
    misfit(
      basisOf(
        people.filter((each) => each !== person),
        state,
        mirror,
      ),
      motionOf(person, state),
    ),
  );
  heldOut[state] = {
    error: round(tried.reduce((sum, { error }) => sum + error, 0) / tried.length),
    worst: round(Math.max(...tried.map(({ error }) => error))),
    amount: round(tried.reduce((sum, { amount }) => sum + amount, 0) / tried.length),
  };
  console.log(state.padEnd(12), String(points.length).padStart(4), 'points; on unseen people', heldOut[state]);
}

const header =
  `Mean motion of MediaPipe's 478 points from neutral to each state, measured by test/face-lab/make-shape-basis.ts on ${people.length} people who do not exist, ` +
  `rendered for this project from MakeHuman's CC0 assets (resources/characters/CREDITS.md). "moves" = dx, dy, dz of each of "points", in 1/${STEPS} of the ` +
  'distance of the outer eye corners, along the face: x from the right eye corner to the left one (to the right of the picture), y down, z away from the viewer ' +
  '(z as the detector guesses it). "mirror" = the same point of the other half. Gaze states are 20 degrees. "heldOut" = how well a basis of the other people fits ' +
  'the one left out: mean error over all points in % of the eye distance (mean and worst person) at the amount that fits best.';
await writeFile(OUT, `${JSON.stringify({ header, steps: STEPS, mirror, heldOut, states })}\n`);
console.log(OUT);
