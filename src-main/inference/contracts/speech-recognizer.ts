/** ISO 639-1 code such as 'en' or 'de'. */
export type LanguageCode = string;

export interface Transcript {
  /** Trimmed text; empty when nothing was understood. */
  text: string;
  /** The language set or detected. */
  language: LanguageCode;
}

/** Turns one closed piece of speech into text. */
export interface SpeechRecognizer {
  /** `samples`: 16 kHz mono, -1..1, speech only (cut by voice activity), at most 29 s; longer is cut by the caller. `language` undefined = detect. */
  transcribe(samples: Float32Array, language?: LanguageCode): Promise<Transcript>;
  dispose(): Promise<void>;
}
