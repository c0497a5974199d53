import type { ArkitName, MotionFrame } from '../../../src-preload/contract/index.ts';
import { at } from '../face/raster.ts';

/*
 * What the shapes of a MotionFrame do to LivePortrait's 21 expression points. The gains are those of LivePortrait's own editor (gradio_pipeline.py) and of
 * AdvancedLivePortrait: an action has an amount in the editor's units, and each unit moves a few coordinates.
 */

/** point, axis (0 right, 1 down, 2 into the picture), movement per unit. */
type Gain = readonly [point: number, axis: 0 | 1 | 2, gain: number];

const ACTIONS = {
  /** Jaw, −30…120. */
  aaa: [
    [19, 1, 0.001],
    [19, 2, 0.0001],
    [17, 1, -0.0001],
  ],
  /** Wide lips, −20…15. */
  eee: [
    [20, 2, -0.001],
    [20, 1, -0.001],
    [14, 1, -0.001],
  ],
  /** Round lips, −20…15. */
  woo: [
    [14, 1, 0.001],
    [3, 1, -0.0005],
    [7, 1, -0.0005],
    [17, 2, -0.0005],
  ],
  /** −0.3…1.3. */
  smile: [
    [20, 1, -0.01],
    [14, 1, -0.02],
    [17, 1, 0.0065],
    [17, 2, 0.003],
    [13, 1, -0.00275],
    [16, 1, -0.00275],
    [3, 1, -0.0035],
    [7, 1, -0.0035],
  ],
  /** Corner of the mouth to the picture's right; a length, not an editor's unit. */
  mouthRight: [[19, 0, 1]],
  /** 0…15. */
  browUp: [
    [1, 1, 0.001],
    [2, 1, -0.001],
  ],
  /** −15…0. */
  browDown: [
    [1, 0, -0.001],
    [2, 0, 0.001],
    [1, 1, 0.0003],
    [2, 1, -0.0003],
  ],
} as const satisfies Record<string, readonly Gain[]>;

/** An eye and the lid below it. */
const EYES = [
  { ball: 11, lid: 13 },
  { ball: 15, lid: 16 },
] as const;

/** Widest movements that still look like a face: FaceFusion's table (processors/live_portrait.py); points that it names only. */
const LIMITS: readonly (readonly [point: number, axis: number, least: number, most: number])[] = [
  [14, 1, -0.0398, 0.0491],
  [17, 2, -0.0274, 0.0137],
  [19, 1, -0.0744, 0.1806],
  [19, 2, -0.0443, 0.0276],
  [20, 1, -0.0374, 0.0867],
  [20, 2, -0.0135, 0.0334],
];

/** Editor's units per degree of gaze: 15 units are as far as eyes go, some 35°. */
const GAZE_UNITS = 0.43;
/** Units of `aaa` at a wide open jaw. */
const JAW_UNITS = 110;
const SHUT_UNITS = -20;
const WIDE_UNITS = 5;

/** What a frame adds to the expression, 21 × 3, and how far the lids are closed by the retargeting network, 0..1, which knows the face's own lids. */
export interface ExpressionChange {
  offsets: Float32Array;
  shut: number;
  /** Degrees that the head gives way when the mouth opens wide, nodding down > 0. */
  pitch: number;
}

/** `keypoints` (21 × 3, without pose) say which eye is on the picture's left: that is the person's right one. */
export function expressionOf(frame: Pick<MotionFrame, 'weights' | 'gaze'>, keypoints: ArrayLike<number>): ExpressionChange {
  const offsets = new Float32Array(21 * 3);
  const weight = (name: ArkitName): number => frame.weights[name] ?? 0;
  const both = (
    name: 'mouthSmile' | 'mouthFrown' | 'mouthStretch' | 'mouthDimple' | 'mouthPress' | 'mouthLowerDown' | 'browDown' | 'browOuterUp',
  ): number => (weight(`${name}Left`) + weight(`${name}Right`)) / 2;
  const add = (action: readonly Gain[], amount: number): void => {
    for (const [point, axis, gain] of action) offsets[point * 3 + axis] = at(offsets, point * 3 + axis) + gain * amount;
  };

  const jaw = Math.max(0, weight('jawOpen') - weight('mouthClose'));
  const pressed = both('mouthPress') + (weight('mouthRollLower') + weight('mouthRollUpper')) / 2;
  const aaa = clamp(JAW_UNITS * jaw + 20 * both('mouthLowerDown') - 25 * pressed, -30, 120);
  add(ACTIONS.aaa, aaa);
  add(ACTIONS.eee, clamp(12 * both('mouthStretch') + 5 * both('mouthDimple'), -20, 15));
  add(ACTIONS.woo, clamp(14 * weight('mouthPucker') + 10 * weight('mouthFunnel'), -20, 15));
  add(ACTIONS.smile, clamp(1.3 * both('mouthSmile') - 0.3 * both('mouthFrown'), -0.3, 1.3));
  // The person's left is the picture's right.
  add(ACTIONS.mouthRight, 0.03 * (weight('mouthLeft') + weight('jawLeft') - weight('mouthRight') - weight('jawRight')));
  add(ACTIONS.browUp, 15 * Math.max(weight('browInnerUp'), both('browOuterUp')));
  add(ACTIONS.browDown, -15 * both('browDown'));
  const shut = addEyes(frame, keypoints, add);
  return { offsets, shut, pitch: -0.05 * aaa };
}

/** Lids and gaze. Lids that close together are the network's matter; what one closes more than the other is added here. */
function addEyes(
  { weights, gaze }: Pick<MotionFrame, 'weights' | 'gaze'>,
  keypoints: ArrayLike<number>,
  add: (action: readonly Gain[], amount: number) => void,
): number {
  const blinks = { left: clamp(weights.eyeBlinkLeft ?? 0, 0, 1), right: clamp(weights.eyeBlinkRight ?? 0, 0, 1) };
  const shut = Math.min(blinks.left, blinks.right);
  const firstIsLeft = at(keypoints, EYES[0].ball * 3) > at(keypoints, EYES[1].ball * 3);
  const across = GAZE_UNITS * gaze.yaw;
  const up = -GAZE_UNITS * gaze.pitch;
  for (const [index, { ball, lid }] of EYES.entries()) {
    const isLeft = (index === 0) === firstIsLeft;
    const own = (isLeft ? blinks.left : blinks.right) - shut;
    const wide = (isLeft ? weights.eyeWideLeft : weights.eyeWideRight) ?? 0;
    const squint = (isLeft ? weights.eyeSquintLeft : weights.eyeSquintRight) ?? 0;
    // The editor takes half of a look up or down back with the lids.
    const lids = clamp(SHUT_UNITS * own + WIDE_UNITS * wide - 4 * squint, SHUT_UNITS, WIDE_UNITS) - up / 2;
    add(
      [
        [ball, 1, -0.001],
        [lid, 1, 0.0003],
      ],
      lids,
    );
    // The eye that turns outwards goes farther.
    const outwards = (index === 1) === across > 0;
    add([[ball, 0, outwards ? 0.001 : 0.0007]], across);
    add([[ball, 1, -0.001]], up);
  }
  return shut;
}

/** The expression of the portrait with the change, within what faces do, or what this one does by itself. */
export function changedExpression(source: Float32Array, offsets: Float32Array): Float32Array {
  const changed = source.map((value, index) => value + at(offsets, index));
  for (const [point, axis, least, most] of LIMITS) {
    const index = point * 3 + axis;
    const own = at(source, index);
    changed[index] = clamp(at(changed, index), Math.min(least, own), Math.max(most, own));
  }
  return changed;
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
