import type { SpokenPhoneme } from '../../../src-preload/contract/index.ts';
import type { ErrorData } from '../../base/errors.ts';
import type { LanguageCode } from './speech-recognizer.ts';
import type { PhonemeTiming, WordTiming } from './speech-synthesizer.ts';

/** What main and the synthesis worker say to each other. Sound leaves on the audio port of the session, never through main. */
export interface SynthesisMethods {
  /** Rejects only when nothing at all can speak; voices that could not be loaded are left out and told in `problems`. */
  load: { params: SynthesisModels; result: { loadedMs: number; voices: VoiceInfo[]; problems: ErrorData[] } };
  voices: { params: Record<string, never>; result: VoiceInfo[] };
  /**
   * Speaks one segment of an utterance: sound goes to the port of `sessionId` as it is ready, the timings come back as the result.
   * Segments of one utterance are spoken in the order of the calls. Rejects with `request.aborted` when cancelled.
   */
  speak: {
    params: {
      sessionId: string;
      utteranceId: string;
      segmentIndex: number;
      text: string;
      language: LanguageCode;
      voice?: string;
      speed: number;
      /** Absent = as the voice speaks by itself. */
      style?: SpeechStyle;
    };
    result: SegmentSpoken;
  };
  /** Speaks into memory instead of to a listener; what is spoken aloud goes between its sentences. */
  render: { params: Omit<SynthesisMethods['speak']['params'], 'sessionId' | 'utteranceId' | 'segmentIndex'>; result: RenderedSpeech };
  /** Drops everything of the utterance that is not synthesised yet. */
  cancel: { params: { utteranceId: string }; result: void };
}

/** How something is said, besides its words and speed. */
export interface SpeechStyle {
  /** Semitones, -12..12: the height of the voice. */
  pitch: number;
  /** Semitones, -4..4: the size of the throat; below 0 a larger one. */
  formant: number;
  /** By pace, pitch, melody, loudness and pauses. */
  emotion: 'neutral' | 'energetic' | 'calm';
  /** Factor of the pauses between sentences, 1 = usual. */
  pauses: number;
  /** 0..1: the ends of phrases are drawn out. */
  drawl: number;
  /** Another's voice, for engines that can: a recording (24 kHz WAV, absolute path) with its words, '' = not known. */
  reference?: { path: string; transcript: string };
  /** A voice in words, for engines that can. */
  design?: string;
  /** Sound that sticks like a broken sampler; the same seed sticks at the same places. */
  glitch?: { amount: number; seed: string };
}

export interface SegmentSpoken {
  utteranceId: string;
  segmentIndex: number;
  sampleRateHz: number;
  durationSamples: number;
  /** Request → first sample sent (metric tts_ttfb). */
  timeToFirstSampleMs: number;
  phonemes: PhonemeTiming[];
  words: WordTiming[];
  /** The wanted voice failed, and another one spoke. */
  problem?: ErrorData;
}

/** Speech with what the mouth does in it. */
export interface RenderedSpeech {
  sampleRateHz: number;
  /** Mono, -1..1. */
  samples: Float32Array;
  /** On the clock of the samples. */
  phonemes: SpokenPhoneme[];
  emotion: SpeechStyle['emotion'];
}

export interface VoiceInfo {
  id: string;
  name: string;
  languages: LanguageCode[];
  engine: 'piper' | 'espeak' | 'sherpa' | 'server';
  /** Speaks in the voice of a recording; absent = it cannot. */
  canClone?: boolean;
  /** Speaks in a voice that is described in words; absent = it cannot. */
  canDesign?: boolean;
  /** How high it speaks, once that is known. */
  fundamentalHz?: number;
}

export interface SynthesisModels {
  /** Piper voices: graph and its json, absolute paths. */
  piper: { id: string; name: string; model: string; config: string; languages: LanguageCode[]; /** Default 0. */ speaker?: number }[];
  /** Voices of other families (Supertonic, Kokoro …) that sherpa-onnx speaks. */
  sherpa?: SherpaVoiceModel[];
  /** A speech server of the owner's, with OpenAI's interface for speech. */
  server?: VoiceServer;
  /** Folder that holds `espeak-ng-data` and the libespeak-ng shared library of the espeakng-loader wheel. */
  espeak?: { library: string; dataDirectory: string };
  threads: number;
}

export interface VoiceServer {
  /** `http://127.0.0.1:8091/v1`; `/audio/speech` is added. */
  baseUrl: string;
  model: string;
  /** One of the server's own voices; '' = its default. */
  voice: string;
  /** It may be on another machine. */
  remoteAllowed: boolean;
}

export interface SherpaVoiceModel {
  id: string;
  name: string;
  languages: LanguageCode[];
  /** The family's part of sherpa's OfflineTts `model` configuration, absolute paths: `{supertonic: {…}}`. */
  modelConfig: Record<string, unknown>;
  /** Speaker number within the model, default 0. */
  speaker?: number;
  /** WAV of the voice that it speaks with by itself, for families that always copy one (Pocket). */
  reference?: string;
  /** Further options of the family (`extra` of sherpa's generationConfig); `lang` is added. */
  options?: Record<string, string | number>;
}
