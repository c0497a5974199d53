import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock, Timer } from '../../base/clock.ts';
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
  /** The delays since the reading before; all 0 at the first one, which begins the measuring. */
  read(): EventLoopDelay;
}

type Histogram = ReturnType<typeof monitorEventLoopDelay>;

/** Each sample wakes the process: at 1 ms that alone cost an eighth of a core. */
const RESOLUTION_MS = 10;
/** Nobody has asked for so long: nobody is interested. */
const INTEREST_MS = 60_000;
const NOTHING: EventLoopDelay = { p50: 0, p95: 0, p99: 0, max: 0, count: 0 };

/** Measures only while somebody reads. The histogram counts the interval itself as delay; it is subtracted, so that an idle loop reads about 0. */
export function createEventLoopMonitor(clock: Clock): EventLoopMonitor {
  let measuring: { histogram: Histogram; end: Timer } | undefined;

  const stop = (): void => {
    measuring?.end.cancel();
    measuring?.histogram.disable();
    measuring = undefined;
  };

  return {
    read() {
      const before = measuring ? delayOf(measuring.histogram) : NOTHING;
      const histogram = measuring?.histogram ?? monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      measuring?.end.cancel();
      histogram.enable();
      histogram.reset();
      measuring = { histogram, end: clock.after(INTEREST_MS, stop) };
      return before;
    },
    dispose: stop,
  };
}

function delayOf(histogram: Histogram): EventLoopDelay {
  return {
    p50: toMs(histogram.percentile(50)),
    p95: toMs(histogram.percentile(95)),
    p99: toMs(histogram.percentile(99)),
    max: toMs(histogram.max),
    count: histogram.count,
  };
}

function toMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}
