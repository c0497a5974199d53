import { describe, expect, it } from 'vitest';
import { framePortrait } from '../../../../../src-renderer/face/mesh/framing.ts';
import { portraitFace } from '../../../../doubles/portrait-faces.ts';

const face = portraitFace();

describe('framePortrait', () => {
  it('shows a canvas of the same shape the whole picture, pixel for pixel where sizes agree', () => {
    expect(framePortrait(face, { width: face.width, height: face.height })).toEqual({ scale: 1, left: 0, top: 0 });
    expect(framePortrait(face, { width: face.width / 2, height: face.height / 2 })).toEqual({ scale: 0.5, left: 0, top: 0 });
  });

  it('keeps the head in a wide canvas and puts the eyes a little above the middle', () => {
    const { scale, left, top } = framePortrait(face, { width: 1280, height: 720 });
    const [, headTop, , headBottom] = face.head;
    const eyes = ((face.landmarks[33 * 3 + 1] ?? 0) + (face.landmarks[263 * 3 + 1] ?? 0)) / 2;
    expect(top + headTop * scale).toBeGreaterThan(0);
    expect(top + headBottom * scale).toBeLessThan(720);
    expect((top + eyes * scale) / 720).toBeCloseTo(0.41, 1);
    expect(left).toBeCloseTo((1280 - face.width * scale) / 2, 0);
  });

  it('covers a narrow canvas without a gap', () => {
    const { scale, left, top } = framePortrait(face, { width: 420, height: 800 });
    expect(left).toBeLessThanOrEqual(0);
    expect(top).toBeLessThanOrEqual(0);
    expect(left + face.width * scale).toBeGreaterThanOrEqual(420);
    expect(top + face.height * scale).toBeGreaterThanOrEqual(800);
  });
});
