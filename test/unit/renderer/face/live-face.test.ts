import { frameRates } from '../../../bench/frame-times.ts';
import { describe, expect, it, vi } from 'vitest';
import type { Character, MotionFrame } from '../../../../src-preload/contract/index.ts';
import { neutralFrame } from '../../../../src-preload/contract/motion.ts';
import type { BodyFailure, BodyQuality, FaceBody, FaceSource } from '../../../../src-renderer/face/face-body.ts';
import type { FaceEnvironment } from '../../../../src-renderer/face/face-environment.ts';
import { createLiveFace, type CreateBody, type LiveFace } from '../../../../src-renderer/face/live-face.ts';

interface Stage {
  face: LiveFace;
  /** Times of the frames that were drawn, since the start. */
  drawnMs: number[];
  frames: MotionFrame[];
  qualities: BodyQuality[];
  /** What the body was asked and the listener was told, in order. */
  happened: ('drawn' | 'told' | 'resized')[];
  failures: BodyFailure[];
  /** How each body that was made would tell of its failure. */
  reports: ((failure: BodyFailure) => void)[];
  alive: () => number;
  /** Lets time pass in steps of a 60 Hz screen. */
  run(milliseconds: number): Promise<void>;
  setVisible(isVisible: boolean): void;
  resize(width: number, height: number): void;
  failBody(failure: BodyFailure): void;
  restore(): void;
  drawCostMs: number;
  quickAtMs: (atMs: number) => number;
  firstFrames: number;
}

interface StageOptions {
  effects?: Character['renderer']['effects'];
  createBody?: CreateBody;
  bySoftware?: boolean;
  /** Goes on while the body of that number is made, 1 = the first. */
  whileMade?: (onFailure: (failure: BodyFailure) => void, number: number) => void | Promise<void>;
}

const LOST: BodyFailure = { code: 'face.context-lost', message: 'gone' };
const START_MS = 1_790_000_000_000;
const VSYNC_MS = 1000 / 60;

function createStage(options: StageOptions = {}): Stage {
  let nowMs = START_MS;
  let waiting: { dueMs: number; run: () => void } | undefined;
  let onVisible: ((isVisible: boolean) => void) | undefined;
  let onSize: ((size: { width: number; height: number }) => void) | undefined;
  let onFailure: ((failure: BodyFailure) => void) | undefined;
  let bodies = 0;
  const canvas = new EventTarget();
  const environment: FaceEnvironment = {
    now: () => nowMs,
    beforePaint(run, delayMs) {
      const own = { dueMs: nowMs + Math.max(0.1, delayMs), run };
      waiting = own;
      return () => {
        if (waiting === own) waiting = undefined;
      };
    },
    isDrawnBySoftware: () => options.bySoftware ?? false,
    watchVisible(_canvas, onChange) {
      onVisible = onChange;
      onChange(true);
      return () => undefined;
    },
    watchSize(_canvas, onChange) {
      onSize = onChange;
      onChange({ width: 640, height: 800 });
      return () => undefined;
    },
  };
  const stage: Omit<Stage, 'face'> = {
    drawnMs: [],
    frames: [],
    qualities: [],
    happened: [],
    failures: [],
    reports: [],
    alive: () => bodies,
    async run(milliseconds) {
      const untilMs = nowMs + milliseconds;
      while (nowMs < untilMs) {
        await settle();
        nowMs += VSYNC_MS;
        if (!waiting || waiting.dueMs > nowMs) continue;
        const { run } = waiting;
        waiting = undefined;
        run();
      }
      await settle();
    },
    setVisible: (isVisible) => onVisible?.(isVisible),
    resize: (width, height) => onSize?.({ width, height }),
    failBody: (failure) => onFailure?.(failure),
    restore: () => void canvas.dispatchEvent(new Event('webglcontextrestored')),
    drawCostMs: 2,
    quickAtMs: (atMs) => atMs,
    firstFrames: 0,
  };
  const body = (): FaceBody => {
    bodies += 1;
    let isDead = false;
    return {
      kind: 'mesh',
      setQuality(quality) {
        stage.happened.push('resized');
        stage.qualities.push(quality);
      },
      draw(frame) {
        if (isDead) throw new Error('A body that is gone was asked to draw.');
        stage.happened.push('drawn');
        stage.drawnMs.push(Math.round(nowMs - START_MS));
        stage.frames.push(frame);
        nowMs += stage.drawCostMs;
      },
      dispose() {
        isDead = true;
        bodies -= 1;
      },
    };
  };
  const face = createLiveFace({
    canvas: canvas as HTMLCanvasElement,
    source: {
      character: { renderer: { type: 'mesh', fps: 25, height: 720, expressiveness: 0.8, effects: options.effects ?? 'none' } },
    } as FaceSource,
    frames: { frameAt: neutralFrame, quickAtMs: (atMs) => stage.quickAtMs(atMs) },
    createBody:
      options.createBody ??
      (async (given) => {
        onFailure = given.onFailure;
        stage.reports.push(given.onFailure);
        await options.whileMade?.(given.onFailure, stage.reports.length);
        stage.qualities.push(given.quality);
        return body();
      }),
    onFirstFrame: () => {
      stage.firstFrames += 1;
    },
    onFrame: () => void stage.happened.push('told'),
    onFailure: (failure) => stage.failures.push(failure),
    environment,
  });
  return Object.assign(stage, { face });
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
}

