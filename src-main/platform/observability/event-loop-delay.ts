import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Disposable } from '../../base/dispose.ts';

/** How late the event loop was, in milliseconds beyond the sampling interval. */
export interface EventLoopDelay {
  p50: number;
  p95: number;
  p99: number;
  max: number;
  /** Samples taken. */
  count: number;
}

export interface EventLoopMonitor extends Disposable {
  read(): EventLoopDelay;
  /** Forgets what was measured, e.g. before a turn that is to be measured alone. */
  reset(): void;
}

const RESOLUTION_MS = 1;

/** Starts measuring. The histogram counts the interval itself as delay; it is subtracted, so that an idle loop reads about 0. */
export function createEventLoopMonitor(): EventLoopMonitor {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const toMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return {
    read: () => ({
      p50: toMs(histogram.percentile(50)),
      p95: toMs(histogram.percentile(95)),
      p99: toMs(histogram.percentile(99)),
      max: toMs(histogram.max),
      count: histogram.count,
    }),
    reset: () => histogram.reset(),
    dispose: () => void histogram.disable(),
  };
}
