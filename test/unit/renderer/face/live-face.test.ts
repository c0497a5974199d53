import { describe, expect, it } from 'vitest';
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

const START_MS = 1_790_000_000_000;
const VSYNC_MS = 1000 / 60;

function createStage(options: { effects?: Character['renderer']['effects']; createBody?: CreateBody; bySoftware?: boolean } = {}): Stage {
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
    return {
      kind: 'mesh',
      setQuality(quality) {
        stage.happened.push('resized');
        stage.qualities.push(quality);
      },
      draw(frame) {
        stage.happened.push('drawn');
        stage.drawnMs.push(Math.round(nowMs - START_MS));
        stage.frames.push(frame);
        nowMs += stage.drawCostMs;
      },
      dispose() {
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
      ((given) => {
        onFailure = given.onFailure;
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
    expect(stage.face.stats()).toMatchObject({ dropped: 0, fpsP5: expect.closeTo(25, 0), width: 576, height: 720, effects: false });
  });

  it('tells of each frame before a lower quality empties the canvas', async () => {
    const stage = createStage();
    stage.drawCostMs = 60;
    await stage.run(8000);
    const drawn = stage.happened.flatMap((what, index) => (what === 'drawn' ? [stage.happened[index + 1]] : []));
    expect(drawn.length).toBeGreaterThan(50);
    expect(new Set(drawn)).toEqual(new Set(['told']));
    expect(stage.happened.slice(stage.happened.indexOf('drawn'))).toContain('resized');
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
    expect(stage.face.stats().dropped).toBe(0);
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
    expect(stage.face.stats().dropped).toBe(0);
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
    expect(stage.qualities.at(-1)).toEqual({ width: 640, height: 720, effects: false });
  });

  it('leaves out effects, then pixels, when drawing takes too long, and goes on at what the machine can', async () => {
    const stage = createStage({ effects: 'film' });
    await stage.run(500);
    expect(stage.qualities.at(-1)).toEqual({ width: 576, height: 720, effects: true });
    stage.drawCostMs = 45;
    await stage.run(4000);
    expect(stage.qualities.at(-1)).toEqual({ width: 576, height: 720, effects: false });
    await stage.run(20_000);
    expect(stage.qualities.at(-1)).toEqual({ width: 288, height: 360, effects: false });
    expect(stage.face.stats().dropped).toBeGreaterThan(100);
  });

  it('makes a new body once when the browser takes the context away, and gives up the second time', async () => {
    const stage = createStage();
    await stage.run(500);
    const lost: BodyFailure = { code: 'face.context-lost', message: 'gone' };
    stage.failBody(lost);
    const drawn = stage.drawnMs.length;
    await stage.run(500);
    expect([stage.alive(), stage.drawnMs.length, stage.failures.length]).toEqual([0, drawn, 0]);
    stage.restore();
    await stage.run(500);
    expect(stage.alive()).toBe(1);
    expect(stage.drawnMs.length).toBeGreaterThan(drawn);
    stage.failBody(lost);
    stage.restore();
    await stage.run(500);
    expect(stage.failures).toEqual([lost]);
    expect(stage.alive()).toBe(0);
  });

  it.each<[string, unknown, BodyFailure]>([
    ['a failure', { code: 'face.model-unreadable', message: 'no mesh' }, { code: 'face.model-unreadable', message: 'no mesh' }],
    ['something else', new Error('boom'), { code: 'face.no-webgl', message: 'boom' }],
  ])('says why no body could be made: %s', async (_name, thrown, expected) => {
    const stage = createStage({ createBody: () => Promise.reject(thrown as Error) });
    await stage.run(200);
    expect(stage.failures).toEqual([expected]);
  });

  it('leaves nothing behind, also when it ends while its body is being made', async () => {
    const stage = createStage();
    stage.face.dispose();
    await stage.run(500);
    expect([stage.alive(), stage.drawnMs.length]).toEqual([0, 0]);
    const running = createStage();
    await running.run(500);
    running.face.dispose();
    const drawn = running.drawnMs.length;
    await running.run(500);
    expect([running.alive(), running.drawnMs.length]).toEqual([0, drawn]);
  });
});
