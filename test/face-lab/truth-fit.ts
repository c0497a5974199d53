import type { FaceWeights } from '../../src-preload/contract/index.ts';
import type { FaceFinder, Landmarks } from './face-finder.ts';
import type { FaceLab, PartialFrame } from './face-lab.ts';
import { CONTOURS, LEFT_EYE_OUTER, POINTS, RIGHT_EYE_OUTER } from './face-points.ts';
import type { Picture } from './picture.ts';

/** Something of a frame that may be turned to come nearer to a true picture. */
interface Knob {
  name: string;
  /** Where the search begins, how far a trial goes, and what is allowed. */
  start: number;
  step: number;
  least: number;
  most: number;
  turn: (frame: PartialFrame, value: number) => void;
}

/** Both sides of a weight at once, or one that has no sides. */
function weight(name: string, start = 0): Knob {
  const names = NO_SIDES.test(name) ? [name] : [`${name}Left`, `${name}Right`];
  return {
    name,
    start,
    step: 0.12,
    least: 0,
    most: 1,
    turn: (frame, value) =>
      void Object.assign((frame.weights ??= {}), Object.fromEntries(names.map((each) => [each, value])) as FaceWeights),
  };
}
const NO_SIDES = /^(?:browInnerUp|jawOpen|jawForward|mouthClose|mouthFunnel|mouthPucker|mouthRoll\w+|mouthShrug\w+)$/;

const head = (name: 'yaw' | 'pitch' | 'roll' | 'x' | 'y', start = 0): Knob => ({
  name: `head.${name}`,
  start,
  step: name === 'x' || name === 'y' ? 0.02 : 2,
  least: -30,
  most: 30,
  turn: (frame, value) => void ((frame.head ??= {})[name] = value),
});
const gaze = (name: 'yaw' | 'pitch', start = 0): Knob => ({
  name: `gaze.${name}`,
  start,
  step: 4,
  least: -35,
  most: 35,
  turn: (frame, value) => void ((frame.gaze ??= {})[name] = value),
});
const turned = (start: Partial<Record<'yaw' | 'pitch' | 'roll', number>>): Knob[] => [
  head('yaw', start.yaw),
  head('pitch', start.pitch),
  head('roll', start.roll),
  head('x'),
  head('y'),
];

/** What is searched for each state of the truth set, from where. */
const KNOBS: Record<string, readonly Knob[]> = {
  neutral: [],
  aa_small: [weight('jawOpen', 0.38), weight('mouthLowerDown'), weight('mouthUpperUp'), weight('mouthFunnel'), weight('mouthStretch')],
  aa_wide: [
    weight('jawOpen', 0.98),
    weight('mouthLowerDown'),
    weight('mouthUpperUp'),
    weight('mouthFunnel'),
    weight('mouthStretch'),
    weight('browInnerUp', 0.1),
    weight('browOuterUp', 0.1),
  ],
  oh: [weight('jawOpen', 0.5), weight('mouthFunnel', 0.95), weight('mouthPucker'), weight('mouthLowerDown'), weight('mouthUpperUp')],
  oo: [weight('mouthPucker', 0.95), weight('mouthFunnel'), weight('jawOpen', 0.07), weight('mouthLowerDown'), weight('mouthUpperUp')],
  ee: [
    weight('mouthStretch', 0.95),
    weight('jawOpen', 0.15),
    weight('mouthSmile'),
    weight('mouthUpperUp'),
    weight('mouthLowerDown'),
    weight('mouthDimple'),
  ],
  pp: [
    weight('mouthPress', 0.95),
    weight('mouthRollLower'),
    weight('mouthRollUpper'),
    weight('mouthSmile'),
    weight('mouthDimple'),
    weight('mouthShrugLower'),
  ],
  ff: [
    weight('mouthRollLower', 0.95),
    weight('mouthUpperUp', 0.95),
    weight('jawOpen', 0.13),
    weight('mouthSmile'),
    weight('mouthShrugUpper'),
    weight('mouthLowerDown'),
  ],
  smile: [weight('mouthSmile', 0.95), weight('eyeSquint', 0.2), weight('cheekSquint'), weight('mouthStretch'), weight('mouthDimple')],
  blink: [weight('eyeBlink', 1), weight('eyeSquint')],
  brows_up: [weight('browInnerUp', 0.95), weight('browOuterUp', 0.95), weight('eyeWide', 0.4)],
  gaze_left: [gaze('yaw', 18), gaze('pitch')],
  gaze_right: [gaze('yaw', -18), gaze('pitch')],
  yaw_p12: turned({ yaw: 12 }),
  yaw_m12: turned({ yaw: -12 }),
  pitch_p8: turned({ pitch: 8 }),
  roll_p8: turned({ roll: 8 }),
};

/** States that the search knows. */
export const KNOWN_STATES: readonly string[] = Object.keys(KNOBS);

export interface Fit {
  frame: PartialFrame;
  picture: Picture;
  /** Found in the picture as in any other. */
  found: Landmarks;
  /** Mean distance to the wanted points, % of the eye distance. */
  error: number;
}

