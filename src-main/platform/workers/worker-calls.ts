import type { Clock, Timer } from '../../base/clock.ts';
import type { ErrorData } from '../../base/errors.ts';
import { AppError, fromErrorData } from '../../base/errors.ts';
import type { CallOptions, FromWorker, ToWorker } from './workers.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
/** A timer set to more fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** A cancelled call may still answer with what it has (a language model's text so far); after this it is given up. */
const CANCEL_GRACE_MS = 5000;

/** The calls under way in one worker process. */
export interface WorkerCalls {
  /** Sends a request; settles with the worker's answer, `worker.timeout`, `request.aborted` or what `failAll` was given. */
  send(method: string, params: unknown, options: CallOptions<unknown>): Promise<unknown>;
  /** Takes an answer or a piece of one; anything that belongs to no call under way is ignored. */
  receive(message: Extract<FromWorker, { type: 'response' | 'chunk' }>): void;
  /** Ends every call with an error made for its method. */
  failAll(reason: (method: string) => AppError): void;
  /** The longest timeout among the calls under way; 0 when there is none. It bounds how long the worker may stay silent. */
  longestTimeoutMs(): number;
}

interface PendingCall {
  method: string;
  timeoutMs: number;
  onChunk: ((value: unknown) => void) | undefined;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  release: () => void;
}

/** Keeps the calls of one process; `post` puts a message on its line. A fresh process gets a fresh table, so answers never cross. */
export function createWorkerCalls(workerName: string, clock: Clock, post: (message: ToWorker) => void): WorkerCalls {
  const pending = new Map<number, PendingCall>();
  let lastSeq = 0;

  const take = (seq: number): PendingCall | undefined => {
    const call = pending.get(seq);
    pending.delete(seq);
    call?.release();
    return call;
  };

  const cancel = (seq: number, error: AppError): void => {
    const call = take(seq);
    if (call === undefined) return;
    post({ type: 'cancel', seq });
    call.reject(error);
  };

  return {
    send(method, params, options) {
      lastSeq += 1;
      const seq = lastSeq;
      const timeoutMs = Math.min(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMER_MS);
      return new Promise((resolve, reject) => {
        const timers: Timer[] = [clock.after(timeoutMs, () => cancel(seq, timedOut(workerName, method, timeoutMs)))];
        const onAbort = (): void => {
          post({ type: 'cancel', seq });
          timers.push(clock.after(CANCEL_GRACE_MS, () => cancel(seq, aborted())));
        };
        options.signal?.addEventListener('abort', onAbort, { once: true });
        const release = (): void => {
          for (const timer of timers) timer.cancel();
          options.signal?.removeEventListener('abort', onAbort);
        };
        pending.set(seq, { method, timeoutMs, onChunk: options.onChunk, resolve, reject, release });
        post({ type: 'request', seq, method, params });
      });
    },
    receive(message) {
      if (message.type === 'chunk') {
        const call = pending.get(message.seq);
        try {
          call?.onChunk?.(message.value);
        } catch (error) {
          cancel(message.seq, new AppError('worker.listener-failed', `A piece of "${call?.method}" could not be used.`, { cause: error }));
        }
        return;
      }
      const call = take(message.seq);
      if (message.ok) call?.resolve(message.value);
      else call?.reject(fromErrorData(message.error satisfies ErrorData));
    },
    failAll(reason) {
      for (const seq of Array.from(pending.keys())) {
        const call = take(seq);
        call?.reject(reason(call.method));
      }
    },
    longestTimeoutMs: () => Math.max(0, ...[...pending.values()].map((call) => call.timeoutMs)),
  };
}

/** What a caller gets who gave up. */
export function aborted(): AppError {
  return new AppError('request.aborted', 'The request was cancelled.');
}

function timedOut(worker: string, method: string, timeoutMs: number): AppError {
  return new AppError(
    'worker.timeout',
    `The ${worker} process did not answer "${method}" within ${timeoutMs / 1000} seconds. Try again; restart the part if it happens often.`,
    {
      details: { worker, method, timeoutMs },
    },
  );
}
