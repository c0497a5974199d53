import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server on loopback that takes every connection and never says a word. */
export async function startSilentServer(): Promise<{ endpoint: string; connections(): number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return { endpoint: `http://127.0.0.1:${address.port}`, connections: () => sockets.length };
}
