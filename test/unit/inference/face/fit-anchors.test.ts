import { describe, expect, it } from 'vitest';
import type { FaceAnchors } from '../../../../src-preload/contract/index.ts';
import { fitAnchors } from '../../../../src-main/inference/face/fit-anchors.ts';
import { MEAN_MESH } from '../../../../src-main/inference/face/mean-mesh.ts';
import { anchorsOf, eyeDistance, pointOf } from '../../../../src-main/inference/face/mesh-points.ts';

/** Anchors of the mean face, turned by an angle (radians), scaled and moved. */
function placed(angle: number, scale: number, x: number, y: number): { anchors: FaceAnchors; points: number[] } {
  const points: number[] = [];
  for (let index = 0; index < MEAN_MESH.length; index += 3) {
    const [u = 0, v = 0, z = 0] = MEAN_MESH.slice(index, index + 3);
    points.push(
      (u * Math.cos(angle) - v * Math.sin(angle)) * scale + x,
      (u * Math.sin(angle) + v * Math.cos(angle)) * scale + y,
      z * scale,
    );
  }
  return { anchors: anchorsOf(points), points };
}

const calm = placed(0, 200, 500, 400).anchors;

function farthest(one: readonly number[], other: readonly number[]): number {
  return Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? Infinity))));
}

describe('fitAnchors', () => {
  it.each([0, 0.4, -1.2, 3])('places the mean face exactly when the anchors are its own, turned by %d radians', (angle) => {
    const { anchors, points } = placed(angle, 150, 600, 700);
    expect(farthest(fitAnchors(anchors, 2000, 2000), points)).toBeLessThan(0.02);
  });

  it('meets anchors of a face with other proportions, and moves the rest smoothly with them', () => {
    const anchors: FaceAnchors = { ...calm, leftEye: [610, 380], rightEye: [380, 384], chin: [495, 705], lipBottom: [500, 600] };
    const landmarks = fitAnchors(anchors, 1000, 1000);
    const met = anchorsOf(landmarks);
    const misses = Object.entries(anchors).map(([name, [x, y]]) => {
      const [u, v] = met[name as keyof FaceAnchors];
      return Math.hypot(u - x, v - y);
    });
    // The eye's anchor is the middle of its corners, which bend a little around it.
    expect(Math.max(...misses)).toBeLessThan(0.03 * eyeDistance(landmarks));
    const [, brow] = pointOf(landmarks, 282);
    expect(brow).toBeLessThan(380);
    expect(landmarks).toHaveLength(478 * 3);
  });

  it('sorts left and right by the chin, for mirrored marks', () => {
    const swapped = { ...calm, leftEye: calm.rightEye, rightEye: calm.leftEye, mouthLeft: calm.mouthRight, mouthRight: calm.mouthLeft };
    expect(fitAnchors(swapped, 1000, 1000)).toEqual(fitAnchors(calm, 1000, 1000));
  });

  it('stays within the picture', () => {
    const { anchors } = placed(0, 200, 60, 60);
    const landmarks = fitAnchors(anchors, 400, 300);
    const outside = landmarks.filter((value, index) => index % 3 !== 2 && (value < 0 || value > (index % 3 === 0 ? 400 : 300)));
    expect(outside).toEqual([]);
  });

  it('refuses marks that lie on one another', () => {
    expect(() => fitAnchors({ ...calm, rightEye: calm.leftEye }, 1000, 1000)).toThrowError(
      expect.objectContaining({ code: 'face.anchors-unusable' }),
    );
  });
});
