import type { Timer } from '../../base/clock.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import { AppError } from '../../base/errors.ts';
import { createRestartPolicy } from './restart-policy.ts';
import { aborted } from './worker-calls.ts';
import type { WorkerChild, WorkerDependencies } from './worker-child.ts';
import { openWorkerChild } from './worker-child.ts';
import type { CallOptions, MediaConnection, SupervisedWorker, WorkerCall, WorkerMethods, WorkerSpec, WorkerState } from './workers.ts';

/** Somebody who waits for the worker to run. Answered exactly once, in the order of arrival. */
interface Waiter {
  run: (child: WorkerChild) => void;
  fail: (error: Error) => void;
}

/**
 * Keeps one worker process alive and answers calls through it; see {@link SupervisedWorker} for what callers may rely on.
 * Nothing is launched before the first call. On `stop` and `dispose` calls under way reject with `request.aborted`.
 */
export function createSupervisedWorker<Methods extends WorkerMethods, Event>(
  spec: WorkerSpec,
  dependencies: WorkerDependencies,
): SupervisedWorker<Methods, Event> {
  const { clock, log } = dependencies;
  const policy = createRestartPolicy();
  const stateListeners = new Set<(state: WorkerState) => void>();
  const eventListeners = new Set<(event: Event) => void>();
  const preparations: ((call: WorkerCall<Methods>) => Promise<void>)[] = [];
  let state: WorkerState = { state: 'stopped' };
  let child: WorkerChild | undefined;
  let restartTimer: Timer | undefined;
  let stopping: Promise<void> | undefined;
  let disposed = false;
  let waiters: Waiter[] = [];

  const setState = (next: WorkerState): void => {
    state = next;
    log.debug('worker.state', { worker: spec.name, ...next });
    notify(stateListeners, next, log.error);
  };

  const failWaiters = (error: Error): void => {
    const failed = waiters;
    waiters = [];
    for (const waiter of failed) waiter.fail(error);
  };

  const launch = (): void => {
    try {
      dependencies.mayLaunch?.();
    } catch (error) {
      setState({ state: 'stopped' });
      failWaiters(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    setState({ state: 'starting' });
    try {
      const launched: WorkerChild = openWorkerChild(spec, dependencies, {
        onReady: (pid) => void prepare(launched, pid),
        onEvent: (payload) => notify(eventListeners, payload as Event, log.error),
        onExit: (code) => onExit(code),
      });
      child = launched;
    } catch (error) {
      log.error('worker.launch-failed', { worker: spec.name, error });
      onExit(null);
    }
  };

  const prepare = async (ready: WorkerChild, pid: number): Promise<void> => {
    try {
      for (const run of preparations) await run(callThrough<Methods>(ready));
    } catch (error) {
      // A crash is onExit's matter; here the process lives, but cannot do its work.
      if (child !== ready || stopping !== undefined) return;
      log.warn('worker.prepare-failed', { worker: spec.name, error });
      failWaiters(error instanceof Error ? error : new Error(String(error)));
      await stop();
      return;
    }
    if (child !== ready || stopping !== undefined) return;
    policy.running(clock.nowMs());
    const released = waiters;
    waiters = [];
    state = { state: 'running', pid, sinceMs: clock.nowMs() };
    for (const waiter of released) waiter.run(ready);
    setState(state);
  };

  const onExit = (code: number | null): void => {
    child = undefined;
    if (stopping !== undefined) return;
    log.warn('worker.exit', { worker: spec.name, code });
    const next = policy.exited(clock.nowMs());
    if (next.decision === 'give-up') {
      setState({ state: 'broken', exits: next.exits, lastExitCode: code });
      failWaiters(broken(spec));
      return;
    }
    restartTimer = clock.after(next.delayMs, launch);
    setState({ state: 'waiting', restartInMs: next.delayMs, lastExitCode: code });
  };

  const stop = ({ now = false } = {}): Promise<void> => {
    if (now && stopping !== undefined) void child?.end({ now });
    if (stopping !== undefined || state.state === 'broken' || state.state === 'stopped') return stopping ?? Promise.resolve();
    restartTimer?.cancel();
    const ending = child;
    failWaiters(stopped(spec));
    ending?.calls.failAll(() => stopped(spec));
    stopping = (ending?.end({ now }) ?? Promise.resolve()).then(() => {
      stopping = undefined;
      setState({ state: 'stopped' });
      // Somebody called while the old process was still closing.
      if (disposed) failWaiters(stopped(spec));
      else if (waiters.length > 0) launch();
    });
    return stopping;
  };

  /** Runs now, or when the worker runs; starts it when it is stopped. */
  const whenRunning = (waiter: Waiter): void => {
    if (disposed) waiter.fail(stopped(spec));
    else if (state.state === 'broken') waiter.fail(broken(spec));
    else if (state.state === 'running' && child !== undefined && stopping === undefined) waiter.run(child);
    else {
      waiters.push(waiter);
      if (state.state === 'stopped' && stopping === undefined) launch();
    }
  };

  const call = (method: string, params: unknown, options: CallOptions<unknown> = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted) {
        reject(aborted());
        return;
      }
      const onAbort = (): void => {
        waiters = waiters.filter((other) => other !== waiter);
        reject(aborted());
      };
      const settle = (): void => signal?.removeEventListener('abort', onAbort);
      const waiter: Waiter = {
        run(running) {
          settle();
          resolve(running.calls.send(method, params, options));
        },
        fail(error) {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      whenRunning(waiter);
    });

  return {
    name: spec.name,
    state: () => state,
    onState: (listener) => subscribe(stateListeners, listener),
    onEvent: (listener) => subscribe(eventListeners, listener),
    onStart: (run) => void preparations.push(run),
    start: () => new Promise((resolve, reject) => whenRunning({ run: () => resolve(), fail: reject })),
    call: call as WorkerCall<Methods>,
    attachPort: (sessionId, media) => whenRunning({ run: (running) => running.handOver(sessionId, media), fail: () => closeMedia(media) }),
    reset() {
      policy.reset();
      if (state.state === 'broken') setState({ state: 'stopped' });
    },
    stop,
    async dispose() {
      disposed = true;
      await stop();
      stateListeners.clear();
      eventListeners.clear();
    },
  };
}

/** Calls of a preparation go straight to its process: the worker does not count as running yet. */
function callThrough<Methods extends WorkerMethods>(child: WorkerChild): WorkerCall<Methods> {
  return ((method: string, params: unknown, options: CallOptions<unknown> = {}) =>
    child.calls.send(method, params, options)) as WorkerCall<Methods>;
}

function closeMedia(media: MediaConnection): void {
  if (media.kind === 'message-port') media.port.close();
  else media.socket.destroy();
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): Unsubscribe {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** One listener's mistake must not keep the worker's state from the others. */
function notify<Value>(
  listeners: Set<(value: Value) => void>,
  value: Value,
  onError: (message: string, fields: { error: unknown }) => void,
): void {
  for (const listener of listeners) {
    try {
      listener(value);
    } catch (error) {
      onError('worker.listener-failed', { error });
    }
  }
}

function broken(spec: WorkerSpec): AppError {
  return new AppError(
    'worker.broken',
    `The ${spec.name} process ended three times within a minute and is not started again by itself. Restart the part, or run the doctor.`,
    {
      details: { worker: spec.name },
    },
  );
}

function stopped(spec: WorkerSpec): AppError {
  return new AppError('request.aborted', `The ${spec.name} process was stopped.`, { details: { worker: spec.name } });
}
