import { describe, expect, it } from 'vitest';
import { neutralFrame, type MotionFrame } from '../../../../src-preload/contract/index.ts';
import { drive, stitched } from '../../../../src-main/inference/liveportrait/live-face.ts';
import { placeKeypoints, rotationOf } from '../../../../src-main/inference/liveportrait/pose.ts';
import { KEYPOINTS } from '../../../fixtures/face/make-liveportrait-graphs.ts';

const head = { pitch: 5, yaw: -8, roll: 3 };
const pose = {
  keypoints: Float32Array.from(KEYPOINTS),
  rotation: rotationOf(head),
  expression: new Float32Array(63).fill(0.005),
  scale: 1.4,
  shift: [0.1, -0.2] as const,
};
const portrait = { pose, head, eyes: 0.3, angle: 0 };

function driven(change: Partial<MotionFrame['head']>, more: Partial<MotionFrame> = {}, own = portrait): Float32Array {
  const frame = neutralFrame(0);
  return drive({ ...frame, ...more, head: { ...frame.head, ...change } }, own).keypoints;
}

/** Mean of the differences along an axis. */
function meanShift(moved: Float32Array, axis: number): number {
  const source = placeKeypoints(pose);
  let sum = 0;
  for (let point = 0; point < 21; point += 1) sum += (moved[point * 3 + axis] ?? 0) - (source[point * 3 + axis] ?? 0);
  return sum / 21;
}

describe('drive', () => {
  it('gives the keypoints of the portrait itself for a neutral frame', () => {
    expect(driven({})).toEqual(placeKeypoints(pose));
  });

  it('turns the nose to the picture’s right, down, and the crown to its left, as a frame counts', () => {
    const upright = {
      ...portrait,
      head: { pitch: 0, yaw: 0, roll: 0 },
      pose: { ...pose, rotation: rotationOf({ pitch: 0, yaw: 0, roll: 0 }) },
    };
    const source = placeKeypoints(upright.pose);
    const moves = (change: Partial<MotionFrame['head']>, point: number): number[] =>
      [0, 1].map((axis) =>
        Math.sign(Math.round(1e5 * ((driven(change, {}, upright)[point * 3 + axis] ?? 0) - (source[point * 3 + axis] ?? 0)))),
      );
    // Point 14 lies in the middle of the face, before the head; points 1 and 2 are the brows.
    expect(moves({ yaw: 10 }, 14)[0]).toBe(1);
    expect(moves({ pitch: 10 }, 1)[1]).toBe(1);
    expect(moves({ roll: 10 }, 1)[0]).toBe(-1);
  });

  it('moves by eye distances along the picture, also in a crop that is turned', () => {
    expect([0, 1].map((axis) => meanShift(driven({ x: 1 }), axis))).toEqual([expect.closeTo(0.3), expect.closeTo(0)]);
    const turned = driven({ x: 1 }, {}, { ...portrait, angle: Math.PI / 2 });
    expect([0, 1].map((axis) => meanShift(turned, axis))).toEqual([expect.closeTo(0), expect.closeTo(-0.3)]);
  });

  it('stops where a head stops, but leaves a portrait that is turned farther by itself', () => {
    expect(driven({ roll: 90 })).toEqual(driven({ roll: 23 }));
    const far = { ...portrait, head: { ...head, roll: -35 } };
    expect(driven({ roll: 10 }, {}, far)).toEqual(driven({}, {}, far));
  });
});

describe('stitched', () => {
  it('adds a movement of each keypoint, and one of all that leaves the depth', () => {
    const driving = new Float32Array(63).fill(1);
    const stitch = Float32Array.from({ length: 65 }, (_, index) => (index === 63 ? 10 : index === 64 ? 20 : index));
    expect(Array.from(stitched(driving, stitch).subarray(0, 6))).toEqual([11, 22, 3, 14, 25, 6]);
  });
});
