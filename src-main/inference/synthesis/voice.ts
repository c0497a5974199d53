import type { Disposable } from '../../base/dispose.ts';
import type { LanguageCode, VoiceInfo } from '../contracts/index.ts';
import type { SpokenSentence } from './sentences.ts';

/** A phoneme on the clock of its sentence's raw sound, in samples. `symbol` '_' = silence, ' ' = border of two words, often without silence. */
export interface PhonemeSpan {
  symbol: string;
  start: number;
  end: number;
  /** Index into the sentence's words; -1 = belongs to none. */
  word: number;
}

export interface SpeakOptions {
  language: LanguageCode;
  /** 0.5..2, 1 = normal. */
  speed: number;
  /** Another's voice, for voices that can; see `SpeechStyle`. */
  reference?: { path: string; transcript: string };
  /** A voice in words, for voices that can. */
  design?: string;
  /** 0..1: the ends of phrases are drawn out, by voices that can; absent = 0. */
  drawl?: number;
  /** How lively: 1 = as trained, more = less even. By voices that can; absent = 1. */
  liveliness?: number;
  /** Sound that is kept back behind the voice until more comes: a first piece is longer by this, or it would be over before the second is made. */
  keptBackMs?: number;
  /** Looked at between pieces; the promise then rejects with the signal's reason. */
  signal: AbortSignal;
  /** Takes the next piece of raw sound, mono, in order. The array is not used again by the voice. */
  onSamples: (samples: Float32Array) => void;
  /**
   * Takes the phonemes of the sentence before its first sample, from a voice that knows their lengths by then: the very ones that `speak` resolves
   * with. A voice that only estimates them does not call it.
   */
  onPhonemes?: (phonemes: readonly PhonemeSpan[]) => void;
}

/** One voice of one engine. Speaks one sentence at a time; the caller never overlaps calls. */
export interface Voice extends Disposable {
  readonly info: VoiceInfo;
  readonly sampleRateHz: number;
  /** Factor that brings the voice to the common loudness. */
  readonly gain: number;
  /**
   * Speaks `sentence` of `text`. Resolves with the phonemes in order; together they cover the raw sound from its first to its last sample.
   * Raw sound may begin and end with silence of any length.
   */
  speak(text: string, sentence: SpokenSentence, options: SpeakOptions): Promise<PhonemeSpan[]>;
}
