import type { MotionFrame } from '../../src-preload/contract/index.ts';
import type { BodyFailure, BodyQuality, FaceBody, FaceSource } from './face-body.ts';
import type { FrameMaker } from './face-driver.ts';
import { browserEnvironment, type FaceEnvironment } from './face-environment.ts';
import { createFrameLog, type FrameStats } from './frame-log.ts';
import { createPerformanceGuard } from './performance-guard.ts';

/** Makes a body for a canvas: the mesh, a 3D model … Rejects with (or throws) a {@link BodyFailure}. */
export type CreateBody = (options: {
  canvas: HTMLCanvasElement;
  source: FaceSource;
  quality: BodyQuality;
  onFailure: (failure: BodyFailure) => void;
}) => FaceBody | Promise<FaceBody>;

export interface LiveFaceOptions {
  canvas: HTMLCanvasElement;
  source: FaceSource;
  frames: FrameMaker;
  createBody: CreateBody;
  /** The canvas shows the face: the still picture may go. */
  onFirstFrame?: () => void;
  /** Each frame in the task that drew it: the canvas still holds its picture, as a WebGL canvas does only then. */
  onFrame?: (frame: MotionFrame) => void;
  /** Told once, when the face can no longer be drawn, after one new try for a lost context. The canvas is dead then, the loop has ended. */
  onFailure: (failure: BodyFailure) => void;
  environment?: FaceEnvironment;
}

export interface LiveFaceStats extends FrameStats {
  /** Drawn pixels. */
  width: number;
  height: number;
  effects: boolean;
}

/** A face that is drawn as long as somebody can see it. */
export interface LiveFace {
  /** Stands still until called again with false: a window that is covered or minimised. */
  setPaused(isPaused: boolean): void;
  stats(): LiveFaceStats;
  dispose(): void;
}

/**
 * An idle face is drawn at a part of its rate until something quick happens. Breathing moves by a third of a pixel between two of these pictures; without
 * a graphics card each costs the processor 30 ms.
 */
const IDLE_EVERY = { hardware: 2, software: 3 };
/** From the end of drawing until a screen shows it. */
const SHOWN_AFTER_MS = 20;
const MOST_LEAD_MS = 60;
/** A browser that takes the context away gives it back within moments, or not at all. */
const RESTORE_WAIT_MS = 4000;

