import type { Clock } from '../../src-main/base/clock.ts';
import type {
  LanguageCode,
  ListenOptions,
  RecognitionEvent,
  TurnDetector,
  VoiceActivityDetector,
} from '../../src-main/inference/contracts/index.ts';
import { createRecognitionSession } from '../../src-main/inference/recognition/recognition-session.ts';
import { createTranscriber } from '../../src-main/inference/recognition/transcriber.ts';
import type { SpeechEngine } from '../../src-main/inference/sherpa/speech-engine.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const SAMPLES_PER_MS = 16;

/** Options of an ordinary hands-free session, without partial texts. */
export function listenOptions(changes: Partial<ListenOptions> = {}): ListenOptions {
  return {
    languages: ['en'],
    onThreshold: 0.5,
    offThreshold: 0.35,
    minSpeechMs: 64,
    pauseMs: 96,
    endMs: 640,
    preRollMs: 320,
    partialIntervalMs: 0,
    enabled: true,
    overOwnVoice: false,
    manual: false,
    ...changes,
  };
}

/** What the scripted detector takes for a voice: a 250 Hz square wave, -10 dBFS. */
export function voice(durationMs: number): Float32Array {
  return Float32Array.from({ length: durationMs * SAMPLES_PER_MS }, (_, index) => (index % 64 < 32 ? 0.3 : -0.3));
}

/** A quiet room, -74 dBFS. */
export function quiet(durationMs: number): Float32Array {
  return Float32Array.from({ length: durationMs * SAMPLES_PER_MS }, (_, index) => (index % 2 === 0 ? 0.0002 : -0.0002));
}

const LOUD = 0.01;

/** Hears a voice in every loud frame. */
export interface ScriptedDetector extends VoiceActivityDetector {
  readonly resets: number;
  /** Thrown at each frame until it is undefined again. */
  error: Error | undefined;
}

/** `lingerFrames`: its probability stays up so long after the last loud frame, as Silero's does. */
export function createScriptedDetector(lingerFrames = 0): ScriptedDetector {
  let sinceVoice = Number.POSITIVE_INFINITY;
  const detector = {
    resets: 0,
    error: undefined as Error | undefined,
    probability(frame: Float32Array) {
      if (detector.error) return Promise.reject(detector.error);
      // Its ends are enough to know by: hours of sound pass through here.
      const isLoud = Math.abs(frame[0] ?? 0) > LOUD || Math.abs(frame.at(-1) ?? 0) > LOUD;
      sinceVoice = isLoud ? 0 : sinceVoice + 1;
      return Promise.resolve(sinceVoice <= lingerFrames ? 0.95 : 0.02);
    },
    reset() {
      detector.resets += 1;
      sinceVoice = Number.POSITIVE_INFINITY;
    },
  };
  return detector;
}

/** A piece of sound that a scripted engine was given. */
export interface HeardPiece {
  samples: Float32Array;
  language: LanguageCode | undefined;
}

export interface ScriptedEngine extends SpeechEngine {
  /** In the order of the calls. */
  readonly pieces: readonly HeardPiece[];
  /** `load` was called. */
  readonly loaded: boolean;
  /** Most calls that were under way at the same time; the contract allows one. */
  readonly mostAtOnce: number;
}

export interface ScriptedEngineOptions {
  clock: Clock;
  /** Text of a piece; an error is thrown. */
  text: (piece: HeardPiece, index: number) => string | Error;
  /** Default 0: at once. */
  decodeMs?: number;
  loadError?: Error;
  maxSamples?: number;
  comfortableSamples?: number;
  languages?: readonly LanguageCode[];
  /** Absent = the engine cannot tell. */
  detect?: (samples: Float32Array) => LanguageCode;
}

