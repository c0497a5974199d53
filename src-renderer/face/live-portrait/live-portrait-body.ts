import type { BodyFailure, BodyQuality, FaceBody, FaceSource } from '../face-body.ts';
import { contextLost } from '../failures.ts';
import { createCompositor } from './compositor.ts';
import { stopped, type OpenLiveLine } from './live-line.ts';

export interface LivePortraitBodyOptions {
  canvas: HTMLCanvasElement | OffscreenCanvas;
  source: FaceSource;
  quality: BodyQuality;
  /** Called at most once. The body draws nothing new afterwards. */
  onFailure: (failure: BodyFailure) => void;
  open: OpenLiveLine;
  /** For tests. @default WebGL */
  compose?: typeof createCompositor;
}

/** Time of the frames without a picture after which nobody believes in one any more. The first one also waits for the network to be ready. */
const PATIENCE_MS = 5000;
const FIRST_PATIENCE_MS = 10_000;
/** Between two frames further apart than this the face stood still, and nobody waited. */
const PAUSE_MS = 1000;
const SETTLE_MS = 10_000;

/**
 * A portrait that LivePortrait paints in another process: frames go there, the face's square comes back and is laid over the portrait. A picture is on the
 * canvas a frame or two after its motion; `settled` waits for it. Rejects with a {@link BodyFailure} when it cannot be painted here.
 */
export async function createLivePortraitBody(options: LivePortraitBodyOptions): Promise<FaceBody> {
  const { canvas, source, onFailure, compose = createCompositor } = options;
  const line = await options.open(source.character.id);
  let compositor: ReturnType<typeof createCompositor>;
  try {
    compositor = compose(canvas, source, line.square);
  } catch (error) {
    line.close();
    throw error;
  }
  let failed = false;
  let isStale = true;
  let taken = 0;
  let patienceMs = FIRST_PATIENCE_MS;
  /** Time of the first frame without an answer. */
  let waitingSinceMs: number | undefined;
  let askedMs = -Infinity;
  let shownMs = -Infinity;
  let settle: (() => void) | undefined;

  const show = (): void => {
    compositor.show();
    isStale = false;
  };
  const fail = (failure: BodyFailure): void => {
    if (failed) return;
    failed = true;
    line.close();
    onFailure(failure);
    settle?.();
  };
  const lost = (event: Event): void => {
    event.preventDefault();
    fail(contextLost());
  };
  canvas.addEventListener('webglcontextlost', lost);
  line.listen({
    onPicture({ number, atMs, pixels }) {
      if (failed) return;
      taken = number;
      waitingSinceMs = undefined;
      patienceMs = PATIENCE_MS;
      shownMs = atMs;
      compositor.take(pixels);
      isStale = true;
      if (shownMs >= askedMs) settle?.();
    },
    onEnd: fail,
  });
  compositor.resize(options.quality);

  return {
    kind: 'liveportrait',
    setQuality(quality) {
      if (failed) return;
      compositor.resize(quality);
      show();
    },
    draw(frame) {
      if (failed) return;
      if (waitingSinceMs === undefined || frame.atMs - askedMs > PAUSE_MS) waitingSinceMs = frame.atMs;
      askedMs = frame.atMs;
      line.send({ type: 'portrait.motion', frame, taken });
      if (frame.atMs - waitingSinceMs > patienceMs) return fail(stopped());
      if (isStale) show();
    },
    async settled() {
      if (!failed && shownMs < askedMs)
        await answered(
          (resolve) => (settle = resolve),
          () => fail(stopped()),
        );
      settle = undefined;
      if (!failed && isStale) show();
    },
    dispose() {
      failed = true;
      canvas.removeEventListener('webglcontextlost', lost);
      line.close();
      compositor.dispose();
    },
  };
}

/** Waits for `resolve` to be called, or gives up. */
async function answered(wait: (resolve: () => void) => void, giveUp: () => void): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve) => {
      wait(resolve);
      timer = setTimeout(() => {
        giveUp();
        resolve();
      }, SETTLE_MS);
    });
  } finally {
    clearTimeout(timer);
  }
}
