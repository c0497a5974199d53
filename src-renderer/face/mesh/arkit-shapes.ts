import type { ArkitName, FaceWeights } from '../../../src-preload/contract/index.ts';
import { FACE_POINTS } from './face-points.ts';
import { masked, measuredShape, mixed, type BasisState, type Shape } from './shape-basis.ts';

/*
 * What each ARKit weight does to the face: measured shapes where the truth set has one, small soft moves by hand for the rest. A measured state that
 * also drops the jaw is split: what the jaw does is jawOpen's, the weight gets only what the lips do. So jawOpen 0.5 with mouthFunnel 1 is "oh".
 * Lids and closed lips are not here: they must meet exactly on every face (lips-and-lids.ts).
 */

/** jawOpen of the measured "aa_small": both states drop the chin in this proportion. */
const SMALL_JAW = 0.38;
/** Points whose drop tells how far the jaw is open: chin and the skin below the lip. */
const JAW_POINTS = [152, 148, 377, 175, 199, 200];
/** Half width of the middle, where both sides of the face share a one-sided move; in the face's measure. */
const SEAM = 0.1;

export interface FaceShapes {
  /** The jaw's motion at two openings; `jawParts` says how much of each. */
  jawSmall: Shape;
  jawWide: Shape;
  weighted: readonly { name: ArkitName; shape: Shape }[];
}

/** How much of `jawSmall` and `jawWide` an opening is. */
export function jawParts(open: number): { small: number; wide: number } {
  if (open <= SMALL_JAW) return { small: open / SMALL_JAW, wide: 0 };
  const wide = (open - SMALL_JAW) / (1 - SMALL_JAW);
  return { small: 1 - wide, wide };
}

/** Below this opening of the jaw, weights that close the lips count against it instead. */
const SLIGHT_JAW = 0.06;

/** 0..1: ARKit closes the lips over an open jaw when `mouthClose` is as strong as `jawOpen`; over a shut jaw pressing closes them too. */
export function lipsClosed(weights: FaceWeights): number {
  const jaw = Math.max(0, weights.jawOpen ?? 0);
  const closed = Math.min(1, Math.max(0, weights.mouthClose ?? 0) / Math.max(jaw, SLIGHT_JAW));
  const pressed = Math.min(1, Math.max(0, ((weights.mouthPressLeft ?? 0) + (weights.mouthPressRight ?? 0)) / 2));
  return Math.max(closed, pressed * (1 - Math.min(1, jaw / SLIGHT_JAW)));
}

/** How much of each state of an expression set is in a face, 0..1 each. The states that open the mouth share what the jaw shows. */
export function stateShares(weights: FaceWeights): Record<StateName, number> {
  const at = (name: ArkitName): number => weights[name] ?? 0;
  const both = (name: 'mouthSmile' | 'mouthStretch' | 'mouthPress' | 'mouthUpperUp' | 'mouthLowerDown'): number =>
    (at(`${name}Left`) + at(`${name}Right`)) / 2;
  const open = 1 - lipsClosed(weights);
  const jaw = jawParts(Math.min(1, at('jawOpen') * open));
  const round = at('mouthFunnel') * open;
  const tight = at('mouthPucker') * open;
  const wide = both('mouthStretch') * open;
  const lips = Math.max(0, 1 - Math.max(round, tight, wide));
  return {
    aa_small: Math.min(1, jaw.small + 0.5 * both('mouthLowerDown') * open) * lips,
    aa_wide: jaw.wide * lips,
    oh: Math.min(1, round),
    oo: Math.min(1, tight),
    ee: Math.min(1, wide),
    pp: Math.min(1, both('mouthPress')),
    ff: Math.min(1, at('mouthRollLower')),
    smile: Math.min(1, both('mouthSmile')),
    brows_up: Math.min(1, 0.5 * at('browInnerUp') + 0.25 * (at('browOuterUpLeft') + at('browOuterUpRight'))),
  };
}
export type StateName = 'aa_small' | 'aa_wide' | 'oh' | 'oo' | 'ee' | 'pp' | 'ff' | 'smile' | 'brows_up';

