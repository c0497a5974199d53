import type { WebSocket } from 'ws';
import type { AudioPort, AudioPortMessage } from '../../../src-preload/contract/index.ts';
// Not from the contract's index: a worker has no use for its schemas.
import { decodeAudioFrame, encodeAudioFrame, parseAudioMessage } from '../../../src-preload/contract/audio-frames.ts';

/** The part of Electron's MessagePortMain (and of Node's MessagePort) that an audio port needs. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/**
 * Sound that a listener has not taken yet, in bytes; beyond it the connection is given up, because a page that stopped reading
 * would otherwise fill the worker's memory. About three minutes of speech.
 */
export const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** A few seconds of capture; a worker that only speaks never listens. */
const MAX_EARLY_MESSAGES = 256;

/** An audio port over a MessagePort. Electron wraps a message as `{data}`, Node gives it bare; both are understood. */
export function messagePortAudio(port: MessagePortLike): AudioPort {
  const listeners = createPortListeners();
  port.on('message', (event) => listeners.message(parseAudioMessage(unwrap(event))));
  port.on('close', listeners.close);
  port.start();
  return {
    ...listeners.subscribe,
    post: (message) => port.postMessage(message),
    close() {
      port.close();
      listeners.close();
    },
  };
}

/** An audio port over an open WebSocket; text frames and malformed frames are ignored. */
export function webSocketAudio(socket: WebSocket): AudioPort {
  const listeners = createPortListeners();
  socket.binaryType = 'nodebuffer';
  socket.on('message', (data, isBinary) => {
    if (isBinary && data instanceof Uint8Array) listeners.message(decodeAudioFrame(data));
  });
  socket.on('close', listeners.close);
  // A broken connection also closes; without a listener the error would end the process.
  socket.on('error', () => socket.terminate());
  return {
    ...listeners.subscribe,
    post(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_UNSENT_BYTES) socket.terminate();
      else socket.send(encodeAudioFrame(message));
    },
    close() {
      socket.close();
    },
  };
}

/** Two audio ports joined in one process, for tests and for a headless player beside the core. Messages arrive in a later microtask. */
export function createAudioPortPair(): [AudioPort, AudioPort] {
  const sides = [createPortListeners(), createPortListeners()] as const;
  const closeBoth = (): void => {
    for (const side of sides) side.close();
  };
  const portTo = (own: PortListeners, other: PortListeners): AudioPort => ({
    ...own.subscribe,
    post: (message) => queueMicrotask(() => other.message(message)),
    close: () => queueMicrotask(closeBoth),
  });
  return [portTo(sides[0], sides[1]), portTo(sides[1], sides[0])];
}

/** What every kind of port does with those who listen to it. */
export interface PortListeners {
  message(message: AudioPortMessage | undefined): void;
  close(): void;
  subscribe: Pick<AudioPort, 'onMessage' | 'onClose'>;
}

export function createPortListeners(): PortListeners {
  const onMessage = new Set<(message: AudioPortMessage) => void>();
  const onClose = new Set<() => void>();
  /** What came before anybody listened: the other side may speak as soon as the line is open. Undefined once somebody has listened. */
  let early: AudioPortMessage[] | undefined = [];
  let closed = false;
  return {
    message(message) {
      if (message === undefined || closed) return;
      if (early !== undefined && early.length < MAX_EARLY_MESSAGES) early.push(message);
      for (const listener of onMessage) listener(message);
    },
    close() {
      if (closed) return;
      closed = true;
      for (const listener of onClose) listener();
    },
    subscribe: {
      onMessage(listener) {
        onMessage.add(listener);
        for (const message of early ?? []) listener(message);
        early = undefined;
        return () => onMessage.delete(listener);
      },
      onClose(listener) {
        if (closed) queueMicrotask(listener);
        else onClose.add(listener);
        return () => onClose.delete(listener);
      },
    },
  };
}

function unwrap(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'data' in event ? event.data : event;
}
