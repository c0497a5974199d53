import type { Socket } from 'node:net';
import type { AudioPort } from '../../../src-preload/contract/index.ts';
import { decodeAudioFrame, encodeAudioFrame, MAX_AUDIO_FRAME_BYTES } from '../../../src-preload/contract/audio-frames.ts';
import { createPortListeners, MAX_UNSENT_BYTES } from './audio-port.ts';

const LENGTH_BYTES = 4;

/** An audio port over a connection between two of our own workers: each frame behind its length (four bytes, big-endian). What is no frame ends it. */
export function framedSocketAudio(socket: Socket): AudioPort {
  const listeners = createPortListeners();
  let pieces: Uint8Array[] = [];
  let heldBytes = 0;
  let wantedBytes = LENGTH_BYTES;
  let readsLength = true;

  const take = (bytes: Uint8Array): void => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (readsLength) wantedBytes = view.getUint32(0);
    else {
      listeners.message(decodeAudioFrame(bytes));
      wantedBytes = LENGTH_BYTES;
    }
    readsLength = !readsLength;
    if (wantedBytes === 0 || wantedBytes > MAX_AUDIO_FRAME_BYTES) socket.destroy();
  };

  socket.setNoDelay(true);
  socket.on('data', (bytes: Uint8Array) => {
    pieces.push(bytes);
    heldBytes += bytes.length;
    while (heldBytes >= wantedBytes && !socket.destroyed) {
      const joined = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      const taken = joined.subarray(0, wantedBytes);
      const rest = joined.subarray(wantedBytes);
      pieces = rest.length === 0 ? [] : [rest];
      heldBytes = rest.length;
      take(taken);
    }
  });
  socket.on('close', listeners.close);
  socket.on('end', () => socket.destroy());
  // A broken connection also closes; without a listener the error would end the process.
  socket.on('error', () => socket.destroy());
  // Main has held it still so that nothing was read there.
  socket.resume();
  return {
    ...listeners.subscribe,
    post(message) {
      if (socket.destroyed || !socket.writable) return;
      if (socket.writableLength > MAX_UNSENT_BYTES) return void socket.destroy();
      const frame = encodeAudioFrame(message);
      const length = Buffer.allocUnsafe(LENGTH_BYTES);
      length.writeUInt32BE(frame.length);
      socket.cork();
      socket.write(length);
      socket.write(frame);
      socket.uncork();
    },
    close() {
      socket.destroySoon();
      listeners.close();
    },
  };
}
