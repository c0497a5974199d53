import { describe, expect, it } from 'vitest';
import { MEAN_MESH } from '../../../../src-main/inference/face/mean-mesh.ts';
import {
  anchorsOf,
  boxOf,
  eyeDistance,
  eyeOpenness,
  LEFT_EYE,
  mouthOpenness,
  pointOf,
  RIGHT_EYE,
} from '../../../../src-main/inference/face/mesh-points.ts';

describe('the mean face', () => {
  it('looks straight ahead: left and right mirror each other, the eyes are one apart, the mouth is closed and the eyes are open', () => {
    expect(eyeDistance(MEAN_MESH)).toBeCloseTo(1, 3);
    const { leftEye, rightEye, mouthLeft, mouthRight, lipTop, lipBottom, chin } = anchorsOf(MEAN_MESH);
    expect(
      [leftEye[0] + rightEye[0], leftEye[1] - rightEye[1], mouthLeft[0] + mouthRight[0], chin[0]].map((value) => Math.abs(value) < 0.001),
    ).toEqual([true, true, true, true]);
    expect(leftEye[0]).toBeGreaterThan(0);
    expect([leftEye[1] < lipTop[1], lipTop[1] < lipBottom[1], lipBottom[1] < chin[1]]).toEqual([true, true, true]);
    expect(mouthOpenness(MEAN_MESH)).toBeLessThan(0.03);
    expect(eyeOpenness(MEAN_MESH, LEFT_EYE)).toBeCloseTo(eyeOpenness(MEAN_MESH, RIGHT_EYE), 2);
    expect(eyeOpenness(MEAN_MESH, LEFT_EYE)).toBeGreaterThan(0.2);
  });

  it('has its nose towards the viewer and its box around all points', () => {
    expect(MEAN_MESH[4 * 3 + 2]).toBeLessThan(-0.3);
    const [left, top, right, bottom] = boxOf(MEAN_MESH);
    expect(left).toBeCloseTo(-right, 2);
    expect([top, bottom]).toEqual([pointOf(MEAN_MESH, 10)[1], pointOf(MEAN_MESH, 152)[1]]);
  });
});
