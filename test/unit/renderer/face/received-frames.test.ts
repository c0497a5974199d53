import { describe, expect, it } from 'vitest';
import { neutralFrame, type MotionFrame } from '../../../../src-preload/contract/motion.ts';
import { createReceivedFrames } from '../../../../src-renderer/features/face/received-frames.ts';

const TOLD: MotionFrame = {
  atMs: 1000,
  weights: { jawOpen: 0.8 },
  head: { yaw: 4, pitch: 2, roll: 8, x: 0.5, y: 0.25 },
  gaze: { yaw: 12, pitch: 6 },
  breath: 1,
};
const HALF: Omit<MotionFrame, 'atMs'> = {
  weights: { jawOpen: 0.4 },
  head: { yaw: 2, pitch: 1, roll: 4, x: 0.25, y: 0.125 },
  gaze: { yaw: 6, pitch: 3 },
  breath: 0.5,
};
const REST = { ...neutralFrame(0), weights: { jawOpen: 0 } };

/** The face has been told one frame at 1000 ms and was drawn with it until 1300 ms. */
function createTold() {
  const frames = createReceivedFrames();
  frames.take(TOLD, 1000);
  frames.frameAt(1000);
  frames.frameAt(1300);
  return frames;
}

describe('createReceivedFrames', () => {
  it('is neutral before anything came', () => {
    expect(createReceivedFrames().frameAt(500)).toEqual(neutralFrame(500));
  });

  it('shows the newest frame, at the time that it is drawn for', () => {
    const frames = createReceivedFrames();
    frames.take(neutralFrame(960), 960);
    frames.take(TOLD, 1000);
    expect(frames.frameAt(1300)).toEqual({ ...TOLD, atMs: 1300 });
  });

  it('eases to rest within 150 ms when nothing came for 300 ms', () => {
    const frames = createTold();
    expect(frames.frameAt(1375)).toEqual({ ...HALF, atMs: 1375 });
    expect(frames.frameAt(1450)).toEqual({ ...REST, atMs: 1450 });
    expect(frames.frameAt(9000)).toEqual({ ...REST, atMs: 9000 });
  });

  it('eases back when frames come again', () => {
    const frames = createTold();
    frames.frameAt(1450);
    frames.take(TOLD, 1475);
    expect(frames.frameAt(1525)).toEqual({ ...HALF, atMs: 1525 });
    expect(frames.frameAt(1600)).toEqual({ ...TOLD, atMs: 1600 });
  });
});
