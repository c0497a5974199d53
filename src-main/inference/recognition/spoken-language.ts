import type { LanguageCode, ListenOptions } from '../contracts/index.ts';
import type { Transcriber } from './transcriber.ts';

/** Which language a session's speaker speaks: set, or found out once per speech and kept until another is heard. */
export interface SpokenLanguage {
  /** The best guess now, without waiting. */
  current(): LanguageCode;
  /** Waits for a detection that is under way. */
  settled(): Promise<LanguageCode>;
  /** Called while speech goes on; starts the detection when there is enough sound. */
  listen(speech: () => Float32Array, durationMs: number): void;
  /** A new speech begins. */
  nextSpeech(): void;
}

/** Shorter sound names the language too badly to change it for. */
const DETECTION_MS = 1_300;

/** `options.languages` lists what detection may answer; the first is assumed until something was heard. */
export function createSpokenLanguage(options: () => ListenOptions, transcriber: Pick<Transcriber, 'detectLanguage'>): SpokenLanguage {
  let heard: LanguageCode | undefined;
  let detection: Promise<void> | undefined;
  const current = (): LanguageCode => options().language ?? heard ?? options().languages[0] ?? 'en';

  return {
    current,
    async settled() {
      await detection;
      return current();
    },
    listen(speech, durationMs) {
      if (detection || options().language !== undefined || durationMs < DETECTION_MS || options().languages.length < 2) return;
      detection = transcriber.detectLanguage(speech()).then(
        (language) => {
          if (language !== undefined && options().languages.includes(language)) heard = language;
        },
        // Without an answer the language stays what it was.
        () => undefined,
      );
    },
    nextSpeech() {
      detection = undefined;
    },
  };
}
