import type { AudioPortMessage } from '../../src-preload/contract/index.ts';
import { decodeAudioFrame, encodeAudioFrame } from '../../src-preload/contract/audio-frames.ts';

/** Which socket to open, and the port that leads to the worklet. */
export interface AudioSocketOrder {
  url: string;
  port: MessagePort;
}

const RETRY_MS = 400;
/** Half a second of microphone. What cannot be sent in time is thrown away: old sound is worth nothing. */
const MAX_UNSENT_BYTES = 32_000;

self.addEventListener('message', (event: MessageEvent<AudioSocketOrder>) => {
  const { url, port } = event.data;
  let socket = open();

  function open(): WebSocket {
    const opened = new WebSocket(url);
    opened.binaryType = 'arraybuffer';
    opened.addEventListener('message', (frame) => {
      const message = frame.data instanceof ArrayBuffer ? decodeAudioFrame(new Uint8Array(frame.data)) : undefined;
      if (message) port.postMessage(message);
    });
    // Also after a refusal: the core opens the line a moment after the session, and again after a worker's restart.
    opened.addEventListener('close', () => {
      setTimeout(() => {
        socket = open();
      }, RETRY_MS);
    });
    return opened;
  }

  port.addEventListener('message', (message: MessageEvent<AudioPortMessage>) => {
    if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < MAX_UNSENT_BYTES)
      socket.send(encodeAudioFrame(message.data, 'int16'));
  });
  port.start();
});
