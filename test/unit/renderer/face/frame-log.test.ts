import { describe, expect, it } from 'vitest';
import { createFrameLog } from '../../../../src-renderer/face/frame-log.ts';

describe('createFrameLog', () => {
  it('counts frames in each second, and sees a slow one', () => {
    const log = createFrameLog();
    let atMs = 0;
    for (let index = 0; index < 400; index += 1) {
      // Ten seconds at 25 a second, with three at 12.5 in between.
      const isSlow = index >= 200 && index < 240;
      log.add({ atMs, drawMs: isSlow ? 60 : 8, motionMs: 0.1, dropped: isSlow ? 1 : 0 });
      atMs += isSlow ? 80 : 40;
    }
    const { fpsP5, fpsP50, dropped, frames, drawMsP50, drawMsP95 } = log.stats();
    expect({ fpsP5, fpsP50, dropped, frames, drawMsP50, drawMsP95 }).toEqual({
      fpsP5: expect.closeTo(12.5, -0.5),
      fpsP50: 25,
      dropped: 40,
      frames: 400,
      drawMsP50: 8,
      drawMsP95: 60,
    });
  });

  it('takes no pause for a slow second', () => {
    const log = createFrameLog();
    for (let part = 0; part < 3; part += 1) {
      for (let index = 0; index < 60; index += 1)
        log.add({ atMs: part * 60_000 + index * 40, drawMs: 5, motionMs: 0.1, dropped: index === 0 ? 500 : 0 });
      log.pause();
    }
    expect(log.stats()).toMatchObject({ fpsP5: 25, dropped: 0, frames: 180 });
  });

  it('has nothing to say before the first whole second', () => {
    const log = createFrameLog();
    log.add({ atMs: 0, drawMs: 5, motionMs: 0.1, dropped: 0 });
    expect(log.stats()).toEqual({ frames: 1, dropped: 0, fpsP5: 0, fpsP50: 0, drawMsP50: 5, drawMsP95: 5, motionMsP95: 0.1 });
  });
});
