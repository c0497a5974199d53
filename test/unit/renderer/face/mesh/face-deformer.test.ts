import { describe, expect, it } from 'vitest';
import type { FaceWeights } from '../../../../../src-preload/contract/index.ts';
import { createFaceDeformer, MOVING_POINTS, type FaceDeformer } from '../../../../../src-renderer/face/mesh/face-deformer.ts';
import { EYES, FACE_POINTS, LEFT_EYE_OUTER, MOUTH, OVAL, RIGHT_EYE_OUTER } from '../../../../../src-renderer/face/mesh/face-points.ts';
import { frameOf, portraitFace, portraitStates, SHIPPED } from '../../../../doubles/portrait-faces.ts';

const AS_IT_IS = { scale: 1, left: 0, top: 0 };

function deformer(id: (typeof SHIPPED)[number] = 'default'): FaceDeformer {
  return createFaceDeformer(portraitFace(id), AS_IT_IS);
}

function both(name: 'mouthStretch' | 'mouthSmile' | 'mouthPress' | 'eyeBlink' | 'browOuterUp' | 'mouthUpperUp', weight = 1): FaceWeights {
  return { [`${name}Left`]: weight, [`${name}Right`]: weight };
}

/** Mean distance of the face's points from where a state really has them, % of the distance of the outer eye corners. */
function misfit(places: Float32Array, landmarks: readonly number[]): number {
  const unit = Math.hypot(
    (landmarks[LEFT_EYE_OUTER * 2] ?? 0) - (landmarks[RIGHT_EYE_OUTER * 2] ?? 0),
    (landmarks[LEFT_EYE_OUTER * 2 + 1] ?? 0) - (landmarks[RIGHT_EYE_OUTER * 2 + 1] ?? 0),
  );
  let sum = 0;
  for (let point = 0; point < FACE_POINTS; point += 1)
    sum += Math.hypot(
      (places[point * 2] ?? 0) - (landmarks[point * 2] ?? 0),
      (places[point * 2 + 1] ?? 0) - (landmarks[point * 2 + 1] ?? 0),
    );
  return (100 * sum) / FACE_POINTS / unit;
}

/** Twice the area of each triangle of the face on the canvas, < 0 = it shows its back. */
function areas({ bands, places }: FaceDeformer): number[] {
  const triangles = bands.at(-1) ?? new Uint16Array();
  const at = (corner: number, axis: number): number => places[(triangles[corner] ?? 0) * 2 + axis] ?? 0;
  return Array.from({ length: triangles.length / 3 }, (_value, order) => {
    const [a, b, c] = [order * 3, order * 3 + 1, order * 3 + 2];
    return (at(b, 0) - at(a, 0)) * (at(c, 1) - at(a, 1)) - (at(b, 1) - at(a, 1)) * (at(c, 0) - at(a, 0));
  });
}

const STATES: Record<string, FaceWeights> = {
  aa_small: { jawOpen: 0.38 },
  aa_wide: { jawOpen: 1 },
  oh: { jawOpen: 0.5, mouthFunnel: 1 },
  oo: { jawOpen: 0.12, mouthPucker: 1 },
  ee: { jawOpen: 0.14, ...both('mouthStretch') },
  pp: both('mouthPress'),
  ff: { jawOpen: 0.15, mouthRollLower: 1, ...both('mouthUpperUp') },
  smile: both('mouthSmile'),
  blink: both('eyeBlink'),
  brows_up: { browInnerUp: 1, ...both('browOuterUp') },
};

