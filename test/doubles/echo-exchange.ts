import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Disposable } from '../../src-main/base/dispose.ts';

export interface EchoExchange extends Disposable {
  /** `ws://127.0.0.1:…/ws` */
  readonly url: string;
  /** What was sent along with each handshake. */
  readonly asked: { path: string | undefined; host: string | undefined; cookie: string | undefined; origin: string | undefined }[];
}

/** The WebSocket of a telephone exchange that answers what it hears. */
export async function openEchoExchange(name: string): Promise<EchoExchange> {
  const asked: EchoExchange['asked'] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', path: '/ws' });
  server.on('connection', (socket, { url, headers }) => {
    asked.push({ path: url, host: headers.host, cookie: headers.cookie, origin: headers.origin });
    socket.on('message', (data) => socket.send(`${name} heard ${String(data)}`));
  });
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    asked,
    dispose() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
