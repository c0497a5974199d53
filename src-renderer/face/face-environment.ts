import { isDrawnBySoftware } from '../ui/rendering.ts';

/** What a live face needs of the browser. */
export interface FaceEnvironment {
  /** `performance.timeOrigin + performance.now()`. */
  now(): number;
  /** Calls once, not before `delayMs` have passed and when the browser is about to paint. The returned function takes it back. */
  beforePaint(callback: () => void, delayMs: number): () => void;
  /** Whether the processor draws the picture. */
  isDrawnBySoftware(): boolean;
  /** Tells now and later whether anybody can see the canvas. */
  watchVisible(canvas: HTMLCanvasElement, onChange: (isVisible: boolean) => void): () => void;
  /** Tells now and later the size of the canvas in pixels of the device. */
  watchSize(canvas: HTMLCanvasElement, onChange: (size: { width: number; height: number }) => void): () => void;
}

export const browserEnvironment: FaceEnvironment = {
  now: () => performance.timeOrigin + performance.now(),
  beforePaint(callback, delayMs) {
    let request = 0;
    const ask = (): void => {
      request = requestAnimationFrame(callback);
    };
    // A timer for the most of the wait: asking for each repaint of the screen would cost more than an idle face.
    const timer = delayMs > 4 ? setTimeout(ask, delayMs) : undefined;
    if (timer === undefined) ask();
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(request);
    };
  },
  isDrawnBySoftware,
  watchVisible(canvas, onChange) {
    let isOnScreen = true;
    const tell = (): void => onChange(isOnScreen && !document.hidden);
    const observer = new IntersectionObserver((entries) => {
      isOnScreen = entries.at(-1)?.isIntersecting ?? true;
      tell();
    });
    observer.observe(canvas);
    document.addEventListener('visibilitychange', tell);
    tell();
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', tell);
    };
  },
  watchSize(canvas, onChange) {
    const tell = (): void => onChange({ width: canvas.clientWidth * devicePixelRatio, height: canvas.clientHeight * devicePixelRatio });
    const observer = new ResizeObserver(tell);
    observer.observe(canvas);
    tell();
    return () => observer.disconnect();
  },
};
