import type { LanguageCode } from './speech-recognizer.ts';

/** One phoneme on the clock of its segment, for captions and lips. */
export interface PhonemeTiming {
  /** IPA symbol as the voice uses it; '_' or ' ' = pause. */
  phoneme: string;
  startMs: number;
  durationMs: number;
}

/** One word on the clock of its segment. `textStart`/`textEnd` index into the segment's text as given. */
export interface WordTiming {
  textStart: number;
  textEnd: number;
  startMs: number;
  endMs: number;
}

export interface SynthesizedSpeech {
  /** Mono, -1..1; leading silence is trimmed to at most 10 ms, trailing to at most `pauseAfterMs`. */
  samples: Float32Array;
  sampleRateHz: number;
  phonemes: PhonemeTiming[];
  words: WordTiming[];
}

export interface SynthesisRequest {
  /** Speakable plain text: one clause or sentence, no markdown. */
  text: string;
  language: LanguageCode;
  /** Voice id of the manifest; undefined = the best installed voice of the language, in the end espeak. */
  voice?: string;
  /** 0.5..2, 1 = normal. */
  speed: number;
  signal?: AbortSignal;
}

/** Turns text into sound. Every language is spoken: where no natural voice is installed, libespeak-ng speaks. */
export interface SpeechSynthesizer {
  synthesize(request: SynthesisRequest): Promise<SynthesizedSpeech>;
  dispose(): Promise<void>;
}
