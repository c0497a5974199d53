import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { ToWorker } from './workers.ts';

const PING_EVERY_MS = 3000;
const MAX_SILENCE_MS = 10_000;

/** Why a living process has to be ended. */
export type WorkerAilment = { ailment: 'hung'; silentMs: number } | { ailment: 'too-large'; memoryBytes: number };

/** Feels the pulse of one running worker process until disposed. */
export interface WorkerVitals extends Disposable {
  /** Any message is a sign of life. */
  heard(): void;
  pong(memoryBytes: number): void;
  memoryBytes(): number | undefined;
}

export interface VitalsOptions {
  clock: Clock;
  memoryLimitBytes: number;
  post: (message: ToWorker) => void;
  /** Longest timeout of the calls under way: a native call may block the worker's loop that long and still be well. */
  longestCallMs: () => number;
  /** Called at most once. */
  onAilment: (ailment: WorkerAilment) => void;
}

/**
 * Pings every three seconds. A worker is hung when it has said nothing for ten seconds, or for as long as its longest call may take.
 * A beat that comes late means that the whole machine slept or was frozen; the silence before it does not count.
 */
export function watchVitals(options: VitalsOptions): WorkerVitals {
  const { clock } = options;
  let heardAtMs = clock.nowMs();
  let beatAtMs = clock.nowMs();
  let lastMemoryBytes: number | undefined;
  let seq = 0;
  let over = false;

  const report = (ailment: WorkerAilment): void => {
    if (over) return;
    over = true;
    timer.cancel();
    options.onAilment(ailment);
  };

  const beat = (): void => {
    const nowMs = clock.nowMs();
    if (nowMs - beatAtMs > 2 * PING_EVERY_MS) heardAtMs = nowMs;
    beatAtMs = nowMs;
    const silentMs = nowMs - heardAtMs;
    if (silentMs > Math.max(MAX_SILENCE_MS, options.longestCallMs())) {
      report({ ailment: 'hung', silentMs });
      return;
    }
    seq += 1;
    options.post({ type: 'ping', seq });
    timer = clock.after(PING_EVERY_MS, beat);
  };
  let timer = clock.after(PING_EVERY_MS, beat);

  return {
    heard() {
      heardAtMs = clock.nowMs();
    },
    pong(memoryBytes) {
      lastMemoryBytes = memoryBytes;
      if (memoryBytes > options.memoryLimitBytes) report({ ailment: 'too-large', memoryBytes });
    },
    memoryBytes: () => lastMemoryBytes,
    dispose() {
      over = true;
      timer.cancel();
    },
  };
}
