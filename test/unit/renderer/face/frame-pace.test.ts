import { describe, expect, it } from 'vitest';
import { createFramePace } from '../../../../src-renderer/face/frame-pace.ts';
import { neutralFrame } from '../../../../src-preload/contract/motion.ts';

const PERIOD_MS = 40;

/** The moments, counted in periods, at which a face is drawn. */
function drawn(face: { quickFrom: number; isAwaited?: boolean }, isDrawnBySoftware: boolean, periods = 36): number[] {
  const frames = {
    frameAt: neutralFrame,
    quickAtMs: (atMs: number) => Math.max(atMs, face.quickFrom * PERIOD_MS),
    isAwaitedAt: () => face.isAwaited ?? false,
  };
  const pace = createFramePace(frames, { periodMs: PERIOD_MS, isDrawnBySoftware });
  return Array.from({ length: periods }, (_value, period) => period).filter((period) => pace.isDue(period * PERIOD_MS));
}

describe('createFramePace', () => {
  it('draws a face at rest at a part of its rate, and each frame from something quick on', () => {
    expect(drawn({ quickFrom: 8 }, true, 11)).toEqual([0, 3, 6, 7, 8, 9, 10]);
    expect(drawn({ quickFrom: 8 }, false, 11)).toEqual([0, 2, 4, 6, 7, 8, 9, 10]);
  });

  it('draws each frame of a face that does not know what comes', () => {
    const pace = createFramePace({ frameAt: neutralFrame }, { periodMs: PERIOD_MS, isDrawnBySoftware: true });
    expect([0, 40, 80].map((atMs) => pace.isDue(atMs))).toEqual([true, true, true]);
  });

  it('draws next to nothing while an answer is awaited, and waits for the end of a blink', () => {
    expect(drawn({ quickFrom: Infinity, isAwaited: true }, true)).toEqual([0, 10, 20, 30]);
    expect(drawn({ quickFrom: 0, isAwaited: true }, true)).toEqual([0, 15, 30]);
  });

  it('draws the next moment after a rest, whatever came before', () => {
    const pace = createFramePace({ frameAt: neutralFrame, quickAtMs: () => Infinity }, { periodMs: PERIOD_MS, isDrawnBySoftware: true });
    expect([pace.isDue(0), pace.isDue(40)]).toEqual([true, false]);
    pace.restart();
    expect(pace.isDue(80)).toBe(true);
  });
});
