import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { frameFace } from '../../../../../src-renderer/face/three-d/framing.ts';

/** Where a point of the scene is in the picture, 0..1 from the top left. */
function seen(camera: PerspectiveCamera, point: Vector3): { x: number; y: number } {
  const { x, y } = point.clone().project(camera);
  return { x: (x + 1) / 2, y: (1 - y) / 2 };
}

const FACE = { centre: new Vector3(0.02, 1.6, 0.08), height: 0.2 };

describe('frameFace', () => {
  it.each([
    [1280, 720],
    [576, 720],
    [300, 900],
  ])('shows the face of a %i × %i picture in the middle, a little above', (width, height) => {
    const camera = new PerspectiveCamera();
    frameFace(camera, FACE, width, height);
    const middle = seen(camera, FACE.centre);
    expect(middle.x).toBeCloseTo(0.5, 5);
    expect(middle.y).toBeCloseTo(0.42, 2);
  });

  it('shows head and shoulders, however wide the picture is', () => {
    const camera = new PerspectiveCamera();
    const share = (width: number, height: number): number => {
      frameFace(camera, FACE, width, height);
      const at = (y: number): number => seen(camera, FACE.centre.clone().add(new Vector3(0, y, 0))).y;
      return at(-FACE.height / 2) - at(FACE.height / 2);
    };
    expect(share(1280, 720)).toBeCloseTo(1 / 2.8, 2);
    expect(share(576, 720)).toBeCloseTo(1 / 2.8, 2);
    // A tall picture shows more above and below instead of half a face.
    expect(share(300, 900)).toBeLessThan(0.2);
  });
});
