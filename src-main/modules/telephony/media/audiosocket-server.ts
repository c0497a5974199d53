import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../../base/clock.ts';
import { AUDIO_SOCKET_HANG_UP, audioSocketSound, createAudioSocketParser, type AudioSocketMessage } from './audiosocket-messages.ts';
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

/** A door that is open for Asterisk. */
export interface MediaServer {
  readonly port: number;
  /** Closes the door and every line. */
  close(): Promise<void>;
}

/** Without sound from Asterisk for so long, the usual rate is taken: a caller who sends nothing must hear the greeting all the same. */
const RATE_PATIENCE_MS = 300;

/**
 * Asterisk connects for each leg. `usualRateHz` is that of the channels that connect here: 16 kHz for external media, 8 kHz for the application of
 * other people's dialplans. Rejects with `phone.port-taken`.
 */
export async function openAudioSocketServer(options: {
  port: number;
  usualRateHz: 8_000 | 16_000;
  clock: Clock;
  accept: AcceptLine;
}): Promise<MediaServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: false, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, options);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const port = await listenOnLoopback(server, options.port);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(socket: Socket, { clock, accept, usualRateHz }: Parameters<typeof openAudioSocketServer>[0]): void {
  const parser = createAudioSocketParser();
  const openedAtMs = clock.nowMs();
  let listener: LegLineListener | undefined;
  let rateHz: number | null = null;
  let takesSinceMs = clock.nowMs();
  let isEnding = false;
  const introduction = clock.after(INTRODUCTION_MS, () => listener === undefined && socket.destroy());

  const hangUp = (): void => {
    if (isEnding || socket.destroyed) return;
    isEnding = true;
    // A connection that is only half closed has frozen Asterisk: what does not end by itself is cut.
    socket.end(AUDIO_SOCKET_HANG_UP);
    const grace = clock.after(CLOSE_GRACE_MS, () => socket.destroy());
    socket.once('close', grace.cancel);
  };

  const line: LegLine = {
    sampleRateHz: () => rateHz ?? (clock.nowMs() - openedAtMs >= RATE_PATIENCE_MS ? usualRateHz : null),
    send(samples) {
      if (isEnding || socket.destroyed || samples.length === 0) return;
      const nowMs = clock.nowMs();
      if (socket.writableLength < MAX_UNSENT_BYTES) {
        takesSinceMs = nowMs;
        socket.write(audioSocketSound(samples, line.sampleRateHz() ?? usualRateHz));
      } else if (nowMs - takesSinceMs > DEAD_AFTER_MS) socket.destroy();
    },
    // The protocol has no word for it; Asterisk holds a frame or two.
    flush: () => undefined,
    hangUp,
  };

  const hear = (message: AudioSocketMessage): void => {
    if (message.type === 'id') {
      if (listener) return;
      listener = accept(message.legId, line);
      if (!listener) hangUp();
      return;
    }
    // Whatever comes before the id is no AudioSocket.
    if (!listener) return void socket.destroy();
    if (message.type === 'sound') {
      rateHz = message.sampleRateHz;
      listener.audio(message.samples, message.sampleRateHz);
    } else if (message.type === 'digit') listener.digit(message.digit);
    else if (message.type === 'broken') socket.destroy();
    else hangUp();
  };

  socket.on('data', (bytes) => {
    for (const message of parser.push(bytes)) if (!isEnding && !socket.destroyed) hear(message);
  });
  // A broken connection also closes; without a listener the error would end the process.
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroySoon());
  socket.once('close', () => {
    introduction.cancel();
    listener?.closed();
  });
}
