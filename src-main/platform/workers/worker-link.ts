import { connect, createServer, type Server, type Socket } from 'node:net';
import type { SupervisedWorker } from './workers.ts';

/** One end of a direct line: which worker gets it, and under which name. */
export interface LinkEnd {
  worker: Pick<SupervisedWorker<object, unknown>, 'attachPort'>;
  sessionId: string;
}

/**
 * Joins two workers by a direct line for sound, which main never sees. Each gets an open audio port by its `onPort`; when one of them ends, the other's
 * port closes. Resolves when both ends are handed over. Rejects when the machine gives no connection. The launcher's world decides which one there is:
 * `linkByMessagePort` (worker-link.electron.ts) or {@link linkBySocket}.
 */
export type LinkWorkers = (one: LinkEnd, other: LinkEnd) => Promise<void>;

/** Node's workers are forked processes: a connection on loopback whose ends are handed to both of them. */
export const linkBySocket: LinkWorkers = async (one, other) => {
  const [near, far] = await connectedSockets();
  one.worker.attachPort(one.sessionId, { kind: 'framed-socket', socket: near });
  other.worker.attachPort(other.sessionId, { kind: 'framed-socket', socket: far });
};

/**
 * Two ends of one connection. The door is open for this one alone, and whoever else comes through it is not the one that is known by its port. Nothing
 * is read from either end here: what is read cannot be handed over.
 */
async function connectedSockets(): Promise<[Socket, Socket]> {
  const server = createServer({ pauseOnConnect: true });
  try {
    const port = await listen(server);
    const near = connect({ port, host: '127.0.0.1' });
    near.pause();
    const far = await new Promise<Socket>((resolve, reject) => {
      const others: Socket[] = [];
      const settle = (): void => {
        const found = others.find((socket) => socket.remotePort === near.localPort);
        if (!found) return;
        for (const socket of others) if (socket !== found) socket.destroy();
        resolve(found);
      };
      server.on('connection', (socket) => {
        others.push(socket);
        if (!near.connecting) settle();
      });
      near.once('connect', settle);
      near.once('error', reject);
    });
    near.removeAllListeners('error');
    // Node would remember each of these servers for as long as the worker lives, and ask it at the end for connections.
    Object.assign(far, { server: undefined });
    return [near, far];
  } finally {
    server.close();
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
