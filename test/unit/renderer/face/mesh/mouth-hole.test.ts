import { describe, expect, it } from 'vitest';
import { createFaceDeformer } from '../../../../../src-renderer/face/mesh/face-deformer.ts';
import { createMouthHole, HOLE_LOWER, HOLE_UPPER } from '../../../../../src-renderer/face/mesh/mouth-hole.ts';
import { createSoftEdges } from '../../../../../src-renderer/face/mesh/soft-edges.ts';
import type { FaceWeights } from '../../../../../src-preload/contract/index.ts';
import { frameOf, portraitFace } from '../../../../doubles/portrait-faces.ts';

const MIDDLE = (HOLE_UPPER.length - 1) / 2;

function opened(weights: FaceWeights) {
  const deformer = createFaceDeformer(portraitFace(), { scale: 1, left: 0, top: 0 });
  deformer.deform(frameOf({}));
  const edges = createSoftEdges(deformer);
  const hole = createMouthHole(deformer);
  deformer.deform(frameOf({ weights }));
  hole.update();
  edges.update(hole.opening(), 100);
  return { deformer, hole, edges };
}

const covers = (edge: Float32Array): Float32Array => edge.filter((_value, index) => index % 2 === 0);

describe('createMouthHole', () => {
  it('is the portrait itself while the mouth is as it was', () => {
    const { hole } = opened({});
    expect(hole.opening()).toBeLessThan(1e-6);
    expect(hole.teeth.filter((_value, index) => index % 4 === 3).every((open) => open === 0)).toBe(true);
  });

  it('keeps the upper teeth on the skull and takes the lower ones along with the jaw', () => {
    const before = opened({ jawOpen: 0.2 });
    const after = opened({ jawOpen: 0.6 });
    const upperEdge = (at: typeof before): number => (at.deformer.flat[13 * 2 + 1] ?? 0) - (at.hole.teeth[MIDDLE * 4 + 1] ?? 0);
    const lowerEdge = (at: typeof before): number => (at.deformer.flat[13 * 2 + 1] ?? 0) - (at.hole.teeth[MIDDLE * 4 + 2] ?? 0);
    expect(upperEdge(after)).toBeCloseTo(upperEdge(before), 2);
    expect(lowerEdge(after) - lowerEdge(before)).toBeGreaterThan(0.05);
  });

  it('has its edges exactly on the lips, wherever the head is', () => {
    const { deformer, hole } = opened({ jawOpen: 0.7 });
    for (const [column, point] of HOLE_UPPER.entries()) expect(hole.places[column * 2]).toBeCloseTo(deformer.places[point * 2] ?? 0, 2);
    for (const [column, point] of HOLE_LOWER.entries())
      expect(hole.places[(HOLE_UPPER.length + column) * 2 + 1]).toBeCloseTo(deformer.places[point * 2 + 1] ?? 0, 2);
  });

  it('is dark when the lips are rounded', () => {
    expect(opened({ jawOpen: 0.3 }).hole.roundness()).toBeLessThan(0.2);
    expect(opened({ jawOpen: 0.2, mouthPucker: 1 }).hole.roundness()).toBeGreaterThan(0.6);
  });
});

describe('createSoftEdges', () => {
  it('draws nothing over a face at rest', () => {
    expect(Math.max(...covers(opened({}).edges.edge))).toBe(0);
  });

  it('softens the lips of an open mouth and puts lashes on a lid that shuts', () => {
    const { edges } = opened({ jawOpen: 0.5, eyeBlinkLeft: 1 });
    const lashes = edges.edge.filter((_value, index) => index % 2 === 1);
    expect(Math.max(...covers(edges.edge))).toBe(1);
    expect(lashes.filter((share) => share > 0.5)).toHaveLength(14);
  });
});
