import type { Server } from 'node:net';
import { AppError } from '../../../base/errors.ts';

/** Opens a server for this machine alone; 0 = any free port. Resolves with the port, rejects with `phone.port-taken`. */
export function listenOnLoopback(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new AppError(
          'phone.port-taken',
          `The phone's sound cannot listen on port ${port}: ${cause.code ?? 'unknown trouble'}. End the program that uses it, or choose another port.`,
          {
            cause,
            details: { port },
          },
        ),
      ),
    );
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