const perSecond = (times: readonly number[], fromMs: number): number =>
  times.filter((atMs) => atMs >= fromMs && atMs < fromMs + 1000).length;

describe('createLiveFace', () => {
  it("draws at the character's rate on a 60 Hz screen, and tells of its first frame once", async () => {
    const stage = createStage();
    await stage.run(4000);
    expect(perSecond(stage.drawnMs, 1000)).toBe(25);
    expect(perSecond(stage.drawnMs, 2000)).toBe(25);
    expect(stage.firstFrames).toBe(1);
    const { perSecond: rates, dropped } = frameRates(stage.drawnMs, 40);
    expect([Math.min(...rates), dropped]).toEqual([25, 0]);
    expect(stage.qualities.at(-1)).toEqual({ width: 576, height: 720, effects: false });
  });

  it('tells of each frame before a lower quality empties the canvas, and draws it again before that is seen', async () => {
    const stage = createStage();
    stage.drawCostMs = 60;
    await stage.run(8000);
    const happened = stage.happened.slice(stage.happened.indexOf('drawn')).join(' ');
    expect(happened.split('drawn told').length).toBeGreaterThan(50);
    expect(happened).toMatch(/^(drawn told ?|resized drawn ?)+$/u);
    expect(happened).toContain('told resized drawn drawn told');
    const again = stage.frames.filter((frame, index) => frame === stage.frames[index - 1]);
    expect(again).toHaveLength(happened.split('resized').length - 1);
  });

  it('shows each frame as it will be when it is seen, a little later than it is drawn', async () => {
    const stage = createStage();
    await stage.run(2000);
    for (const [index, frame] of stage.frames.entries()) {
      const leadMs = frame.atMs - START_MS - (stage.drawnMs[index] ?? 0);
      expect(leadMs).toBeGreaterThan(15);
      expect(leadMs).toBeLessThan(35);
    }
  });

  it('draws half as often while nothing quick happens', async () => {
    const stage = createStage();
    stage.quickAtMs = (atMs) => atMs + 10_000;
    await stage.run(3000);
    expect(perSecond(stage.drawnMs, 1000)).toBeGreaterThanOrEqual(12);
    expect(perSecond(stage.drawnMs, 1000)).toBeLessThanOrEqual(13);
    stage.quickAtMs = (atMs) => atMs;
    await stage.run(2000);
    expect(perSecond(stage.drawnMs, 4000)).toBe(25);
    expect(frameRates(stage.drawnMs.slice(-40), 40).dropped).toBe(0);
  });

  it('draws a third as often without a graphics card', async () => {
    const stage = createStage({ bySoftware: true });
    stage.quickAtMs = (atMs) => atMs + 10_000;
    await stage.run(3000);
    expect(perSecond(stage.drawnMs, 1000)).toBeGreaterThanOrEqual(8);
    expect(perSecond(stage.drawnMs, 1000)).toBeLessThanOrEqual(9);
  });

  it('draws nothing while nobody can see it, and no drop comes of it', async () => {
    const stage = createStage();
    await stage.run(1000);
    stage.setVisible(false);
    const drawn = stage.drawnMs.length;
    await stage.run(5000);
    expect(stage.drawnMs.length).toBe(drawn);
    stage.setVisible(true);
    stage.face.setPaused(true);
    await stage.run(1000);
    expect(stage.drawnMs.length).toBe(drawn);
    stage.face.setPaused(false);
    await stage.run(1000);
    expect(stage.drawnMs.length).toBeGreaterThan(drawn + 20);
    expect(frameRates(stage.drawnMs.slice(drawn), 40).dropped).toBe(0);
  });

  it('waits for a canvas that has a size and follows it, never above the height of the character', async () => {
    const stage = createStage();
    stage.resize(0, 0);
    await stage.run(500);
    expect(stage.drawnMs).toEqual([]);
    stage.resize(320, 400);
    await stage.run(500);
    expect(stage.drawnMs.length).toBeGreaterThan(8);
    expect(stage.qualities.at(-1)).toEqual({ width: 320, height: 400, effects: false });
    stage.resize(1280, 1440);
    await stage.run(300);
    expect(stage.qualities.at(-1)).toEqual({ width: 640, height: 720, effects: false });
  });

  it('takes over a new size once it rests, and draws the last frame in it at once', async () => {
    const stage = createStage();
    await stage.run(1000);
    stage.happened.length = 0;
    stage.qualities.length = 0;
    for (let width = 300; width < 360; width += 10) {
      stage.resize(width, 400);
      await stage.run(50);
    }
    expect(stage.qualities).toEqual([]);
    await stage.run(300);
    expect(stage.qualities).toEqual([{ width: 350, height: 400, effects: false }]);
    expect(stage.happened[stage.happened.indexOf('resized') + 1]).toBe('drawn');
    expect(stage.frames.filter((frame, index) => frame === stage.frames[index - 1])).toHaveLength(1);
  });

  it('leaves out effects, then pixels, when drawing takes too long, and goes on at what the machine can', async () => {
    const stage = createStage({ effects: 'film' });
    await stage.run(500);
    expect(stage.qualities.at(-1)).toEqual({ width: 576, height: 720, effects: true });
    stage.drawCostMs = 45;
    await stage.run(4000);
    expect(stage.qualities.at(-1)).toEqual({ width: 576, height: 720, effects: false });
    await stage.run(20_000);
    expect(stage.qualities.at(-1)).toEqual({ width: 432, height: 540, effects: false });
    expect(frameRates(stage.drawnMs, 40).dropped).toBeGreaterThan(100);
  });

  it('makes a new body once when the browser takes the context away, and gives up the second time', async () => {
    const stage = createStage();
    await stage.run(500);
    stage.failBody(LOST);
    const drawn = stage.drawnMs.length;
    await stage.run(500);
    expect([stage.alive(), stage.drawnMs.length, stage.failures.length]).toEqual([0, drawn, 0]);
    stage.restore();
    await stage.run(500);
    expect(stage.alive()).toBe(1);
    expect(stage.drawnMs.length).toBeGreaterThan(drawn);
    stage.failBody(LOST);
    stage.restore();
    await stage.run(500);
    expect(stage.failures).toEqual([LOST]);
    expect(stage.alive()).toBe(0);
  });

  it('tries again after each loss as long as half a minute of pictures lies between two', async () => {
    const stage = createStage();
    for (let loss = 0; loss < 3; loss += 1) {
      await stage.run(31_000);
      stage.failBody(LOST);
      stage.restore();
    }
    await stage.run(1000);
    expect([stage.failures, stage.alive()]).toEqual([[], 1]);
    stage.failBody(LOST);
    await stage.run(100);
    expect([stage.failures, stage.alive()]).toEqual([[LOST], 0]);
  });

  it('does not draw with a body that failed while it was made', async () => {
    const stage = createStage({ whileMade: (onFailure, number) => (number === 1 ? onFailure(LOST) : undefined) });
    await stage.run(300);
    expect([stage.alive(), stage.drawnMs, stage.failures]).toEqual([0, [], []]);
    stage.restore();
    await stage.run(300);
    expect([stage.alive(), stage.failures]).toEqual([1, []]);
    expect(stage.drawnMs.length).toBeGreaterThan(5);
  });

  it('says why when the next one fails while it is made, too', async () => {
    const stage = createStage({ whileMade: (onFailure) => onFailure(LOST) });
    await stage.run(100);
    stage.restore();
    await stage.run(100);
    expect([stage.alive(), stage.drawnMs, stage.failures]).toEqual([0, [], [LOST]]);
  });

  it('lets a body that is gone end nothing any more', async () => {
    const stage = createStage();
    await stage.run(300);
    stage.failBody(LOST);
    stage.restore();
    await stage.run(300);
    stage.reports[0]?.(LOST);
    await stage.run(300);
    expect([stage.alive(), stage.failures]).toEqual([1, []]);
  });

  it.each<[string, unknown, BodyFailure]>([
    ['a failure', { code: 'face.model-unreadable', message: 'no mesh' }, { code: 'face.model-unreadable', message: 'no mesh' }],
    [
      'something else',
      new Error('boom'),
      { code: 'face.no-webgl', message: 'This window cannot draw with WebGL. The portrait is shown as it is.' },
    ],
  ])('says why no body could be made: %s', async (_name, thrown, expected) => {
    const told = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const stage = createStage({ createBody: () => Promise.reject(thrown as Error) });
    await stage.run(200);
    expect(stage.failures).toEqual([expected]);
    // What went wrong in the program is for those who look for it.
    expect(told.mock.calls).toEqual(thrown instanceof Error ? [['The face cannot be drawn:', thrown]] : []);
    told.mockRestore();
  });

  it('leaves nothing behind, also when it ends while its body is being made', async () => {
    const stage = createStage();
    await stage.face.dispose();
    await stage.run(500);
    expect([stage.alive(), stage.drawnMs.length]).toEqual([0, 0]);
    const running = createStage();
    await running.run(500);
    await running.face.dispose();
    const drawn = running.drawnMs.length;
    await running.run(500);
    expect([running.alive(), running.drawnMs.length]).toEqual([0, drawn]);
  });
});
