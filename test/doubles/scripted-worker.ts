import type {
  FromWorker,
  MediaConnection,
  ToWorker,
  WorkerLauncher,
  WorkerProcess,
  WorkerSpec,
} from '../../src-main/platform/workers/workers.ts';

/** A worker process that lives in the test: it says what the test makes it say, and remembers what it was told. */
export interface ScriptedProcess extends WorkerProcess {
  readonly spec: WorkerSpec;
  readonly messages: ToWorker[];
  readonly media: MediaConnection[];
  /** `kill()` was called; the exit follows in a later microtask. */
  readonly killed: boolean;
  say(message: FromWorker): void;
  exit(code: number | null): void;
  /** The requests so far, as `method` and `seq`. */
  requests(): { seq: number; method: string; params: unknown }[];
}

export interface ScriptedWorkerOptions {
  /** Says `ready` by itself. Default true. */
  becomesReady?: boolean;
  /** Resident size it answers pings with; undefined = never answers. Default 1000. */
  memoryBytes?: (() => number | undefined) | undefined;
  /** Answers requests by itself; undefined = leaves the request open. */
  answer?: (method: string, params: unknown) => { value: unknown } | undefined;
  /** Exits by itself when asked to shut down. Default true. */
  obeysShutdown?: boolean;
}

export interface ScriptedLauncher {
  launch: WorkerLauncher;
  readonly processes: ScriptedProcess[];
  /** The process launched last; throws when there is none. */
  latest(): ScriptedProcess;
}

/** Makes processes in place of a real launcher; each one behaves as `options` say at the time. */
export function createScriptedLauncher(options: ScriptedWorkerOptions = {}): ScriptedLauncher {
  const processes: ScriptedProcess[] = [];
  return {
    processes,
    launch(spec) {
      const made = createScriptedProcess(spec, 1000 + processes.length, options);
      processes.push(made);
      if (options.becomesReady ?? true) queueMicrotask(() => made.say({ type: 'ready', pid: made.pid ?? 0 }));
      return made;
    },
    latest() {
      const last = processes.at(-1);
      if (last === undefined) throw new Error('No process has been launched');
      return last;
    },
  };
}

function createScriptedProcess(spec: WorkerSpec, pid: number, options: ScriptedWorkerOptions): ScriptedProcess {
  const messageListeners = new Set<(message: FromWorker) => void>();
  const exitListeners = new Set<(code: number | null) => void>();
  const messages: ToWorker[] = [];
  const media: MediaConnection[] = [];
  let alive = true;
  let killed = false;

  const say = (message: FromWorker): void => {
    if (!alive) return;
    for (const listener of messageListeners) listener(message);
  };
  const exit = (code: number | null): void => {
    if (!alive) return;
    alive = false;
    for (const listener of exitListeners) listener(code);
  };
  const react = (message: ToWorker): void => {
    if (message.type === 'shutdown' && (options.obeysShutdown ?? true)) queueMicrotask(() => exit(0));
    if (message.type === 'ping') {
      const memoryBytes = options.memoryBytes === undefined ? 1000 : options.memoryBytes();
      if (memoryBytes !== undefined) say({ type: 'pong', seq: message.seq, memoryBytes });
    }
    if (message.type === 'request') {
      const { seq } = message;
      const answer = options.answer?.(message.method, message.params);
      if (answer !== undefined) queueMicrotask(() => say({ type: 'response', seq, ok: true, value: answer.value }));
    }
  };

  return {
    spec,
    pid,
    messages,
    media,
    get killed() {
      return killed;
    },
    say,
    exit,
    post(message, handedOver) {
      messages.push(message);
      if (handedOver !== undefined) media.push(handedOver);
      react(message);
    },
    onMessage(listener) {
      messageListeners.add(listener);
      return () => void messageListeners.delete(listener);
    },
    onExit(listener) {
      exitListeners.add(listener);
      return () => void exitListeners.delete(listener);
    },
    kill() {
      killed = true;
      queueMicrotask(() => exit(null));
    },
    requests: () =>
      messages
        .flatMap((message) => (message.type === 'request' ? [message] : []))
        .map(({ seq, method, params }) => ({ seq, method, params })),
  };
}
