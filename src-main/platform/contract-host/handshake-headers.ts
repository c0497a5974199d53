import type { IncomingMessage } from 'node:http';

/** What whoever completes the handshake of a WebSocket needs of its request; cookies and tokens stay here. */
export function handshakeHeaders(request: IncomingMessage): Record<string, string> {
  const wanted = Object.entries(request.headers).filter(
    ([name]) => name.startsWith('sec-websocket-') || name === 'upgrade' || name === 'connection',
  );
  return Object.fromEntries(wanted.map(([name, value]) => [name, String(value)]));
}
