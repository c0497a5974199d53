import type { MessagePortMain, UtilityProcess } from 'electron';
import { MessageChannelMain, utilityProcess } from 'electron';
import { fileURLToPath } from 'node:url';
import type { LauncherOptions } from './launcher-node.ts';
import { logLines } from './launcher-node.ts';
import { tunnelSocket } from './socket-tunnel.ts';
import type { FromWorker, MediaConnection, WorkerLauncher, WorkerProcess } from './workers.ts';

/** Starts workers as Electron utility processes of the built entries. Chromium ends them when the main process dies. */
export function createElectronLauncher(options: LauncherOptions): WorkerLauncher {
  return (spec) => {
    const child = utilityProcess.fork(fileURLToPath(spec.entry), [], {
      serviceName: `openclaw ${spec.name}`,
      env: { ...options.environment, ...spec.env },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    logLines(child.stdout, (line) => options.log.debug('worker.output', { worker: spec.name, line }));
    logLines(child.stderr, (line) => options.log.info('worker.output', { worker: spec.name, line }));
    return workerProcessOf(child);
  };
}

function workerProcessOf(child: UtilityProcess): WorkerProcess {
  let alive = true;
  child.once('exit', () => (alive = false));
  return {
    get pid() {
      return child.pid;
    },
    post(message, media) {
      if (alive) child.postMessage(message, media === undefined ? [] : [portOf(media)]);
    },
    onMessage(listener) {
      const onMessage = (message: unknown): void => listener(message as FromWorker);
      child.on('message', onMessage);
      return () => void child.off('message', onMessage);
    },
    onExit(listener) {
      child.once('exit', listener);
      return () => void child.off('exit', listener);
    },
    kill() {
      // `child.kill()` asks politely, and a process inside a native call may not listen.
      if (alive && child.pid !== undefined) killNow(child.pid);
      else child.kill();
    },
  };
}

/** A TCP connection cannot travel to a utility process, so its bytes go through a channel; only a browser beside the window needs that (workers are joined by worker-link.electron.ts). */
function portOf(media: MediaConnection): MessagePortMain {
  if (media.kind === 'message-port') return media.port as MessagePortMain;
  const { port1, port2 } = new MessageChannelMain();
  tunnelSocket(media.socket, port1);
  return port2;
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself; `exit` tells.
  }
}
