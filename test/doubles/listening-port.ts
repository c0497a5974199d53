import type { AudioPort, AudioPortMessage, SpeechAudioMessage } from '../../src-preload/contract/index.ts';

/** The worker's end of an audio port whose other end is the test: what was posted lies in `messages`. */
export interface ListeningPort extends AudioPort {
  readonly messages: AudioPortMessage[];
  speech(): SpeechAudioMessage[];
  /** The other side went away. */
  hangUp(): void;
}

export function createListeningPort(): ListeningPort {
  const messages: AudioPortMessage[] = [];
  const closeListeners = new Set<() => void>();
  const hangUp = (): void => {
    for (const listener of closeListeners) listener();
  };
  return {
    messages,
    speech: () => messages.filter((message) => message.type === 'speech'),
    post: (message) => void messages.push(message),
    onMessage: () => () => undefined,
    onClose(listener) {
      closeListeners.add(listener);
      return () => void closeListeners.delete(listener);
    },
    close: hangUp,
    hangUp,
  };
}
