import type { Clock, Timer } from '../../base/clock.ts';

/** How long a server may keep us waiting, in milliseconds. */
export interface Deadlines {
  /** For the connection itself. */
  connectMs: number;
  /** Request → first sign of an answer. Long: servers such as Ollama load the model only now. */
  firstTokenMs: number;
  /** Between two signs of life of a running answer. */
  idleMs: number;
}

export const defaultDeadlines: Deadlines = { connectMs: 5_000, firstTokenMs: 90_000, idleMs: 20_000 };

/** Ends a request when its caller gives up or its server is too slow. */
export interface StreamWatch {
  /** For the client: aborting it closes the connection. */
  readonly signal: AbortSignal;
  /** Something arrived: text or reasoning. */
  alive(): void;
  /** The deadline that passed, if one did. */
  expired(): { stage: 'first-token' | 'idle'; afterMs: number } | undefined;
  /** Stops the timer and forgets the caller's signal. */
  end(): void;
}

export function createStreamWatch(clock: Clock, deadlines: Deadlines, callerSignal: AbortSignal | undefined): StreamWatch {
  const controller = new AbortController();
  let expired: ReturnType<StreamWatch['expired']>;
  const arm = (stage: 'first-token' | 'idle', afterMs: number): Timer =>
    clock.after(afterMs, () => {
      expired = { stage, afterMs };
      controller.abort();
    });
  let timer = arm('first-token', deadlines.firstTokenMs);
  const onAbort = (): void => controller.abort();
  if (callerSignal?.aborted) onAbort();
  else callerSignal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    alive() {
      timer.cancel();
      timer = arm('idle', deadlines.idleMs);
    },
    expired: () => expired,
    end() {
      timer.cancel();
      callerSignal?.removeEventListener('abort', onAbort);
    },
  };
}
