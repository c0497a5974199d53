import type { LanguageCode, SpeechRecognizer } from '../contracts/index.ts';

/** A recogniser with what the one who feeds it must know. Calls must not overlap. */
export interface SpeechEngine extends SpeechRecognizer {
  readonly name: string;
  /** Longest piece that is understood as a whole, in samples. */
  readonly maxSamples: number;
  /** Length from which a pause in the middle of a speech is used to close the piece, so that the answer does not wait for a long one. */
  readonly comfortableSamples: number;
  /** Silence that should follow the last word, in samples; more is waste. */
  readonly tailSamples: number;
  hears(language: LanguageCode): boolean;
  /** Brings the model into memory, once; the first piece does it otherwise. */
  load(): Promise<void>;
  /** Names the language spoken; absent = the engine cannot tell. */
  detectLanguage?(samples: Float32Array): Promise<LanguageCode>;
}
