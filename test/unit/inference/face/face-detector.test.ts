import { describe, expect, it } from 'vitest';
import { containment, mergeDetections, overlap, type Detection } from '../../../../src-main/inference/face/face-detector.ts';

function found(score: number, left: number, top: number, size: number): Detection {
  const keyPoints = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? left : top) + size / 2);
  return { score, left, top, right: left + size, bottom: top + size, keyPoints };
}

describe('mergeDetections', () => {
  it('makes one of boxes that overlap: their mean, weighted by score, with the best score', () => {
    const [merged, ...others] = mergeDetections([found(0.6, 0, 0, 10), found(0.9, 1, 0, 10)]);
    expect(others).toEqual([]);
    expect(merged?.score).toBe(0.9);
    expect(merged?.left).toBeCloseTo(0.6);
    expect(merged?.right).toBeCloseTo(10.6);
    expect(merged?.keyPoints[0]).toBeCloseTo(5.6);
  });

  it('keeps faces beside each other, surest first', () => {
    const [left, right] = [found(0.7, 0, 0, 10), found(0.8, 9, 0, 10)];
    expect(mergeDetections([left, right]).map(({ score }) => score)).toEqual([0.8, 0.7]);
  });

  it('finds nothing in nothing', () => {
    expect(mergeDetections([])).toEqual([]);
  });
});

describe('overlap and containment', () => {
  it('measure against both boxes and against the smaller one', () => {
    const [large, small] = [found(1, 0, 0, 10), found(1, 0, 0, 5)];
    expect([overlap(large, small), containment(large, small)]).toEqual([0.25, 1]);
    expect([overlap(large, found(1, 20, 0, 5)), containment(large, found(1, 20, 0, 5))]).toEqual([0, 0]);
  });
});
