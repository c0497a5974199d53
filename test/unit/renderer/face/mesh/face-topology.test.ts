import { describe, expect, it } from 'vitest';
import { createFaceDeformer } from '../../../../../src-renderer/face/mesh/face-deformer.ts';
import { EYES, FACE_POINTS, loopOf, MOUTH, OVAL } from '../../../../../src-renderer/face/mesh/face-points.ts';
import { portraitFace } from '../../../../doubles/portrait-faces.ts';

const { bands } = createFaceDeformer(portraitFace(), { scale: 1, left: 0, top: 0 });

function edgesOf(all: readonly Uint16Array[]): Map<string, number> {
  const edges = new Map<string, number>();
  for (const triangles of all)
    for (let corner = 0; corner < triangles.length; corner += 1) {
      const next = corner % 3 === 2 ? corner - 2 : corner + 1;
      const key = [triangles[corner] ?? 0, triangles[next] ?? 0].sort((a, b) => a - b).join();
      edges.set(key, (edges.get(key) ?? 0) + 1);
    }
  return edges;
}

function loopEdges(loop: readonly number[]): string[] {
  return loop.map((point, step) => [point, loop[(step + 1) % loop.length] ?? 0].sort((a, b) => a - b).join());
}

describe('the triangles of the face', () => {
  it('use every point and no edge more than twice', () => {
    expect(new Set(bands.at(-1)).size).toBe(FACE_POINTS);
    expect(Math.max(...edgesOf(bands).values())).toBe(2);
  });

  it('leave open the eyes, the mouth and the last ring, and nothing else', () => {
    const open = [...edgesOf(bands)].filter(([, count]) => count === 1).map(([edge]) => edge);
    const holes = [MOUTH, ...EYES].flatMap((slit) => loopEdges(loopOf(slit)));
    const outside = open.filter((edge) => !holes.includes(edge));
    expect(holes.filter((edge) => !open.includes(edge))).toEqual([]);
    expect(outside).toHaveLength(OVAL.length);
    expect(outside.every((edge) => edge.split(',').every((point) => Number(point) >= FACE_POINTS))).toBe(true);
  });
});
