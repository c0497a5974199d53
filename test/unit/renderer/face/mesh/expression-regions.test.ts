import { describe, expect, it } from 'vitest';
import { stateShares } from '../../../../../src-renderer/face/mesh/arkit-shapes.ts';
import { mixInside, mixSkin, regionsOf, trianglesIn } from '../../../../../src-renderer/face/mesh/expression-regions.ts';
import { createFaceDeformer } from '../../../../../src-renderer/face/mesh/face-deformer.ts';
import { OVAL } from '../../../../../src-renderer/face/mesh/face-points.ts';
import { portraitFace } from '../../../../doubles/portrait-faces.ts';

const all = (): boolean => true;

describe('mixSkin', () => {
  it('leaves the portrait alone when nothing is said', () => {
    expect(mixSkin(stateShares({}), all)).toEqual({ states: [], total: 0 });
  });

  it('takes the three strongest states, which share what the portrait gives up', () => {
    const mix = mixSkin(stateShares({ jawOpen: 0.3, mouthFunnel: 0.5, mouthPucker: 0.3, mouthSmileLeft: 0.1, mouthSmileRight: 0.1 }), all);
    expect(mix.states.map(({ state }) => state)).toEqual(['oh', 'aa_small', 'oo']);
    expect(mix.states.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(mix.total).toBe(1);
  });

  it('does without states that the set does not have', () => {
    expect(mixSkin(stateShares({ mouthPucker: 0.5 }), (state) => state !== 'oo')).toEqual({ states: [], total: 0 });
  });
});

describe('mixInside', () => {
  it('shows only states that open the mouth, and "aa_small" where a mouth opens without any', () => {
    expect(mixInside(stateShares({ mouthSmileLeft: 1, mouthSmileRight: 1 }), all).states).toEqual([{ state: 'aa_small', share: 1 }]);
    const wide = mixInside(stateShares({ jawOpen: 1 }), all);
    expect(wide.states[0]?.state).toBe('aa_wide');
    expect(wide.states[0]?.share).toBeGreaterThan(0.9);
  });
});

describe('stateShares', () => {
  it('gives a mouth that is closed over an open jaw none of the open states', () => {
    const shares = stateShares({ jawOpen: 0.4, mouthClose: 0.4 });
    expect(shares.aa_small + shares.aa_wide).toBeLessThan(0.02);
  });
});

describe('regionsOf', () => {
  const regions = regionsOf(createFaceDeformer(portraitFace(), { scale: 1, left: 0, top: 0 }).rest);

  it('covers lips, lids and brows wholly, and the outline of the face not at all', () => {
    expect([13, 14, 61, 291, 17].map((point) => regions.mouth[point])).toEqual([1, 1, 1, 1, 1]);
    expect([159, 145].map((point) => regions.eyes[0]?.[point])).toEqual([1, 1]);
    expect([regions.brows[105], regions.brows[334]]).toEqual([1, 1]);
    for (const region of [regions.mouth, regions.brows, ...regions.eyes]) expect(OVAL.every((point) => region[point] === 0)).toBe(true);
  });

  it('keeps each region to its part of the face', () => {
    expect([regions.mouth[159], regions.mouth[4], regions.brows[13], regions.eyes[0]?.[386]]).toEqual([0, 0, 0, 0]);
    expect(trianglesIn(regions.mouth).length).toBeLessThan(3 * 500);
  });
});
