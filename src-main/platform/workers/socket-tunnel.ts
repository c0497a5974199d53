import { Duplex } from 'node:stream';
import type { MessagePortLike } from './audio-port.ts';

/** Carries a connection's bytes over a MessagePort, as they are: `Uint8Array` = bytes, `null` = the end. */
export function tunnelSocket(socket: Duplex, port: MessagePortLike): void {
  socket.on('data', (bytes: Uint8Array) => port.postMessage(bytes));
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    port.postMessage(null);
    port.close();
  });
  port.on('message', (event) => {
    const bytes = bytesOf(event);
    if (bytes === undefined) socket.end();
    else socket.write(bytes);
  });
  port.on('close', () => socket.destroy());
  port.start();
}

/** The other end of {@link tunnelSocket}: a stream that reads and writes as the connection itself would. */
export function tunnelStream(port: MessagePortLike): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Uint8Array, _encoding, done) {
      port.postMessage(new Uint8Array(chunk));
      done();
    },
    final(done) {
      port.postMessage(null);
      done();
    },
    destroy(error, done) {
      port.close();
      done(error);
    },
  });
  port.on('message', (event) => stream.push(bytesOf(event) ?? null));
  port.on('close', () => stream.destroy());
  port.start();
  return stream;
}

function bytesOf(event: unknown): Uint8Array | undefined {
  const value = typeof event === 'object' && event !== null && 'data' in event ? event.data : event;
  return value instanceof Uint8Array ? value : undefined;
}