/** A recogniser that understands what the test wrote, after `decodeMs` on the injected clock. */
export function createScriptedEngine(options: ScriptedEngineOptions): ScriptedEngine {
  const { clock, decodeMs = 0, maxSamples = 144_000, comfortableSamples = 96_000, languages = ['en'], detect } = options;
  const pieces: HeardPiece[] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  let loaded = false;
  const work = async <Value>(value: () => Value): Promise<Value> => {
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    if (decodeMs > 0) await new Promise<void>((resolve) => void clock.after(decodeMs, resolve));
    underWay -= 1;
    return value();
  };
  return {
    name: 'scripted',
    maxSamples,
    comfortableSamples,
    tailSamples: 1_600,
    pieces,
    get mostAtOnce() {
      return mostAtOnce;
    },
    get loaded() {
      return loaded;
    },
    hears: (language) => languages.includes(language),
    load() {
      loaded = true;
      return options.loadError ? Promise.reject(options.loadError) : Promise.resolve();
    },
    transcribe(samples, language) {
      const piece = { samples, language };
      pieces.push(piece);
      const text = options.text(piece, pieces.length - 1);
      return work(() => {
        if (text instanceof Error) throw text;
        return { text, language: language ?? 'en' };
      });
    },
    ...(detect ? { detectLanguage: (samples: Float32Array) => work(() => detect(samples)) } : {}),
    dispose: () => Promise.resolve(),
  };
}

/** A turn model that always says the same; keeps what it was given. */
export function createScriptedTurnDetector(probability: number | Error): TurnDetector & { readonly heard: Float32Array[] } {
  const heard: Float32Array[] = [];
  return {
    heard,
    completeProbability(samples) {
      heard.push(samples);
      return probability instanceof Error ? Promise.reject(probability) : Promise.resolve(probability);
    },
    dispose: () => Promise.resolve(),
  };
}

export interface RecognitionRigOptions extends Partial<Omit<ScriptedEngineOptions, 'clock'>> {
  listen?: Partial<ListenOptions>;
  turnDetector?: TurnDetector;
  lingerFrames?: number;
}

/** An open microphone on a virtual clock: the session and the order of its engines are real, the models are scripted. */
export function createRecognitionRig({ listen = {}, turnDetector, lingerFrames, ...engineOptions }: RecognitionRigOptions = {}) {
  const clock = createVirtualClock();
  const engine = createScriptedEngine({ clock, text: () => 'hello', ...engineOptions });
  const detector = createScriptedDetector(lingerFrames);
  const events: RecognitionEvent[] = [];
  const atMs: number[] = [];
  const silencesMs: number[] = [];
  const openedAtMs = clock.nowMs();
  let options = listenOptions(listen);
  const session = createRecognitionSession({
    sessionId: 'session',
    options,
    detector,
    turnDetector,
    transcriber: createTranscriber([engine]),
    clock,
    emit(event) {
      if (event.type === 'speech.silence') return void silencesMs.push(event.silentMs);
      events.push(event);
      atMs.push(clock.nowMs() - openedAtMs);
    },
  });
  return {
    clock,
    engine,
    detector,
    session,
    /** All but the silences in a pause, of which there are many. */
    events,
    silencesMs,
    /** Plays sound into the microphone in real time, `chunkMs` at once. */
    async hear(samples: Float32Array, chunkMs = 20) {
      const chunk = chunkMs * SAMPLES_PER_MS;
      for (let from = 0; from < samples.length; from += chunk) {
        const next = samples.subarray(from, from + chunk);
        await clock.advance(next.length / SAMPLES_PER_MS);
        session.accept(next);
      }
      await clock.advance(0);
    },
    configure(changes: Partial<ListenOptions>) {
      options = { ...options, ...changes };
      session.configure(options);
    },
    /** The events so far, shortened: type, revision and text. */
    told: () => events.map(shortened),
    /** When the events of one kind were told, ms since the session was opened. */
    toldAtMs: (type: RecognitionEvent['type']) => atMs.filter((_, index) => events[index]?.type === type),
  };
}

function shortened(event: RecognitionEvent): string {
  const parts: (string | number | boolean)[] = [event.type];
  if ('revision' in event) parts.push(event.revision);
  if ('text' in event) parts.push(JSON.stringify(event.text));
  if ('probability' in event) parts.push(event.probability);
  if ('flowing' in event) parts.push(event.flowing);
  if ('error' in event) parts.push(event.error.message);
  return parts.join(' ');
}
