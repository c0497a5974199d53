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
    };
    result: SegmentSpoken;
  };
  /** Drops everything of the utterance that is not synthesised yet. */
  cancel: { params: { utteranceId: string }; result: void };
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
}

export interface VoiceInfo {
  id: string;
  name: string;
  languages: LanguageCode[];
  engine: 'piper' | 'espeak' | 'sherpa';
}

export interface SynthesisModels {
  /** Piper voices: graph and its json, absolute paths. */
  piper: { id: string; name: string; model: string; config: string; languages: LanguageCode[]; /** Default 0. */ speaker?: number }[];
  /** Voices of other families (Supertonic, Kokoro …) that sherpa-onnx speaks. */
  sherpa?: SherpaVoiceModel[];
  /** Folder that holds `espeak-ng-data` and the libespeak-ng shared library of the espeakng-loader wheel. */
  espeak?: { library: string; dataDirectory: string };
  threads: number;
}

export interface SherpaVoiceModel {
  id: string;
  name: string;
  languages: LanguageCode[];
  /** The family's part of sherpa's OfflineTts `model` configuration, absolute paths: `{supertonic: {…}}`. */
  modelConfig: Record<string, unknown>;
  /** Speaker number within the model, default 0. */
  speaker?: number;
  /** Further options of the family (`extra` of sherpa's generationConfig); `lang` is added. */
  options?: Record<string, string | number>;
}