describe('createFaceDeformer', () => {
  it('leaves every point of the face where it was found, but for the lids, whose edge it takes at the lashes', () => {
    const face = portraitFace();
    const still = deformer();
    still.deform(frameOf({}));
    const lids = new Set(EYES.flatMap((eye) => [...eye.upper, ...eye.lower, ...eye.corners]));
    const moved = Array.from({ length: FACE_POINTS }, (_value, point) =>
      Math.hypot(
        (still.places[point * 2] ?? 0) - (face.landmarks[point * 3] ?? 0),
        (still.places[point * 2 + 1] ?? 0) - (face.landmarks[point * 3 + 1] ?? 0),
      ),
    );
    expect(Math.max(...moved.filter((_way, point) => !lids.has(point)))).toBeLessThan(0.02);
    expect(Math.max(...moved)).toBeLessThan(4);
  });

  it.each(SHIPPED)('puts the points of %s within 3 %% of the eye distance of where each state really has them', (id) => {
    const states = portraitStates(id);
    const body = deformer(id);
    const errors = Object.entries(STATES).flatMap(([state, weights]) => {
      const known = states[state];
      if (known === undefined) return [];
      body.deform(frameOf({ weights }));
      return [{ state, error: misfit(body.places, known.landmarks) }];
    });
    expect(errors.length).toBeGreaterThan(8);
    expect(errors.filter(({ error }) => !(error < 3))).toEqual([]);
  });

  it('shuts both lids exactly, on every face', () => {
    for (const id of SHIPPED) {
      const body = deformer(id);
      body.deform(frameOf({ weights: both('eyeBlink'), head: { yaw: 6, pitch: -4 } }));
      for (const eye of EYES)
        for (const [order, upper] of eye.upper.entries()) {
          const lower = eye.lower[order] ?? 0;
          expect(Math.abs((body.flat[upper * 2 + 1] ?? 0) - (body.flat[lower * 2 + 1] ?? 1))).toBeLessThan(1e-6);
        }
      expect([...body.eyesOpen]).toEqual([0, 0]);
    }
  });

  it('blinks with one eye alone', () => {
    const body = deformer();
    body.deform(frameOf({ weights: { eyeBlinkLeft: 1 } }));
    expect([...body.eyesOpen]).toEqual([1, 0]);
  });

  it('closes the lips over an open jaw when mouthClose is as strong as jawOpen', () => {
    const body = deformer();
    body.deform(frameOf({ weights: { jawOpen: 0.4, mouthClose: 0.4 } }));
    const gaps = MOUTH.upper.map((upper, order) => (body.flat[(MOUTH.lower[order] ?? 0) * 2 + 1] ?? 0) - (body.flat[upper * 2 + 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(0.005);
    expect(body.jaw[1]).toBeGreaterThan(0.05);
  });

  it('never lets the lips pass each other, whatever is asked at once', () => {
    const body = deformer();
    body.deform(
      frameOf({ weights: { ...both('mouthPress'), mouthRollLower: 1, mouthRollUpper: 1, mouthShrugLower: 1, mouthFunnel: 0.2 } }),
    );
    const gaps = MOUTH.upper.map((upper, order) => (body.flat[(MOUTH.lower[order] ?? 0) * 2 + 1] ?? 0) - (body.flat[upper * 2 + 1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(-0.01);
  });

  it('keeps the outermost ring where it is, however the head turns, so that the still picture around fits', () => {
    const body = deformer();
    body.deform(frameOf({}));
    const first = MOVING_POINTS - OVAL.length;
    const before = body.places.slice(first * 2);
    body.deform(frameOf({ head: { yaw: 20, pitch: -12, roll: 15, x: 0.1, y: -0.05 }, breath: 1, weights: { jawOpen: 1 } }));
    expect(body.places.slice(first * 2)).toEqual(before);
  });

  it.each([{ yaw: 5 }, { yaw: -5 }, { roll: 12 }, { pitch: 4 }])('folds nearly nothing of the face over when it turns by %o', (head) => {
    for (const id of SHIPPED) {
      const body = deformer(id);
      body.deform(frameOf({}));
      const before = areas(body);
      body.deform(frameOf({ head }));
      const folded = areas(body).filter((area, order) => area < -1 && (before[order] ?? 0) >= 0);
      expect(folded.length, id).toBeLessThan(5);
    }
  });

  it('turns the nose further than the temples, and to the side that is asked', () => {
    const body = deformer();
    body.deform(frameOf({}));
    const before = body.places.slice();
    body.deform(frameOf({ head: { yaw: 10 } }));
    const way = (point: number): number => (body.places[point * 2] ?? 0) - (before[point * 2] ?? 0);
    expect(way(1)).toBeGreaterThan(way(454));
    expect(way(454)).toBeGreaterThan(0);
  });

  it('raises shoulders more than the head with a breath', () => {
    const body = deformer();
    body.deform(frameOf({}));
    const before = body.places.slice();
    body.deform(frameOf({ breath: 1 }));
    const rise = Array.from({ length: MOVING_POINTS }, (_value, point) => (before[point * 2 + 1] ?? 0) - (body.places[point * 2 + 1] ?? 0));
    expect(Math.max(...rise.slice(FACE_POINTS))).toBeGreaterThan(2 * (rise[1] ?? 0));
    expect(rise[1]).toBeGreaterThan(0);
  });

  it('moves the irises by 0.051 of the eye distance when they look 20° aside', () => {
    const body = deformer();
    body.deform(frameOf({ gaze: { yaw: 20 } }));
    expect(body.gaze[0]).toBeCloseTo(0.051, 3);
  });

  it('stays finite for weights and angles beyond all limits', () => {
    const body = deformer();
    body.deform(
      frameOf({ weights: { jawOpen: 40, mouthSmileLeft: -3 }, head: { yaw: 400, pitch: -900, roll: 1e4 }, gaze: { yaw: 1e5 }, breath: 7 }),
    );
    expect(body.places.every(Number.isFinite)).toBe(true);
  });
});
