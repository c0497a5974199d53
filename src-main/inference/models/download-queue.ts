import type { ModelStatus } from '../../../src-preload/contract/index.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import { isAbort, toErrorData } from '../../base/errors.ts';
import type { InstallStage } from './install-model.ts';

/** Brings one model in; the queue says when. */
export type RunDownload = (modelId: string, options: { signal: AbortSignal; onStage: (stage: InstallStage) => void }) => Promise<void>;

/**
 * The models that are being brought in.
 *
 *   (none) --add--> queued --a lane is free--> downloading <--> verifying --done--> (none)
 *                     |                            |--pause--> paused --add--> queued
 *                     |--pause--> paused           |--error--> failed --add--> queued
 *   shut: as paused, whatever the state; nothing starts before somebody adds it again
 *   cancel: from every state to (none); what was fetched is thrown away by the caller
 */
export interface DownloadQueue extends Disposable {
  /** Puts a model at the end, or goes on with a paused or failed one. Nothing happens to one that is on its way. */
  add(modelId: string): void;
  /** Stops it and keeps what has arrived. Resolves when it stands still. */
  pause(modelId: string): Promise<void>;
  /** Stops and forgets it. Resolves when it stands still. */
  cancel(modelId: string): Promise<void>;
  /** Undefined when the queue knows nothing of it: then the disk decides. */
  statusOf(modelId: string): ModelStatus | undefined;
  /** Resolves when nothing is queued or running. */
  idle(): Promise<void>;
}

export interface DownloadQueueOptions {
  run: RunDownload;
  clock: Clock;
  /** Aborted while nothing may reach out; asked anew for each run. */
  shut: () => AbortSignal;
  /** Told at every change of state, and while bytes arrive at most four times a second per model. Undefined = done or forgotten. */
  onStatus: (modelId: string, status: ModelStatus | undefined) => void;
  /** Downloads side by side. Default 2: more only share the same line. */
  parallel?: number;
}

const TELL_EVERY_MS = 250;

interface Entry {
  status: ModelStatus;
  controller: AbortController;
  /** Why it was stopped, if it was. */
  ending: 'paused' | 'cancelled' | undefined;
  /** Settles when the run has ended in whatever way; resolved before it has begun. */
  ended: Promise<void>;
  lastToldMs: number;
  pending: Timer | undefined;
}

/** Creates an empty {@link DownloadQueue}. Disposing stops what runs; partial files stay for the next start. */
export function createDownloadQueue(options: DownloadQueueOptions): DownloadQueue {
  const { clock, parallel = 2 } = options;
  const entries = new Map<string, Entry>();
  const running = new Set<string>();
  const idleWaiters = new Set<() => void>();
  let disposed = false;

  const setStatus = (modelId: string, entry: Entry, status: ModelStatus): void => {
    entry.status = status;
    entry.pending?.cancel();
    entry.pending = undefined;
    entry.lastToldMs = clock.nowMs();
    options.onStatus(modelId, status);
  };
  const setProgress = (modelId: string, entry: Entry, status: ModelStatus): void => {
    const isNewState = entry.status.status !== status.status;
    if (isNewState || clock.nowMs() - entry.lastToldMs >= TELL_EVERY_MS) {
      setStatus(modelId, entry, status);
      return;
    }
    entry.status = status;
    entry.pending ??= clock.after(TELL_EVERY_MS, () => setStatus(modelId, entry, entry.status));
  };
  const forget = (modelId: string): void => {
    entries.get(modelId)?.pending?.cancel();
    entries.delete(modelId);
    options.onStatus(modelId, undefined);
  };
  const settle = (modelId: string, entry: Entry, error: unknown): void => {
    if (error === undefined || entry.ending === 'cancelled') forget(modelId);
    else if (entry.ending === 'paused') setStatus(modelId, entry, pausedStatus(entry.status));
    else if (isAbort(error)) forget(modelId);
    else setStatus(modelId, entry, { status: 'failed', ...toErrorData(error), receivedBytes: receivedBytes(entry.status) });
  };
  const start = (modelId: string, entry: Entry): void => {
    const shut = options.shut();
    if (shut.aborted) return setStatus(modelId, entry, pausedStatus(entry.status));
    const onShut = (): void => void stop(modelId, 'paused');
    shut.addEventListener('abort', onShut, { once: true });
    running.add(modelId);
    setStatus(modelId, entry, { status: 'verifying' });
    const onStage = (stage: InstallStage): void => {
      if (entry.controller.signal.aborted) return;
      if (stage.stage === 'downloading') setProgress(modelId, entry, { status: 'downloading', ...stage.progress });
      else setProgress(modelId, entry, stage.stage === 'waiting' ? { status: 'queued' } : { status: 'verifying' });
    };
    entry.ended = options
      .run(modelId, { signal: entry.controller.signal, onStage })
      .then(
        () => settle(modelId, entry, undefined),
        (error: unknown) => settle(modelId, entry, error),
      )
      .then(() => {
        shut.removeEventListener('abort', onShut);
        running.delete(modelId);
        next();
      });
  };
  const next = (): void => {
    for (const [modelId, entry] of entries) {
      if (disposed || running.size >= parallel) break;
      if (entry.status.status === 'queued' && !running.has(modelId)) start(modelId, entry);
    }
    if (running.size === 0) for (const wake of idleWaiters) wake();
    if (running.size === 0) idleWaiters.clear();
  };
  const stop = async (modelId: string, ending: NonNullable<Entry['ending']>): Promise<void> => {
    const entry = entries.get(modelId);
    if (!entry) return;
    entry.ending = ending;
    entry.controller.abort();
    await entry.ended;
    // A run that was waiting, paused or failed has nothing to settle by itself.
    const left = entries.get(modelId);
    if (left === undefined) return;
    if (ending === 'cancelled') forget(modelId);
    else if (left.status.status === 'queued') setStatus(modelId, left, pausedStatus(left.status));
  };

  return {
    add(modelId) {
      const known = entries.get(modelId)?.status.status;
      if (disposed || (known !== undefined && known !== 'paused' && known !== 'failed')) return;
      const entry: Entry = {
        status: { status: 'queued' },
        controller: new AbortController(),
        ending: undefined,
        ended: Promise.resolve(),
        lastToldMs: 0,
        pending: undefined,
      };
      // A resumed model goes to the end of the row again.
      entries.delete(modelId);
      entries.set(modelId, entry);
      setStatus(modelId, entry, entry.status);
      next();
    },
    pause: (modelId) => stop(modelId, 'paused'),
    cancel: (modelId) => stop(modelId, 'cancelled'),
    statusOf: (modelId) => entries.get(modelId)?.status,
    idle: () => (running.size === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.add(resolve))),
    async dispose() {
      disposed = true;
      await Promise.all([...running].map((modelId) => stop(modelId, 'paused')));
      for (const entry of entries.values()) entry.pending?.cancel();
    },
  };
}

function receivedBytes(status: ModelStatus): number {
  return 'receivedBytes' in status ? status.receivedBytes : 0;
}

function pausedStatus(status: ModelStatus): ModelStatus {
  return { status: 'paused', receivedBytes: receivedBytes(status), totalBytes: 'totalBytes' in status ? status.totalBytes : 0 };
}
