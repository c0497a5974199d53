import type { MotionFrame } from '../../src-preload/contract/index.ts';
import type { BodyFailure, BodyQuality, FaceBody, FaceSource } from './face-body.ts';
import type { FrameMaker } from './face-driver.ts';
import { createFramePace } from './frame-pace.ts';
import { browserEnvironment, type FaceEnvironment } from './face-environment.ts';
import { contextLost, isBodyFailure, noWebgl } from './failures.ts';
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
  /** Told once, when the face can no longer be drawn, after a new try for a lost context. The canvas is dead then, the loop has ended. */
  onFailure: (failure: BodyFailure) => void;
  environment?: FaceEnvironment;
}

/** A face that is drawn as long as somebody can see it. */
export interface LiveFace {
  /** Stands still until called again with false: a window that is covered or minimised. */
  setPaused(isPaused: boolean): void;
  /** Ends at once; resolves when nothing touches the canvas any more, also where a body was just being made. */
  dispose(): Promise<void>;
}

/** Half a repaint early is nearer to the wanted time than half a one late. */
const HALF_REPAINT_MS = 8;
/** On a busy machine timers are late: repaints are asked for from a whole one before that moment on. */
const EARLY_MS = 24;
/** From the end of drawing until a screen shows it. */
const SHOWN_AFTER_MS = 20;
const MOST_LEAD_MS = 60;
/** A browser that takes the context away gives it back within moments, or not at all. */
const RESTORE_WAIT_MS = 4000;
/** Who has drawn this long may lose the context once more: one loss a night is no sign that the next try is in vain. */
const STEADY_MS = 30_000;
/** While a window is being pulled larger the picture is stretched; a new size costs more than a frame. */
const RESIZE_REST_MS = 150;

export function createLiveFace(options: LiveFaceOptions): LiveFace {
  const { canvas, source, frames, createBody, environment = browserEnvironment } = options;
  const { fps, height: fullHeight, effects } = source.character.renderer;
  const periodMs = 1000 / fps;
  const pace = createFramePace(frames, { periodMs, isDrawnBySoftware: environment.isDrawnBySoftware() });
  const guard = createPerformanceGuard({ periodMs, hasEffects: effects !== 'none' });
  const undo: (() => void)[] = [];
  let size = { width: 0, height: 0 };
  let body: FaceBody | undefined;
  let cancelNext: (() => void) | undefined;
  let isVisible = false;
  let isPaused = false;
  let isOver = false;
  let isFirst = true;
  let retries = 1;
  /** Frames since the body was made. */
  let steadyFrames = 0;
  let lastFrame: MotionFrame | undefined;
  /** When a changed size is taken over; undefined = there is none. */
  let resizeDueMs: number | undefined;
  let starting: Promise<void> = Promise.resolve();
  /** When the next frame is due. */
  let dueMs = 0;
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
    cancelNext = undefined;
    if (failure.code === 'face.context-lost' && retries > 0) {
      retries -= 1;
      void restored(canvas).then(begin);
      return;
    }
    end();
    options.onFailure(failure);
  };

  const start = async (): Promise<void> => {
    if (isOver) return;
    let made: FaceBody | undefined;
    let told: BodyFailure | undefined;
    // A body may fail while it is made, and one that is gone has nothing to say any more.
    const onFailure = (failure: BodyFailure): void => {
      told ??= failure;
      if (made !== undefined && made === body) fail(failure);
    };
    try {
      made = await createBody({ canvas, source, quality: quality(), onFailure });
    } catch (error) {
      return fail(told ?? failureOf(error, noWebgl));
    }
    if (isOver || told) {
      made.dispose();
      return told && fail(told);
    }
    body = made;
    steadyFrames = 0;
    // The size may have changed while it was being made.
    adapt(made);
    run();
  };

  const begin = (): void => {
    starting = start();
  };

  /** Brings a body to what is wanted now. A new size empties the canvas, so what it showed is drawn again before anybody sees that. */
  const adapt = (drawing: FaceBody): void => {
    resizeDueMs = undefined;
    try {
      drawing.setQuality(quality());
      if (lastFrame) drawing.draw(lastFrame);
    } catch (error) {
      fail(failureOf(error, contextLost));
    }
  };

  const mayRun = (): boolean => body !== undefined && isVisible && !isPaused && !isOver && size.width > 0 && size.height > 0;

  const run = (): void => {
    cancelNext?.();
    cancelNext = undefined;
    if (!mayRun()) return;
    dueMs = environment.now();
    pace.restart();
    next();
  };

  const next = (): void => {
    cancelNext = environment.beforePaint(tick, dueMs - environment.now() - EARLY_MS);
  };

  function tick(): void {
    cancelNext = undefined;
    if (!mayRun() || !body) return;
    if (resizeDueMs !== undefined && environment.now() >= resizeDueMs) adapt(body);
    if (!body) return;
    const now = environment.now();
    if (now < dueMs - HALF_REPAINT_MS) return next();
    const lateFrames = Math.max(0, Math.floor((now - dueMs) / periodMs));
    dueMs = lateFrames > 0 ? now + periodMs : dueMs + periodMs;
    const atMs = Math.max(lastFrameMs, now + Math.min(MOST_LEAD_MS, SHOWN_AFTER_MS + drawCostMs));
    if (pace.isDue(atMs)) draw(body, atMs, now, lateFrames);
    if (mayRun()) next();
  }

  const draw = (drawing: FaceBody, atMs: number, now: number, lateFrames: number): void => {
    lastFrameMs = atMs;
    const frame = frames.frameAt(atMs);
    lastFrame = frame;
    try {
      drawing.draw(frame);
    } catch (error) {
      return fail(failureOf(error, contextLost));
    }
    const drawMs = environment.now() - now;
    drawCostMs += 0.1 * (drawMs - drawCostMs);
    steadyFrames += 1;
    if (steadyFrames * periodMs >= STEADY_MS) retries = 1;
    options.onFrame?.(frame);
    if (guard.frame(drawMs, lateFrames)) adapt(drawing);
    if (!isFirst) return;
    isFirst = false;
    options.onFirstFrame?.();
  };

  canvas.addEventListener('webglcontextlost', keepCanvas);
  undo.push(
    () => canvas.removeEventListener('webglcontextlost', keepCanvas),
    environment.watchSize(canvas, (changed) => {
      const isFirstSize = size.width === 0 || size.height === 0;
      size = changed;
      if (body && isFirstSize) adapt(body);
      else resizeDueMs = environment.now() + RESIZE_REST_MS;
      if (!cancelNext) run();
    }),
    environment.watchVisible(canvas, (changed) => {
      if (changed === isVisible) return;
      isVisible = changed;
      run();
    }),
  );
  begin();
  return {
    setPaused(changed) {
      if (changed === isPaused) return;
      isPaused = changed;
      run();
    },
    dispose() {
      end();
      return starting;
    },
  };
}

/** What a body has thrown; an error of a program is for the console, not for people. */
function failureOf(error: unknown, otherwise: () => BodyFailure): BodyFailure {
  if (isBodyFailure(error)) return error;
  console.warn('The face cannot be drawn:', error);
  return otherwise();
}

/** Without this the browser never gives a context back, also where it took it while no body listened. */
function keepCanvas(event: Event): void {
  event.preventDefault();
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
