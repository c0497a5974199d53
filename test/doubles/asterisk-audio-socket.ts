import { connect, type Socket } from 'node:net';
import { systemClock } from '../../src-main/base/clock.ts';
import { audioSocketSound, createAudioSocketParser } from '../../src-main/modules/telephony/media/audiosocket-messages.ts';

/** Asterisk's end of an AudioSocket: connects, says whose it is, and sends sound at its own pace. */
export interface AsteriskAudioSocket {
  readonly socket: Socket;
  /** What came from us, in order, and when. */
  readonly heard: { atMs: number; samples: Float32Array }[];
  readonly rateHz: number;
  sound(): Float32Array;
  /** Sends frames of 20 ms in real time; silence in between. */
  say(samples: Float32Array): void;
  /** Resolves when everything that was said was sent. */
  said(): Promise<void>;
  digit(digit: string): void;
  hangUp(): void;
  isClosed(): boolean;
  close(): void;
}

export async function connectAsAsterisk(options: {
  port: number;
  legId: string;
  rateHz: 8_000 | 16_000;
  sends?: boolean;
}): Promise<AsteriskAudioSocket> {
  const { rateHz } = options;
  const frameLength = rateHz / 50;
  const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  const parser = createAudioSocketParser();
  const heard: AsteriskAudioSocket['heard'] = [];
  socket.on('data', (bytes) => {
    for (const message of parser.push(bytes))
      if (message.type === 'sound') heard.push({ atMs: systemClock.nowMs(), samples: message.samples });
  });
  const id = Buffer.from(options.legId.replaceAll('-', ''), 'hex');
  socket.write(Buffer.concat([Buffer.from([0x01, 0x00, 0x10]), id]));

  const queue: Float32Array[] = [];
  let waiting: (() => void)[] = [];
  let dueMs = systemClock.nowMs();
  let timer: NodeJS.Timeout | undefined;
  const silence = new Float32Array(frameLength);
  const tick = (): void => {
    for (; dueMs <= systemClock.nowMs(); dueMs += 20) {
      const frame = queue.shift();
      if (!socket.destroyed && socket.writable) socket.write(audioSocketSound(frame ?? silence, rateHz));
      if (queue.length > 0) continue;
      for (const done of waiting) done();
      waiting = [];
    }
    timer = setTimeout(tick, Math.max(0, dueMs - systemClock.nowMs()));
  };
  if (options.sends !== false) tick();
  socket.once('close', () => clearTimeout(timer));

  return {
    socket,
    heard,
    rateHz,
    sound() {
      const all = new Float32Array(heard.reduce((sum, { samples }) => sum + samples.length, 0));
      let offset = 0;
      for (const { samples } of heard) {
        all.set(samples, offset);
        offset += samples.length;
      }
      return all;
    },
    say(samples) {
      for (let start = 0; start < samples.length; start += frameLength) {
        const frame = new Float32Array(frameLength);
        frame.set(samples.subarray(start, start + frameLength));
        queue.push(frame);
      }
    },
    said: () => new Promise((resolve) => (queue.length === 0 ? resolve() : waiting.push(resolve))),
    digit: (digit) => void socket.write(Buffer.from([0x03, 0x00, 0x01, digit.charCodeAt(0)])),
    hangUp: () => void socket.write(Buffer.from([0x00, 0x00, 0x00])),
    isClosed: () => socket.destroyed,
    close() {
      clearTimeout(timer);
      socket.destroy();
    },
  };
}
