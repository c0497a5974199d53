import { createStore, type StoreApi } from 'zustand/vanilla';

export interface RecordingState {
  playing: boolean;
  /** Where it is, ms from the beginning. */
  atMs: number;
}

/** The sound of one stored call. */
export interface RecordingPlayer {
  readonly state: StoreApi<RecordingState>;
  toggle(): void;
  /** Goes there; plays on if it plays. */
  seek(atMs: number): void;
  /** Goes there and plays. */
  playFrom(atMs: number): void;
  /** 1 = as it was spoken. */
  setRate(rate: number): void;
  dispose(): void;
}

/** `timeupdate` comes four times a second, too seldom to keep step with words. */
const FOLLOW_EVERY_MS = 80;

/**
 * `findUrl` is asked with the first press, because an address is good for ten minutes only; when it has run out, the next press asks for a new one.
 * Undefined = there is no sound. `audio` is never put into the page: our own buttons say more than the browser's.
 */
export function createRecordingPlayer(deps: {
  audio: HTMLAudioElement;
  findUrl: () => Promise<string | undefined>;
  /** There is no sound any more. */
  gone: () => void;
  fail: (error: unknown) => void;
}): RecordingPlayer {
  const { audio, findUrl, gone, fail } = deps;
  const state = createStore<RecordingState>()(() => ({ playing: false, atMs: 0 }));
  const follow = (): void => state.setState({ playing: !audio.paused, atMs: audio.currentTime * 1000 });
  const timer = setInterval(() => audio.paused || follow(), FOLLOW_EVERY_MS);
  const events = ['play', 'pause', 'ended', 'seeked'] as const;
  for (const event of events) audio.addEventListener(event, follow);
  let rate = 1;
  let disposed = false;

  const play = async (fromMs: number): Promise<void> => {
    try {
      if (!audio.hasAttribute('src') || audio.error) {
        const url = await findUrl();
        if (disposed) return;
        if (url === undefined) return gone();
        audio.src = url;
      }
      audio.playbackRate = rate;
      // Before anything is loaded the browser keeps this as the place to begin at.
      audio.currentTime = fromMs / 1000;
      await audio.play();
    } catch (error) {
      // Paused, or left, before it had begun.
      if (disposed || (error instanceof DOMException && error.name === 'AbortError')) return;
      fail(error);
    }
  };

  return {
    state,
    toggle: () => (audio.paused ? void play(audio.ended ? 0 : state.getState().atMs) : audio.pause()),
    seek(atMs) {
      state.setState({ atMs });
      if (audio.hasAttribute('src')) audio.currentTime = atMs / 1000;
    },
    playFrom(atMs) {
      state.setState({ atMs });
      void play(atMs);
    },
    setRate(next) {
      rate = next;
      audio.playbackRate = next;
    },
    dispose() {
      disposed = true;
      clearInterval(timer);
      for (const event of events) audio.removeEventListener(event, follow);
      audio.pause();
      audio.removeAttribute('src');
    },
  };
}
