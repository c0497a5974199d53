import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AudioPort } from '../../../src-preload/contract/index.ts';
import { MAX_AUDIO_FRAME_BYTES } from '../../../src-preload/contract/audio-frames.ts';
import { webSocketAudio } from './audio-port.ts';

/** A checked WebSocket request whose connection is handed to another process before it is answered. Plain data. */
export interface SocketUpgrade {
  /** The request's headers, lower case, as Node gives them. */
  headers: Record<string, string>;
  /** Bytes that came after the request's header; empty with every well-behaved client. */
  head: Uint8Array;
}

/**
 * Answers the WebSocket handshake on a connection that the door has already checked (token, Origin, Host, owner), and gives its audio port.
 * Undefined when the handshake itself was malformed; the connection is closed then.
 */
export async function acceptUpgrade(socket: Duplex, upgrade: SocketUpgrade): Promise<AudioPort | undefined> {
  // Loaded here, because under Electron no worker ever needs it.
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_AUDIO_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  socket.on('error', () => socket.destroy());
  return new Promise((resolve) => {
    socket.once('close', () => resolve(undefined));
    const request = { method: 'GET', url: '/audio', headers: upgrade.headers } as unknown as IncomingMessage;
    server.handleUpgrade(request, socket, Buffer.from(upgrade.head), (webSocket) => resolve(webSocketAudio(webSocket)));
  });
}
