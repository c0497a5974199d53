import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readLines } from '../../base/lines.ts';
import type { Log, LogLine } from '../../base/log.ts';
import type { FromWorker, MediaConnection, WorkerLauncher, WorkerProcess } from './workers.ts';

export interface LauncherOptions {
  /** Everything a worker may know of our environment: `readChildEnvironment()`. */
  environment: Record<string, string>;
  /** Gets what workers print: native libraries talk on both streams. */
  log: Log;
}

/** Starts workers as forked Node processes, from source or from a build. A worker ends when this process dies, because its channel closes. */
export function createNodeLauncher(options: LauncherOptions): WorkerLauncher {
  return (spec) => {
    const child = fork(fileURLToPath(spec.entry), [], {
      env: { ...options.environment, ...spec.env },
      // Flags such as --inspect are for this process; and typed arrays must travel as such.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    logLines(child.stdout, (line) => options.log.debug('worker.output', { worker: spec.name, line }));
    logLines(child.stderr, (line) => options.log.info('worker.output', { worker: spec.name, line }));
    return workerProcessOf(child, options.log.warn);
  };
}

/** Passes each printed line on; never fails. */
export function logLines(stream: NodeJS.ReadableStream | null, write: (line: string) => void): void {
  if (stream === null) return;
  stream.on('error', () => undefined);
  readLines(stream, write);
}

function workerProcessOf(child: ChildProcess, warn: LogLine): WorkerProcess {
  // Emitted for a process that could not be started (no `exit` follows then) and for messages that could not be sent (`exit` follows).
  child.on('error', (error) => warn('worker.process-error', { pid: child.pid, error }));
  return {
    get pid() {
      return child.pid;
    },
    post(message, media) {
      if (!child.connected) discard(media);
      else child.send(message, handleOf(media), () => undefined);
    },
    onMessage(listener) {
      const onMessage = (message: unknown): void => listener(message as FromWorker);
      child.on('message', onMessage);
      return () => void child.off('message', onMessage);
    },
    onExit(listener) {
      let told = false;
      const tell = (code: number | null): void => {
        if (told) return;
        told = true;
        listener(code);
      };
      const onError = (): void => {
        if (child.pid === undefined) tell(null);
      };
      child.once('exit', tell);
      child.on('error', onError);
      return () => {
        child.off('exit', tell);
        child.off('error', onError);
      };
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** The connection itself travels to the child; this process has nothing more to do with it. */
function handleOf(media: MediaConnection | undefined): Socket | undefined {
  if (media === undefined) return undefined;
  if (media.kind !== 'message-port' && media.socket instanceof Socket) return media.socket;
  discard(media);
  return undefined;
}

function discard(media: MediaConnection | undefined): void {
  if (media?.kind === 'message-port') media.port.close();
  else media?.socket.destroy();
}
