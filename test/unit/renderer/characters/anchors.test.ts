import { describe, expect, it } from 'vitest';
import type { FaceAnchors } from '../../../../src-preload/contract/index.ts';
import { ANCHOR_NAMES, guessedAnchors, withAnchor } from '../../../../src-renderer/features/characters/anchors.ts';

describe('guessedAnchors', () => {
  it.each([
    [1000, 1000],
    [300, 2000],
    [4000, 600],
    [1, 1],
  ])('puts an upright face inside a picture of %d x %d, each point once', (width, height) => {
    const anchors = guessedAnchors(width, height);
    expect(Object.keys(anchors).toSorted()).toEqual([...ANCHOR_NAMES].toSorted());
    for (const [x, y] of Object.values(anchors)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(height);
    }
    expect(anchors.rightEye[0]).toBeLessThan(anchors.leftEye[0]);
    const down = [anchors.leftEye, anchors.lipTop, anchors.mouthLeft, anchors.lipBottom, anchors.chin].map(([, y]) => y);
    expect(down).toEqual(down.toSorted((a, b) => a - b));
  });
});

describe('withAnchor', () => {
  const anchors: FaceAnchors = guessedAnchors(100, 100);

  it('moves one point and leaves the others', () => {
    expect(withAnchor(anchors, 'chin', [40, 90], { width: 100, height: 100 })).toEqual({ ...anchors, chin: [40, 90] });
  });

  it('keeps it inside the picture', () => {
    expect(withAnchor(anchors, 'chin', [-5, 130], { width: 100, height: 100 }).chin).toEqual([0, 100]);
  });
});
