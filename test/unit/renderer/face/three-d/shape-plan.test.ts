import { describe, expect, it } from 'vitest';
import { ARKIT_NAMES, type FaceWeights } from '../../../../../src-preload/contract/index.ts';
import { COARSE_NAMES, meaningOf, VISEMES } from '../../../../../src-renderer/face/three-d/shape-names.ts';
import { planShapes } from '../../../../../src-renderer/face/three-d/shape-plan.ts';

const VOWELS = ['aa', 'ih', 'ou', 'ee', 'oh'];
const visemes = VISEMES.map((name) => `viseme_${name}`);

/** What each shape of a model is moved by these weights, without those that stay. */
function moved(names: readonly string[], weights: FaceWeights): Record<string, number> {
  const { drives } = planShapes(names);
  return Object.fromEntries(
    drives.map(({ name, weight }) => [name, Math.round(weight(weights) * 100) / 100]).filter(([, value]) => value !== 0),
  );
}

const largest = (weights: Record<string, number>): string | undefined => Object.entries(weights).sort(([, a], [, b]) => b - a)[0]?.[0];

describe('meaningOf', () => {
  it.each([
    ['eyeBlinkLeft', 'eyeBlinkLeft'],
    ['EYEBLINKLEFT', 'eyeBlinkLeft'],
    ['eyeBlink_L', 'eyeBlinkLeft'],
    ['blendShape1.eyeBlink_R', 'eyeBlinkRight'],
    ['Mouth_Smile_Left', 'mouthSmileLeft'],
    ['ARKit_jawOpen', 'jawOpen'],
    ['mouthLeft', 'mouthLeft'],
    ['mouth_L', 'mouthLeft'],
  ])('knows %s as %s of ARKit', (name, meant) => {
    expect(meaningOf(name)).toEqual({ kind: 'arkit', name: meant });
  });

  it('knows all of ARKit, all visemes and all expressions by their own names', () => {
    expect(ARKIT_NAMES.map((name) => meaningOf(name))).toEqual(ARKIT_NAMES.map((name) => ({ kind: 'arkit', name })));
    expect(VISEMES.map((name) => meaningOf(`viseme_${name}`))).toEqual(VISEMES.map((name) => ({ kind: 'viseme', name })));
    expect(COARSE_NAMES.map((name) => meaningOf(name))).toEqual(COARSE_NAMES.map((name) => ({ kind: 'coarse', name })));
  });

  it.each(['Fcl_MTH_A', 'happy', 'PP', 'smirk', ''])('makes nothing of %j', (name) => {
    expect(meaningOf(name)).toBeUndefined();
  });
});

describe('planShapes', () => {
  it('moves ARKit shapes by their own weights, and no other mouth beside them', () => {
    const names = [...ARKIT_NAMES, ...visemes, ...VOWELS, 'mouthOpen', 'mouthSmile'];
    expect(planShapes(names).mouth).toBe('arkit');
    expect(moved(names, { jawOpen: 0.4, mouthSmileLeft: 0.2, eyeBlinkRight: 1, browInnerUp: 0.3 })).toEqual({
      jawOpen: 0.4,
      mouthSmileLeft: 0.2,
      eyeBlinkRight: 1,
      browInnerUp: 0.3,
    });
  });

  it('never moves a shape beyond its end', () => {
    expect(moved(['jawOpen'], { jawOpen: 3 })).toEqual({ jawOpen: 1 });
    expect(moved(['jawOpen'], { jawOpen: -1 })).toEqual({});
  });

  it('speaks by visemes where ARKit has too few mouth shapes', () => {
    const names = ['jawOpen', 'eyeBlinkLeft', 'eyeBlinkRight', ...visemes];
    expect(planShapes(names).mouth).toBe('visemes');
    expect(Object.keys(moved(names, { jawOpen: 0.5 }))).toEqual(['viseme_aa', 'viseme_I']);
    expect(Object.keys(moved(names, { jawOpen: 0.3, mouthFunnel: 0.9 }))).toContain('viseme_O');
    expect(moved(names, { mouthPressLeft: 1, mouthPressRight: 1, jawOpen: 0.2, mouthClose: 0.2 })).toEqual({ viseme_PP: 1 });
    expect(Object.keys(moved(names, { mouthRollLower: 1, jawOpen: 0.05 }))).toContain('viseme_FF');
  });

  it('speaks by the vowels of a VRM', () => {
    const open = moved(VOWELS, { jawOpen: 0.5 });
    const round = moved(VOWELS, { jawOpen: 0.1, mouthPucker: 1 });
    const wide = moved(VOWELS, { jawOpen: 0.2, mouthStretchLeft: 1, mouthStretchRight: 1 });
    expect([open, round, wide].map(largest)).toEqual(['aa', 'ou', 'ee']);
  });

  it('keeps a VRM closed on p, b, m and in silence, also when it smiles', () => {
    const closed: FaceWeights[] = [
      {},
      { mouthSmileLeft: 1, mouthSmileRight: 1 },
      { jawOpen: 0.3, mouthClose: 0.3, mouthPressLeft: 0.6, mouthPressRight: 0.6 },
    ];
    expect(closed.map((weights) => moved(VOWELS, weights))).toEqual([{}, {}, {}]);
  });

  it('never lets the vowels add up to much more than one open mouth', () => {
    const steps = [0, 0.25, 0.5, 0.75, 1];
    const sums = steps.flatMap((jawOpen) =>
      steps.flatMap((mouthFunnel) =>
        steps.map((stretch) => {
          const weights = moved(VOWELS, { jawOpen, mouthFunnel, mouthStretchLeft: stretch, mouthStretchRight: stretch });
          return Object.values(weights).reduce((sum, weight) => sum + weight, 0);
        }),
      ),
    );
    expect(Math.max(...sums)).toBeLessThanOrEqual(1.5);
  });

  it('blinks by the finest shapes there are', () => {
    const blink: FaceWeights = { eyeBlinkLeft: 1, eyeBlinkRight: 0.5 };
    expect(moved(['eyeBlink_L', 'eyeBlink_R', 'blink', 'blinkLeft'], blink)).toEqual({ eyeBlink_L: 1, eyeBlink_R: 0.5 });
    expect(moved(['blink', 'blinkLeft', 'blinkRight'], blink)).toEqual({ blinkLeft: 1, blinkRight: 0.5 });
    expect(moved(['blink'], blink)).toEqual({ blink: 0.75 });
    expect(moved(['eyesClosed'], blink)).toEqual({ eyesClosed: 0.75 });
  });

  it('keeps the shapes of the gaze apart, for models whose eyes do not turn', () => {
    const { gaze, drives } = planShapes(['jawOpen', 'lookUp', 'lookLeft', 'lookRight', 'lookDown']);
    const weights: FaceWeights = { eyeLookOutLeft: 0.6, eyeLookInRight: 0.6, eyeLookUpLeft: 0.2, eyeLookUpRight: 0.2 };
    expect(Object.fromEntries(gaze.map(({ name, weight }) => [name, weight(weights)]))).toEqual({
      lookUp: 0.2,
      lookLeft: 0.6,
      lookRight: 0,
      lookDown: 0,
    });
    expect(drives.map(({ name }) => name)).toEqual(['jawOpen']);
  });

  it('says when there is no mouth', () => {
    expect(planShapes(['blink', 'Fcl_ALL_Joy']).mouth).toBe('none');
  });
});
