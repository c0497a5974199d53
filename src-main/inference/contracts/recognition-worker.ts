import type { ErrorData } from '../../base/errors.ts';
import type { LanguageCode } from './speech-recognizer.ts';

/**
 * What main and the recognition worker say to each other. Sound arrives on an audio port (see platform/workers/audio-port.ts), never through main.
 * All positions are sample counts at 16 kHz since the session's first sample; all `…AtMs` times are `systemClock.nowMs()`, comparable between processes.
 *
 * A *speech* is what lies between `speech.start` and `speech.end`. Within it each pause long enough to speculate on gets a `revision` (0, 1, …);
 * when the speaker goes on, the revision is void and the next pause has the next number.
 *
 *   silence --(onset)--> speaking --(pauseMs of silence)--> paused --(speech again)--> speaking
 *                                                            paused --(endMs of silence | close())--> silence
 */
export interface RecognitionMethods {
  /** Loads the models (idempotent); resolves when speech can be recognised. */
  load: { params: RecognitionModels; result: { loadedMs: number } };
  /** Opens a session; its audio port is attached under the same id with `attachPort`. */
  'session.open': { params: { sessionId: string; options: ListenOptions }; result: void };
  /** All options as they should be from now on; one that is absent is off. */
  'session.configure': { params: { sessionId: string; options: ListenOptions }; result: void };
  /** Ends the current speech now (push-to-talk released): emits pause, transcript and end for what was said. */
  'session.endSpeech': { params: { sessionId: string }; result: void };
  'session.close': { params: { sessionId: string }; result: void };
  /** One whole recording, cut by voice activity; for tools, tests and files. */
  transcribe: {
    params: { samples: Float32Array; language?: LanguageCode };
    /** `speeches`: what lies between two silences, with its place in the recording, ms. */
    result: { text: string; language: LanguageCode; speeches: TranscribedSpeech[]; decodeMs: number };
  };
}

/** Something said without a longer silence in it. */
export interface TranscribedSpeech {
  text: string;
  startMs: number;
  endMs: number;
}

/** Absolute paths of verified model files; a job that is absent is not available. */
export interface RecognitionModels {
  voiceActivity: string;
  turnDetector?: string;
  /** The recogniser for English, Moonshine; absent = Whisper for all. */
  moonshine?: { encoder: string; mergedDecoder: string; tokens: string };
  /** The recogniser for every other language. */
  whisper?: { encoder: string; decoder: string; tokens: string };
  /** Any further sherpa offline family (Parakeet, …) as its `modelConfig`; used first for the languages it lists. */
  custom?: { languages: LanguageCode[]; modelConfig: Record<string, unknown> };
  threads: number;
}

export interface ListenOptions {
  /** Fixed language of the speaker; undefined = detect among `languages`. */
  language?: LanguageCode;
  /** Languages that detection may answer. */
  languages: LanguageCode[];
  /** Speech probability that starts speech. */
  onThreshold: number;
  /** Probability below which a frame counts as silence; < onThreshold. */
  offThreshold: number;
  /** Speech needed before `speech.start`, ms. */
  minSpeechMs: number;
  /** Silence after which a pause is reported and speculation may begin, ms. */
  pauseMs: number;
  /** Silence after which the speech is over in any case, ms. */
  endMs: number;
  /** Sound kept from before the onset, ms. */
  preRollMs: number;
  /** Interval of live partial transcripts while speaking, ms; 0 = none. */
  partialIntervalMs: number;
  /** False = sound is read and thrown away (muted). */
  enabled: boolean;
  /** The assistant is speaking: sound far quieter than the user's own voice is its echo, and starts no speech. */
  overOwnVoice: boolean;
  /** Push to talk: everything between open and endSpeech is one speech, pauses only speculate. */
  manual: boolean;
}

export type RecognitionEvent =
  | { type: 'speech.start'; sessionId: string; speechId: string; startSample: number; onsetAtMs: number; emittedAtMs: number }
  /** Live text of the speech so far; never final. `voicedMs` as in `transcript.final`. */
  | { type: 'transcript.partial'; sessionId: string; speechId: string; text: string; language: LanguageCode; voicedMs: number }
  /** The speaker paused. `endSample` = last sample of speech, `endAtMs` = when that sample was received. */
  | { type: 'speech.pause'; sessionId: string; speechId: string; revision: number; endSample: number; endAtMs: number; emittedAtMs: number }
  /** The pause goes on: so much of the sound after `endSample` was processed, and no voice is in it. Told for each frame (32 ms), at the sound's own pace. */
  | { type: 'speech.silence'; sessionId: string; speechId: string; revision: number; silentMs: number }
  /** Judgement for that pause. Absent turn model = `probability` 1. */
  | { type: 'turn.prediction'; sessionId: string; speechId: string; revision: number; probability: number; inferenceMs: number }
  /**
   * Text of the whole speech up to that pause, good enough to answer; empty when nothing was understood, also after a `recognition.error`. Comes once
   * for each pause that is not void, and may come late for one that is.
   */
  | {
      type: 'transcript.final';
      sessionId: string;
      speechId: string;
      revision: number;
      text: string;
      language: LanguageCode;
      /** Time in which the voice detector was sure of a voice, since the speech began, ms: little of it under a text means that the text was guessed at a noise. */
      voicedMs: number;
      decodeMs: number;
    }
  /** The speaker went on: that revision is void. */
  | { type: 'speech.resume'; sessionId: string; speechId: string; revision: number; emittedAtMs: number }
  /** `endMs` of silence passed or the session was closed or `endSpeech` was called; transcript.final of the last revision comes before or after this. */
  | { type: 'speech.end'; sessionId: string; speechId: string; revision: number; durationMs: number }
  /**
   * No sample came for a second although the port is open (unplugged, stalled); `flowing` says when it comes back. Unless push to talk holds it open,
   * the speech in progress ends with it.
   */
  | { type: 'input.stalled'; sessionId: string; flowing: boolean }
  | { type: 'recognition.error'; sessionId: string; error: ErrorData };
