import { describe, expect, it } from 'vitest';
import { neutralFrame } from '../../../../src-preload/contract/motion.ts';
import { createFramePace } from '../../../../src-renderer/face/frame-pace.ts';
import { createReceivedFrames } from '../../../../src-renderer/features/face/received-frames.ts';
import { createFrameTeller } from '../../../../src-renderer/features/face/tell-frames.ts';

/** A face that looks aside and moves in no other way, told at `fps` from one window to another for two seconds. */
function told(fps: number, face: { isAwaited: boolean }) {
  const frames = {
    frameAt: (atMs: number) => ({ ...neutralFrame(atMs), head: { ...neutralFrame(0).head, yaw: 8 } }),
    quickAtMs: () => Infinity,
    isAwaitedAt: () => face.isAwaited,
  };
  const received = createReceivedFrames();
  const madeAtMs = new Set<number>();
  let now = 0;
  const tell = createFrameTeller(frames, createFramePace(frames, { periodMs: 1000 / fps, isDrawnBySoftware: true }), (frame) => {
    madeAtMs.add(frame.atMs);
    received.take(frame, now);
  });
  const seen: number[] = [];
  for (; now < 2000; now += 1000 / fps) {
    tell(now);
    seen.push(received.frameAt(now).head.yaw);
  }
  return { made: madeAtMs.size, seen };
}

describe('createFrameTeller', () => {
  it.each([10, 25, 60])('keeps a face where it is while it holds still for an answer, at %i frames a second', (fps) => {
    const { made, seen } = told(fps, { isAwaited: true });
    expect(made).toBe(Math.ceil((2 * fps) / 10));
    expect(new Set(seen)).toEqual(new Set([8]));
  });

  it.each([10, 25, 60])('keeps it also at rest', (fps) => {
    const { made, seen } = told(fps, { isAwaited: false });
    expect(made).toBe(Math.ceil((2 * fps) / 3));
    expect(new Set(seen)).toEqual(new Set([8]));
  });
});