export const eyeDistance = (points: Landmarks): number =>
  Math.hypot(
    (points[LEFT_EYE_OUTER * 3] ?? 0) - (points[RIGHT_EYE_OUTER * 3] ?? 0),
    (points[LEFT_EYE_OUTER * 3 + 1] ?? 0) - (points[RIGHT_EYE_OUTER * 3 + 1] ?? 0),
  );

/** Mean distance over all 478 points, % of `unit`. */
export function landmarkError(found: Landmarks, wanted: Landmarks, unit: number): number {
  let sum = 0;
  for (let point = 0; point < POINTS; point += 1)
    sum += Math.hypot((found[point * 3] ?? 0) - (wanted[point * 3] ?? 0), (found[point * 3 + 1] ?? 0) - (wanted[point * 3 + 1] ?? 0));
  return (100 * sum) / POINTS / unit;
}

/** Lips and lids are few of the 478 points, but what people look at: in the search they count three times. */
const SHARP = new Set(CONTOURS.flatMap(({ points }) => points));

/**
 * The frame whose drawing has its points nearest to the wanted ones: Gauss-Newton steps over the state's knobs from its table row, with derivatives
 * from drawings a little further; a step is kept only when it comes nearer. `unit` = the eye distance in pixels.
 */
export async function fitFrame(lab: FaceLab, finder: FaceFinder, state: string, wanted: Landmarks, unit: number, rounds = 3): Promise<Fit> {
  const knobs = KNOBS[state];
  if (knobs === undefined) throw new Error(`The search does not know the state ${state}.`);
  const draw = async (many: readonly (readonly number[])[]): Promise<Fit[]> => {
    const frames = many.map((values) => {
      const frame: PartialFrame = { atMs: 0 };
      for (const [index, knob] of knobs.entries()) knob.turn(frame, values[index] ?? 0);
      return frame;
    });
    const fits: Fit[] = [];
    for (const [index, picture] of (await lab.draw(frames)).entries()) {
      const found = (await finder.find(picture, wanted)) ?? wanted.map(() => 0);
      fits.push({ frame: frames[index] ?? {}, picture, found, error: landmarkError(found, wanted, unit) });
    }
    return fits;
  };

  let values = knobs.map(({ start }) => start);
  let [best] = await draw([values]);
  if (best === undefined) throw new Error('Nothing was drawn.');
  for (let round = 0; round < rounds && knobs.length > 0; round += 1) {
    const tries = knobs.map((knob, index) => {
      const step = (values[index] ?? 0) + knob.step > knob.most ? -knob.step : knob.step;
      return values.map((value, other) => (other === index ? value + step : value));
    });
    const moved = await draw(tries);
    const from = best;
    const columns = moved.map(({ found }, index) => {
      const step = (tries[index]?.[index] ?? 0) - (values[index] ?? 0);
      return weighed(found.map((value, place) => (value - (from.found[place] ?? 0)) / step));
    });
    const gap = weighed(wanted.map((value, place) => value - (from.found[place] ?? 0)));
    const step = leastSquares(columns, gap, knobs, values);
    const candidates = [1, 0.5].map((share) =>
      values.map((value, index) => {
        const { least = 0, most = 1 } = knobs[index] ?? {};
        return Math.min(most, Math.max(least, value + share * (step[index] ?? 0)));
      }),
    );
    const drawn = [...(await draw(candidates)), ...moved];
    const settings = [...candidates, ...tries];
    const winner = drawn.reduce((chosen, fit, index) => (fit.error < (drawn[chosen]?.error ?? Infinity) ? index : chosen), 0);
    const won = drawn[winner];
    if (won === undefined || won.error >= best.error - 0.02) break;
    [best, values] = [won, settings[winner] ?? values];
  }
  return best;
}

/** x and y of all points, sharp ones counted more. */
function weighed(points: readonly number[]): Float64Array {
  const result = new Float64Array(POINTS * 2);
  for (let point = 0; point < POINTS; point += 1) {
    const weightOfPoint = SHARP.has(point) ? Math.sqrt(3) : 1;
    result[point * 2] = weightOfPoint * (points[point * 3] ?? 0);
    result[point * 2 + 1] = weightOfPoint * (points[point * 3 + 1] ?? 0);
  }
  return result;
}

/** The step that closes the gap best within the knobs' limits, by coordinate descent; slightly damped, so that knobs that do the same share it. */
function leastSquares(columns: readonly Float64Array[], gap: Float64Array, knobs: readonly Knob[], values: readonly number[]): number[] {
  const step = columns.map(() => 0);
  const rest = Float64Array.from(gap);
  const squares = columns.map((column) => column.reduce((sum, value) => sum + value * value, 0));
  for (let sweep = 0; sweep < 60; sweep += 1)
    for (const [index, column] of columns.entries()) {
      const knob = knobs[index];
      const square = squares[index] ?? 0;
      if (knob === undefined || square < 1e-9) continue;
      const before = step[index] ?? 0;
      const ideal = (column.reduce((sum, value, place) => sum + value * (rest[place] ?? 0), 0) + before * square) / (square * 1.01);
      const value = values[index] ?? 0;
      const after = Math.min(knob.most, Math.max(knob.least, value + ideal)) - value;
      for (const [place, each] of column.entries()) rest[place] = (rest[place] ?? 0) - (after - before) * each;
      step[index] = after;
    }
  return step;
}
