import { assertNever } from '../../base/assert-never.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { SocketUpgrade } from './socket-upgrade.ts';
import type { WorkerCalls } from './worker-calls.ts';
import { createWorkerCalls } from './worker-calls.ts';
import type { WorkerAilment, WorkerVitals } from './worker-vitals.ts';
import { watchVitals } from './worker-vitals.ts';
import type { FromWorker, MediaConnection, WorkerLauncher, WorkerProcess, WorkerSpec } from './workers.ts';

const START_TIMEOUT_MS = 10_000;
/** How long a worker may take to close what it has open. */
const SHUTDOWN_GRACE_MS = 2000;

export interface WorkerDependencies {
  launch: WorkerLauncher;
  clock: Clock;
  log: Log;
  /** Asked before every launch, also of one that crashed; what it throws is what the waiting calls are told. */
  mayLaunch?: () => void;
}

/** One life of a worker process, from launch to exit. */
export interface WorkerChild {
  readonly calls: WorkerCalls;
  handOver(sessionId: string, media: MediaConnection): void;
  /** Asks it to close, ends it if it does not, or at once (`now`); resolves when it has exited. */
  end(options?: { now?: boolean }): Promise<void>;
}

export interface WorkerChildListeners {
  onReady(pid: number): void;
  onEvent(payload: unknown): void;
  /** Exactly once, after the calls under way have been rejected with `worker.crashed`. */
  onExit(code: number | null): void;
}

/** Launches the process and watches it. A process that is not ready in ten seconds, hangs or grows too large is killed. */
export function openWorkerChild(spec: WorkerSpec, dependencies: WorkerDependencies, listeners: WorkerChildListeners): WorkerChild {
  const { clock, log } = dependencies;
  const child: WorkerProcess = dependencies.launch(spec);
  const calls = createWorkerCalls(spec.name, clock, (message) => child.post(message));
  const exited = new Promise<void>((resolve) => void child.onExit(() => resolve()));
  let vitals: WorkerVitals | undefined;
  let shutdownTimer: Timer | undefined;

  const startTimer = clock.after(START_TIMEOUT_MS, () => {
    log.warn('worker.start-timeout', { worker: spec.name, afterMs: START_TIMEOUT_MS });
    child.kill();
  });

  const onAilment = (ailment: WorkerAilment): void => {
    log.warn(`worker.${ailment.ailment}`, { worker: spec.name, pid: child.pid, ...ailment, limitBytes: spec.memoryLimitBytes });
    child.kill();
  };

  const onReady = (pid: number): void => {
    startTimer.cancel();
    const post = child.post.bind(child);
    vitals = watchVitals({ clock, memoryLimitBytes: spec.memoryLimitBytes, post, longestCallMs: calls.longestTimeoutMs, onAilment });
    listeners.onReady(pid);
  };

  const stopListening = child.onMessage((message: FromWorker) => {
    vitals?.heard();
    switch (message.type) {
      case 'ready':
        onReady(message.pid);
        return;
      case 'pong':
        vitals?.pong(message.memoryBytes);
        return;
      case 'chunk':
      case 'response':
        calls.receive(message);
        return;
      case 'event':
        listeners.onEvent(message.payload);
        return;
      default:
        assertNever(message, 'message from a worker');
    }
  });

  child.onExit((code) => {
    stopListening();
    startTimer.cancel();
    shutdownTimer?.cancel();
    void vitals?.dispose();
    calls.failAll((method) => crashed(spec, method, code));
    listeners.onExit(code);
  });

  return {
    calls,
    handOver(sessionId, media) {
      child.post({ type: 'port', sessionId, ...howToOpen(media) }, media);
    },
    end({ now = false } = {}) {
      if (now) child.kill();
      else if (shutdownTimer === undefined) {
        child.post({ type: 'shutdown' });
        shutdownTimer = clock.after(SHUTDOWN_GRACE_MS, () => child.kill());
      }
      return exited;
    },
  };
}

/** What the worker must know of the connection beside the connection itself. */
function howToOpen(media: MediaConnection): { upgrade?: SocketUpgrade; framed?: true } {
  if (media.kind === 'message-port') return {};
  return media.kind === 'socket' ? { upgrade: media.upgrade } : { framed: true };
}

function crashed(spec: WorkerSpec, method: string, code: number | null): AppError {
  return new AppError(
    'worker.crashed',
    `The ${spec.name} process ended while it worked on "${method}". It is started again by itself; try once more.`,
    {
      details: { worker: spec.name, method, exitCode: code ?? 'killed' },
    },
  );
}
