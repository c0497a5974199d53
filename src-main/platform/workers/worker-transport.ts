import type { Socket } from 'node:net';
import type { FromWorker, ToWorker } from './workers.ts';
import type { MessagePortLike } from './audio-port.ts';

/** The worker's line to the process that started it. */
export interface WorkerTransport {
  post(message: FromWorker): void;
  /** `handle` accompanies a `port` message only: a MessagePort under Electron, a TCP socket under Node. */
  onMessage(listener: (message: ToWorker, handle: PortHandle | undefined) => void): void;
  /** Runs when the parent has died or has let go of this process. */
  onParentGone(listener: () => void): void;
  exit(code: number): void;
}

/** What can be handed over: see audio-port.ts and socket-upgrade.ts. */
export type PortHandle = { kind: 'message-port'; port: MessagePortLike } | { kind: 'socket'; socket: Socket };

/** Electron's `process.parentPort`, described here because a worker must not import electron. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MessagePortLike[] }) => void): void;
}

/** The transport of this process: a utility process of Electron or a forked child of Node. Throws when it is neither. */
export function connectToParent(): WorkerTransport {
  const parentPort = (process as { parentPort?: ParentPort }).parentPort;
  if (parentPort !== undefined) return utilityTransport(parentPort);
  if (process.send === undefined) throw new Error('A worker is started by the supervisor, never by hand');
  return forkTransport();
}

function utilityTransport(parentPort: ParentPort): WorkerTransport {
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the parent process, not a window
    post: (message) => parentPort.postMessage(message),
    onMessage(listener) {
      parentPort.on('message', ({ data, ports }) => {
        const port = ports[0];
        listener(data as ToWorker, port === undefined ? undefined : { kind: 'message-port', port });
      });
    },
    // Chromium ends a utility process whose browser process is gone; nothing to watch here.
    onParentGone: () => undefined,
    exit: (code) => process.exit(code),
  };
}

function forkTransport(): WorkerTransport {
  return {
    post(message) {
      // A failure means that the parent is gone, which `disconnect` reports.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage(listener) {
      process.on('message', (message, handle) => {
        listener(message as ToWorker, handle === undefined ? undefined : { kind: 'socket', socket: handle as Socket });
      });
    },
    onParentGone: (listener) => process.once('disconnect', listener),
    exit: (code) => process.exit(code),
  };
}
