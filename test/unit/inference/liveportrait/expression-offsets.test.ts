import { describe, expect, it } from 'vitest';
import type { FaceWeights } from '../../../../src-preload/contract/index.ts';
import { changedExpression, expressionOf } from '../../../../src-main/inference/liveportrait/expression-offsets.ts';
import { KEYPOINTS } from '../../../fixtures/face/make-liveportrait-graphs.ts';

const AXES = ['x', 'y', 'z'];

/** Offsets that are not 0, as "point.axis". */
function offsetsOf(weights: FaceWeights, gaze = { yaw: 0, pitch: 0 }) {
  const { offsets, ...rest } = expressionOf({ weights, gaze }, KEYPOINTS);
  const moved = [...offsets.entries()].filter(([, value]) => value !== 0);
  return {
    moved: Object.fromEntries(
      moved.map(([index, value]) => [`${Math.floor(index / 3)}.${AXES[index % 3]}`, Math.round(value * 1e6) / 1e6]),
    ),
    ...rest,
  };
}

describe('expressionOf', () => {
  it('leaves a neutral frame alone', () => {
    expect(offsetsOf({})).toEqual({ moved: {}, shut: 0, pitch: expect.closeTo(0) });
  });

  it('opens the jaw by 110 units, which tips the head back, unless the lips are held closed', () => {
    expect(offsetsOf({ jawOpen: 1 })).toEqual({ moved: { '19.y': 0.11, '19.z': 0.011, '17.y': -0.011 }, shut: 0, pitch: -5.5 });
    expect(offsetsOf({ jawOpen: 0.4, mouthClose: 0.4 }).moved).toEqual({});
  });

  it('never goes beyond what the editor allows', () => {
    expect(offsetsOf({ jawOpen: 1, mouthLowerDownLeft: 1, mouthLowerDownRight: 1 }).moved['19.y']).toBe(0.12);
    expect(offsetsOf({ mouthPucker: 1, mouthFunnel: 1 }).moved['14.y']).toBe(0.015);
    expect(offsetsOf({ mouthPressLeft: 1, mouthPressRight: 1, mouthRollLower: 1, mouthRollUpper: 1 }).moved['19.y']).toBe(-0.03);
  });

  it('leaves lids that close together to the network, and closes one alone by the offsets of its eye', () => {
    expect(offsetsOf({ eyeBlinkLeft: 0.8, eyeBlinkRight: 0.8 })).toMatchObject({ moved: {}, shut: 0.8 });
    // The person's left eye is on the picture's right: point 15 here.
    expect(offsetsOf({ eyeBlinkLeft: 1 })).toMatchObject({ moved: { '15.y': 0.02, '16.y': -0.006 }, shut: 0 });
    expect(offsetsOf({ eyeBlinkRight: 1 })).toMatchObject({ moved: { '11.y': 0.02, '13.y': -0.006 }, shut: 0 });
  });

  it('looks to the side with the outer eye farther, and up with lids that take a half back', () => {
    expect(offsetsOf({}, { yaw: 10, pitch: 0 }).moved).toEqual({ '11.x': 0.00301, '15.x': 0.0043 });
    expect(offsetsOf({}, { yaw: -10, pitch: 0 }).moved).toEqual({ '11.x': -0.0043, '15.x': -0.00301 });
    expect(offsetsOf({}, { yaw: 0, pitch: -10 }).moved).toEqual({
      '11.y': -0.00215,
      '13.y': -0.000645,
      '15.y': -0.00215,
      '16.y': -0.000645,
    });
  });

  it('moves the mouth to the side that the person calls left: the right of the picture', () => {
    expect(offsetsOf({ mouthLeft: 1 }).moved).toEqual({ '19.x': 0.03 });
    expect(offsetsOf({ mouthRight: 1 }).moved).toEqual({ '19.x': -0.03 });
  });
});

describe('changedExpression', () => {
  it('keeps points within what faces do, or what the portrait does by itself', () => {
    const source = new Float32Array(63);
    source[17 * 3 + 2] = -0.05;
    const offsets = new Float32Array(63).fill(0.5);
    const changed = changedExpression(source, offsets);
    expect([19 * 3 + 1, 17 * 3 + 2, 0].map((index) => changed[index])).toEqual([Math.fround(0.1806), Math.fround(0.0137), 0.5]);
    expect(changedExpression(source, new Float32Array(63).fill(-0.01))[17 * 3 + 2]).toBe(Math.fround(-0.05));
  });
});