/** `rest`: x, y, z of the 468 points in the face's measure. */
export function faceShapes(rest: Float32Array): FaceShapes {
  const x = (point: number): number => rest[point * 3] ?? 0;
  const y = (point: number): number => rest[point * 3 + 1] ?? 0;
  const left = (point: number): number => smooth((x(point) + SEAM) / (2 * SEAM));
  const right = (point: number): number => 1 - left(point);
  const jawSmall = measuredShape('aa_small');
  const jawWide = measuredShape('aa_wide');
  const lipsOf = (state: BasisState): Shape => withoutJaw(measuredShape(state), jawSmall);
  const mouthY = (y(13) + y(14)) / 2;
  const lowerLip = (point: number): number => smooth((y(point) - mouthY) / 0.03 + 0.5);
  const upperLip = (point: number): number => 1 - lowerLip(point);
  const pinch = (around: number, reach: number, dx: number, dy: number): Shape => {
    const shape = new Float32Array(FACE_POINTS * 2);
    for (let point = 0; point < FACE_POINTS; point += 1) {
      const near = Math.exp(-((x(point) - x(around)) ** 2 + (y(point) - y(around)) ** 2) / (2 * reach * reach));
      if (near < 0.01) continue;
      shape[point * 2] = dx * near;
      shape[point * 2 + 1] = dy * near;
    }
    return shape;
  };

  const [funnel, pucker, stretch, press, teeth, smile] = [
    lipsOf('oh'),
    lipsOf('oo'),
    lipsOf('ee'),
    lipsOf('pp'),
    lipsOf('ff'),
    lipsOf('smile'),
  ];
  const brows = measuredShape('brows_up');
  const aboveLids = (point: number): number => smooth((-0.03 - y(point)) / 0.06);
  const raise = masked(brows, aboveLids);
  const inner = (point: number): number => 1 - smooth((Math.abs(x(point)) - 0.18) / 0.16);
  const drop = masked(masked(jawSmall, lowerLip), (point) => Math.exp(-((y(point) - mouthY) ** 2) / (2 * 0.09 ** 2)));
  const lift = masked(teeth, upperLip);
  const sides = (name: PairedName, shape: Shape): FaceShapes['weighted'] => [
    { name: `${name}Left`, shape: masked(shape, left) },
    { name: `${name}Right`, shape: masked(shape, right) },
  ];
  return {
    jawSmall,
    jawWide,
    weighted: [
      { name: 'mouthFunnel', shape: funnel },
      { name: 'mouthPucker', shape: pucker },
      { name: 'mouthRollLower', shape: masked(teeth, lowerLip) },
      { name: 'mouthRollUpper', shape: masked(press, upperLip) },
      ...sides('mouthStretch', stretch),
      ...sides('mouthSmile', smile),
      ...sides('mouthDimple', mixed([[masked(smile, (point) => Math.exp(-(((y(point) - mouthY) / 0.1) ** 2))), 0.4]])),
      ...sides('mouthPress', press),
      ...sides('mouthUpperUp', lift),
      ...sides('mouthLowerDown', drop),
      ...mirrored('mouthFrown', pinch(291, 0.1, 0.012, 0.07), pinch(61, 0.1, -0.012, 0.07)),
      { name: 'mouthLeft', shape: pinch(14, 0.2, 0.09, 0) },
      { name: 'mouthRight', shape: pinch(14, 0.2, -0.09, 0) },
      { name: 'mouthShrugLower', shape: pinch(17, 0.11, 0, -0.045) },
      { name: 'mouthShrugUpper', shape: pinch(0, 0.1, 0, -0.03) },
      { name: 'jawLeft', shape: pinch(152, 0.3, 0.09, 0) },
      { name: 'jawRight', shape: pinch(152, 0.3, -0.09, 0) },
      { name: 'jawForward', shape: pinch(152, 0.25, 0, 0.02) },
      {
        name: 'cheekPuff',
        shape: mixed([
          [pinch(425, 0.14, 0.035, 0.005), 1],
          [pinch(205, 0.14, -0.035, 0.005), 1],
        ]),
      },
      ...mirrored('cheekSquint', pinch(347, 0.09, 0, -0.03), pinch(118, 0.09, 0, -0.03)),
      ...mirrored('noseSneer', pinch(358, 0.06, 0.004, -0.035), pinch(129, 0.06, -0.004, -0.035)),
      { name: 'browInnerUp', shape: masked(raise, inner) },
      ...sides(
        'browOuterUp',
        masked(raise, (point) => 1 - inner(point)),
      ),
      ...sides(
        'browDown',
        mixed([
          [raise, -0.55],
          [masked(inwards(x), (point) => inner(point) * aboveLids(point) * Math.exp(-(((y(point) + 0.13) / 0.1) ** 2))), 0.03],
        ]),
      ),
    ],
  };
}

type PairedName =
  | 'mouthStretch'
  | 'mouthSmile'
  | 'mouthDimple'
  | 'mouthPress'
  | 'mouthUpperUp'
  | 'mouthLowerDown'
  | 'mouthFrown'
  | 'cheekSquint'
  | 'noseSneer'
  | 'browOuterUp'
  | 'browDown';

function mirrored(name: PairedName, onLeft: Shape, onRight: Shape): FaceShapes['weighted'] {
  return [
    { name: `${name}Left`, shape: onLeft },
    { name: `${name}Right`, shape: onRight },
  ];
}

/** One step towards the middle of the face, everywhere but on the middle itself. */
function inwards(x: (point: number) => number): Shape {
  return Float32Array.from({ length: FACE_POINTS * 2 }, (_value, index) => (index % 2 === 0 ? -Math.tanh(x(index >> 1) / 0.05) : 0));
}

/** A state less what its open jaw does. */
function withoutJaw(state: Shape, jawSmall: Shape): Shape {
  let [above, below] = [0, 0];
  for (const point of JAW_POINTS) {
    const drop = jawSmall[point * 2 + 1] ?? 0;
    above += drop * (state[point * 2 + 1] ?? 0);
    below += drop * drop;
  }
  return mixed([
    [state, 1],
    [jawSmall, below === 0 ? 0 : -above / below],
  ]);
}

/** 0 below 0, 1 above 1, soft between. */
export function smooth(value: number): number {
  const t = Math.min(1, Math.max(0, value));
  return t * t * (3 - 2 * t);
}
