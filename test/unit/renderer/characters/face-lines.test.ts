import { describe, expect, it } from 'vitest';
import { FACE_LINES, facePath } from '../../../../src-renderer/features/characters/face-lines.ts';

describe('facePath', () => {
  it('draws each outline through its points, closed where it is a ring', () => {
    const landmarks = Array.from({ length: 478 * 3 }, (_, index) =>
      index % 3 === 0 ? index / 3 : index % 3 === 1 ? 1000 + (index - 1) / 3 : 0,
    );
    const path = facePath(landmarks);
    expect(path.split('M').slice(1)).toHaveLength(FACE_LINES.length);
    expect(path.startsWith('M10.0 1010.0L338.0 1338.0L')).toBe(true);
    expect(path.match(/Z/g)).toHaveLength(FACE_LINES.filter(({ closed }) => closed).length);
  });

  it('draws nothing while there is no mesh', () => {
    expect(facePath([])).toBe('');
  });

  it('names points of the mesh only, each once in its line', () => {
    for (const { points } of FACE_LINES) {
      expect(new Set(points).size).toBe(points.length);
      expect(points.every((point) => Number.isInteger(point) && point >= 0 && point < 478)).toBe(true);
    }
  });
});
