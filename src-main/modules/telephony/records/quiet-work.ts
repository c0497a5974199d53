import type { Clock } from '../../../base/clock.ts';
import { createDeferred } from '../../../base/deferred.ts';

/** Work with the models that can wait: done while nobody talks, and given up as soon as somebody begins to. */
export interface QuietWork {
  /** Resolves when nobody talks. Rejects when the signal aborts. */
  untilQuiet(signal: AbortSignal): Promise<void>;
  /** Waits, works, and begins again when it was disturbed. Rejects with the work's own error, and when the signal aborts. */
  run<Value>(work: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value>;
}

const LOOK_EVERY_MS = 1_000;
/** Whoever begins to talk wants the model soon. */
const DISTURBED_WITHIN_MS = 100;

export function createQuietWork({ clock, isBusy }: { clock: Clock; isBusy: () => boolean }): QuietWork {
  const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
    const over = createDeferred<void>();
    const timer = clock.after(ms, () => over.resolve());
    const stop = (): void => over.resolve();
    signal.addEventListener('abort', stop, { once: true });
    await over.promise;
    timer.cancel();
    signal.removeEventListener('abort', stop);
  };
  const untilQuiet = async (signal: AbortSignal): Promise<void> => {
    while (isBusy() && !signal.aborted) await pause(LOOK_EVERY_MS, signal);
    signal.throwIfAborted();
  };
  /** Aborts `disturbed` when somebody begins to talk before `over`. */
  const watch = async (disturbed: AbortController, over: AbortSignal): Promise<void> => {
    while (!over.aborted && !disturbed.signal.aborted) {
      if (isBusy()) disturbed.abort();
      else await pause(DISTURBED_WITHIN_MS, over);
    }
  };
  return {
    untilQuiet,
    async run(work, signal) {
      for (;;) {
        await untilQuiet(signal);
        const disturbed = new AbortController();
        const over = new AbortController();
        const watching = watch(disturbed, over.signal);
        try {
          return await work(AbortSignal.any([signal, disturbed.signal]));
        } catch (error) {
          if (signal.aborted || !disturbed.signal.aborted) throw error;
        } finally {
          over.abort();
          await watching;
        }
      }
    },
  };
}