export function createLiveFace(options: LiveFaceOptions): LiveFace {
  const { canvas, source, frames, createBody, environment = browserEnvironment } = options;
  const { fps, height: fullHeight, effects } = source.character.renderer;
  const periodMs = 1000 / fps;
  const idleEvery = IDLE_EVERY[environment.isDrawnBySoftware() ? 'software' : 'hardware'];
  const guard = createPerformanceGuard({ periodMs, hasEffects: effects !== 'none' });
  const log = createFrameLog();
  const undo: (() => void)[] = [];
  let size = { width: 0, height: 0 };
  let body: FaceBody | undefined;
  let cancelNext: (() => void) | undefined;
  let isVisible = false;
  let isPaused = false;
  let isOver = false;
  let isFirst = true;
  let retries = 1;
  /** When the next frame is due, and how many ticks have passed since one was drawn. */
  let dueMs = 0;
  let skipped = 0;
  let lastFrameMs = -Infinity;
  let drawCostMs = 0;

  const quality = (): BodyQuality => {
    const level = guard.level();
    const scale = level.scale * Math.min(1, fullHeight / Math.max(1, size.height));
    return {
      width: Math.max(2, Math.round(size.width * scale)),
      height: Math.max(2, Math.round(size.height * scale)),
      effects: effects !== 'none' && level.effects,
    };
  };

  const end = (): void => {
    isOver = true;
    cancelNext?.();
    for (const each of undo.splice(0)) each();
    body?.dispose();
    body = undefined;
  };

  const fail = (failure: BodyFailure): void => {
    if (isOver) return;
    body?.dispose();
    body = undefined;
    cancelNext?.();
    if (failure.code === 'face.context-lost' && retries > 0) {
      retries -= 1;
      void restored(canvas).then(() => start());
      return;
    }
    end();
    options.onFailure(failure);
  };

  const start = async (): Promise<void> => {
    if (isOver) return;
    try {
      const made = await createBody({ canvas, source, quality: quality(), onFailure: fail });
      if (isOver) return made.dispose();
      body = made;
      // The size may have changed while it was being made.
      made.setQuality(quality());
      run();
    } catch (error) {
      fail(isFailure(error) ? error : { code: 'face.no-webgl', message: error instanceof Error ? error.message : String(error) });
    }
  };

  const mayRun = (): boolean => body !== undefined && isVisible && !isPaused && !isOver && size.width > 0 && size.height > 0;

  const run = (): void => {
    cancelNext?.();
    cancelNext = undefined;
    if (!mayRun()) return;
    dueMs = environment.now();
    skipped = idleEvery;
    next();
  };

  const next = (): void => {
    // Half a repaint early is nearer to the wanted time than half a one late.
    cancelNext = environment.beforePaint(tick, dueMs - environment.now() - 8);
  };

  function tick(): void {
    cancelNext = undefined;
    if (!mayRun() || !body) return;
    const now = environment.now();
    const lateFrames = Math.max(0, Math.floor((now - dueMs) / periodMs));
    dueMs = lateFrames > 0 ? now + periodMs : dueMs + periodMs;
    skipped += 1;
    const atMs = Math.max(lastFrameMs, now + Math.min(MOST_LEAD_MS, SHOWN_AFTER_MS + drawCostMs));
    const isQuiet = (frames.quickAtMs?.(atMs) ?? atMs) > atMs + periodMs;
    if (!isQuiet || skipped >= idleEvery) draw(body, atMs, now, lateFrames);
    if (mayRun()) next();
  }

  const draw = (drawing: FaceBody, atMs: number, now: number, lateFrames: number): void => {
    // The rate of an idle face is lower by intent.
    if (skipped > 1) log.pause();
    skipped = 0;
    lastFrameMs = atMs;
    const frame = frames.frameAt(atMs);
    const motionMs = environment.now() - now;
    try {
      drawing.draw(frame);
    } catch (error) {
      return fail({ code: 'face.context-lost', message: error instanceof Error ? error.message : String(error) });
    }
    const drawMs = environment.now() - now;
    drawCostMs += 0.1 * (drawMs - drawCostMs);
    log.add({ atMs: now, drawMs, motionMs, dropped: lateFrames });
    // A new size empties the canvas.
    options.onFrame?.(frame);
    if (guard.frame(drawMs, lateFrames)) drawing.setQuality(quality());
    if (!isFirst) return;
    isFirst = false;
    options.onFirstFrame?.();
  };

  undo.push(
    environment.watchSize(canvas, (changed) => {
      size = changed;
      body?.setQuality(quality());
      if (!cancelNext) run();
    }),
    environment.watchVisible(canvas, (changed) => {
      if (changed === isVisible) return;
      isVisible = changed;
      log.pause();
      run();
    }),
  );
  void start();
  return {
    setPaused(changed) {
      if (changed === isPaused) return;
      isPaused = changed;
      log.pause();
      run();
    },
    stats: () => ({ ...log.stats(), ...quality() }),
    dispose: end,
  };
}

function isFailure(error: unknown): error is BodyFailure {
  return typeof error === 'object' && error !== null && String((error as Partial<BodyFailure>).code).startsWith('face.');
}

function restored(canvas: HTMLCanvasElement): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, RESTORE_WAIT_MS);
    const onRestored = (): void => {
      clearTimeout(timer);
      resolve();
    };
    canvas.addEventListener('webglcontextrestored', onRestored, { once: true });
  });
}
