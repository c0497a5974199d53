import { createServer } from 'node:http';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Clock } from '../../../base/clock.ts';
import type { MediaServer } from './audiosocket-server.ts';
import {
  CLOSE_GRACE_MS,
  DEAD_AFTER_MS,
  INTRODUCTION_MS,
  MAX_CONNECTIONS,
  MAX_UNSENT_BYTES,
  type AcceptLine,
  type LegLine,
  type LegLineListener,
} from './leg-line.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';
import { decodeMedia, encodeMedia, mediaCommand, readMediaEvent, type MediaFormat, type MediaStart } from './websocket-messages.ts';

/** Asterisk never sends more than this in one frame. */
const MAX_PAYLOAD_BYTES = 65_536;
/** Sound that came in front of MEDIA_START (it does under load), in frames: a second. */
const MAX_EARLY_FRAMES = 50;

/**
 * Where chan_websocket connects to (`ws://127.0.0.1:PORT/media`, subprotocol `media`). A leg is known by the channel variable `OPENCLAW_LEG`, by its id as
 * the channel's, or by the last part of the address. Asterisk could pace a whole utterance by itself; we send 20 ms at a time all the same: then what was
 * played is known to the frame, a barge-in is silence within one, both transports sound alike, and no backlog in Asterisk becomes a delay that stays.
 * Rejects with `phone.port-taken`.
 */
export async function openMediaWebSocketServer(options: { port: number; clock: Clock; accept: AcceptLine }): Promise<MediaServer> {
  const http = createServer((_request, response) => response.writeHead(426).end());
  http.maxConnections = MAX_CONNECTIONS;
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('media') ? 'media' : false),
  });
  // The http server's errors arrive here too; `listenOnLoopback` answers them.
  sockets.on('error', () => undefined);
  sockets.on('connection', (socket, request) => serve(socket, request.url ?? '/', options));
  const port = await listenOnLoopback(http, options.port);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        sockets.close();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function serve(socket: WebSocket, path: string, { clock, accept }: Parameters<typeof openMediaWebSocketServer>[0]): void {
  let listener: LegLineListener | undefined;
  let format: MediaFormat | undefined;
  let takesSinceMs = clock.nowMs();
  let isEnding = false;
  const early: Uint8Array[] = [];
  const introduction = clock.after(INTRODUCTION_MS, () => listener === undefined && socket.terminate());

  const line: LegLine = {
    sampleRateHz: () => format?.sampleRateHz ?? null,
    send(samples) {
      if (isEnding || !format || socket.readyState !== socket.OPEN) return;
      const nowMs = clock.nowMs();
      if (socket.bufferedAmount < MAX_UNSENT_BYTES) {
        takesSinceMs = nowMs;
        socket.send(encodeMedia(samples, format), { binary: true });
      } else if (nowMs - takesSinceMs > DEAD_AFTER_MS) socket.terminate();
    },
    flush() {
      if (!isEnding && socket.readyState === socket.OPEN) socket.send(mediaCommand('FLUSH_MEDIA'));
    },
    hangUp() {
      if (isEnding) return;
      isEnding = true;
      if (socket.readyState === socket.OPEN) socket.send(mediaCommand('HANGUP'));
      socket.close(1000);
      const grace = clock.after(CLOSE_GRACE_MS, () => socket.terminate());
      socket.once('close', grace.cancel);
    },
  };

  const begin = (start: MediaStart): void => {
    if (listener) return;
    ({ format } = start);
    for (const name of [...start.names, path.split('?')[0]?.split('/').at(-1) ?? '']) listener ??= accept(name, line);
    if (!listener) return line.hangUp();
    for (const bytes of early.splice(0)) listener.audio(decodeMedia(bytes, format), format.sampleRateHz);
  };

  const hearSound = (bytes: Uint8Array): void => {
    if (listener && format) listener.audio(decodeMedia(bytes, format), format.sampleRateHz);
    else if (early.length < MAX_EARLY_FRAMES) early.push(bytes);
  };

  const hearText = (text: string): void => {
    const heard = readMediaEvent(text);
    if (heard?.event === 'MEDIA_START') begin(heard.start);
    else if (heard?.event === 'DTMF_END') listener?.digit(heard.digit);
    // Nothing can be said in a codec that is not ours.
    else if (!heard && !listener && text.includes('MEDIA_START')) line.hangUp();
  };

  socket.binaryType = 'nodebuffer';
  socket.on('message', (data: RawData, isBinary) => {
    if (isEnding || !(data instanceof Buffer)) return;
    if (isBinary) hearSound(data);
    else hearText(data.toString('utf8'));
  });
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    introduction.cancel();
    early.length = 0;
    listener?.closed();
  });
}
