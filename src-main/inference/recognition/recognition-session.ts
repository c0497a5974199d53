import type { Clock, Timer } from '../../base/clock.ts';
import { toErrorData } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import { levelDecibels, sanitizeSamples } from '../../platform/audio/index.ts';
import {
  INPUT_SAMPLE_RATE_HZ,
  VOICE_FRAME_SAMPLES,
  type LanguageCode,
  type ListenOptions,
  type RecognitionEvent,
  type TurnDetector,
  type VoiceActivityDetector,
} from '../contracts/index.ts';
import { createEndpointing, type EndpointEvent } from './endpointing.ts';
import { createEnergyGate } from './energy-gate.ts';
import { createSoundBuffer, type SoundBuffer } from './sound-buffer.ts';
import { createSpeechText, type SpeechText } from './speech-text.ts';
import { createSpokenLanguage } from './spoken-language.ts';
import type { Transcriber } from './transcriber.ts';
import { createUsualVoice } from './usual-voice.ts';

/** One open microphone. */
export interface RecognitionSession {
  /** 16 kHz mono, any number of samples. */
  accept(samples: Float32Array): void;
  /** In place of the options before. Takes effect after the sound that has come; being muted ends the speech in progress. */
  configure(options: ListenOptions): void;
  endSpeech(): Promise<void>;
  /** Ends the speech in progress and resolves when its text was told. */
  close(): Promise<void>;
}

export interface RecognitionSessionDeps {
  sessionId: string;
  options: ListenOptions;
  detector: VoiceActivityDetector;
  turnDetector: TurnDetector | undefined;
  transcriber: Transcriber;
  clock: Clock;
  emit: (event: RecognitionEvent) => void;
}

interface Speech {
  id: string;
  fromSample: number;
  text: SpeechText;
  /** The pause that counts; a later one makes it void. */
  revision: number;
  /** Last sample before the pause it is in. */
  pausedAtSample: number | undefined;
  partialDueMs: number;
  isPartialRunning: boolean;
  /** Closes a long piece at the pause that lasts; known once its text is. */
  closePiece: (() => void) | undefined;
}

const SAMPLES_PER_MS = INPUT_SAMPLE_RATE_HZ / 1000;
/** Sound kept while nobody speaks: what a pre-roll may ask for, with room. */
const SILENCE_MEMORY_SAMPLES = INPUT_SAMPLE_RATE_HZ * 2;
/** The detector forgets after this much silence, so that hours of it do not make it drowsy. */
const DETECTOR_RESET_SAMPLES = INPUT_SAMPLE_RATE_HZ * 10;
/** smart-turn looks at the last 8 s. */
const TURN_SAMPLES = INPUT_SAMPLE_RATE_HZ * 8;
/** It was trained on turns with this much silence behind them; what has not passed yet is filled with zeros. */
const TURN_TAIL_SAMPLES = 3_200;
/** A frame of clear speech has 0.95-1; paper, doors and chairs stay below this in all but a frame or two. */
const SURE_OF_A_VOICE = 0.9;
const STALLED_AFTER_MS = 1_000;
/** A look that comes later than this says that the process was held up, not that the microphone is silent: what came meanwhile still waits. */
const LATE_LOOK_MS = 250;
/** Partial texts may take at most this share of the time, so that the final one finds the engine free. */
const PARTIAL_SHARE = 1 / 4;

export function createRecognitionSession(deps: RecognitionSessionDeps): RecognitionSession {
  const { sessionId, clock, emit, transcriber } = deps;
  /** Those in force for the sound that is being processed. */
  let options = deps.options;
  /** Of the newest options: sound is taken, not thrown away. */
  let isEnabled = options.enabled;
  const sound = createSoundBuffer();
  const endpointing = createEndpointing(() => options);
  const energy = createEnergyGate();
  const usualVoice = createUsualVoice();
  const language = createSpokenLanguage(() => options, transcriber);
  const telling = new Set<Promise<void>>();
  let processed = 0;
  let lastArrivalMs = clock.nowMs();
  let silenceFrom = 0;
  let speech: Speech | undefined;
  /** Of the speech in progress, or of the frames that may become one. */
  let voicedMs = 0;
  let work: Promise<void> = Promise.resolve();
  let isClosed = false;
  let isStalled = false;
  let isDeaf = false;

  /** When a sample was received: the newest came just now, the others before it at the rate of the sound. */
  const timeOf = (sample: number): number => lastArrivalMs - (sound.length() - sample) / SAMPLES_PER_MS;
  const fail = (error: unknown): void => emit({ type: 'recognition.error', sessionId, error: toErrorData(error) });
  const track = (task: Promise<void>): void => {
    const tracked = task.catch(fail).finally(() => telling.delete(tracked));
    telling.add(tracked);
  };

  /** Undefined when it failed, which has been told. */
  const textUpTo = async (spoken: Speech, endSample: number, spokenLanguage: LanguageCode): Promise<string | undefined> => {
    try {
      const toSample = Math.min(sound.length(), endSample + transcriber.engineFor(spokenLanguage).tailSamples);
      return await spoken.text.upTo(toSample, spokenLanguage);
    } catch (error) {
      fail(error);
      return undefined;
    }
  };

  const tellText = async (spoken: Speech, revision: number, endSample: number): Promise<void> => {
    const startedAtMs = clock.nowMs();
    const heardVoicedMs = voicedMs;
    const spokenLanguage = await language.settled();
    if (spoken.revision !== revision) return;
    const text = await textUpTo(spoken, endSample, spokenLanguage);
    emit({
      type: 'transcript.final',
      sessionId,
      speechId: spoken.id,
      revision,
      // Without a text the turn would wait for ever.
      text: text ?? '',
      language: spokenLanguage,
      voicedMs: heardVoicedMs,
      decodeMs: clock.nowMs() - startedAtMs,
    });
    if (spoken !== speech || text === undefined) return;
    const closePiece = (): void => spoken.text.closeAtPause(endSample, text, spokenLanguage);
    if (spoken.revision === revision) spoken.closePiece = closePiece;
    else closePiece();
  };

  const tellPrediction = async (spoken: Speech, revision: number, endSample: number): Promise<void> => {
    // The transcription is under way on its own thread; this one blocks.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    if (spoken.revision !== revision) return;
    const startedAtMs = clock.nowMs();
    const toSample = endSample + TURN_TAIL_SAMPLES;
    const probability = deps.turnDetector
      ? await deps.turnDetector.completeProbability(withSilence(sound, spoken.fromSample, toSample))
      : 1;
    if (spoken.revision !== revision) return;
    emit({ type: 'turn.prediction', sessionId, speechId: spoken.id, revision, probability, inferenceMs: clock.nowMs() - startedAtMs });
  };

  const tellPartial = async (spoken: Speech): Promise<void> => {
    spoken.isPartialRunning = true;
    const startedAtMs = clock.nowMs();
    try {
      const text = await spoken.text.upTo(sound.length(), language.current());
      if (spoken === speech && text !== '')
        emit({ type: 'transcript.partial', sessionId, speechId: spoken.id, text, language: language.current(), voicedMs });
    } finally {
      const nowMs = clock.nowMs();
      spoken.isPartialRunning = false;
      spoken.partialDueMs = nowMs + Math.max(options.partialIntervalMs, (nowMs - startedAtMs) / PARTIAL_SHARE);
    }
  };

  const handle = (event: EndpointEvent): void => {
    const emittedAtMs = clock.nowMs();
    switch (event.type) {
      case 'start': {
        language.nextSpeech();
        energy.nextSpeech();
        const text = createSpeechText({ sound, transcriber, fromSample: event.audioFromSample, onPieceLost: fail });
        const partialDueMs = emittedAtMs + options.partialIntervalMs;
        speech = {
          id: createId('speech'),
          fromSample: event.audioFromSample,
          text,
          revision: 0,
          pausedAtSample: undefined,
          partialDueMs,
          isPartialRunning: false,
          closePiece: undefined,
        };
        emit({
          type: 'speech.start',
          sessionId,
          speechId: speech.id,
          startSample: event.onsetSample,
          onsetAtMs: timeOf(event.onsetSample),
          emittedAtMs,
        });
        return;
      }
      case 'pause': {
        if (!speech) return;
        speech.revision = event.revision;
        speech.pausedAtSample = event.endSample;
        const { id: speechId } = speech;
        emit({
          type: 'speech.pause',
          sessionId,
          speechId,
          revision: event.revision,
          endSample: event.endSample,
          endAtMs: timeOf(event.endSample),
          emittedAtMs,
        });
        track(tellText(speech, event.revision, event.endSample));
        track(tellPrediction(speech, event.revision, event.endSample));
        return;
      }
      case 'resume': {
        if (!speech) return;
        speech.pausedAtSample = undefined;
        speech.revision = event.revision + 1;
        speech.closePiece?.();
        speech.closePiece = undefined;
        emit({ type: 'speech.resume', sessionId, speechId: speech.id, revision: event.revision, emittedAtMs });
        return;
      }
      case 'end': {
        if (!speech) return;
        const durationMs = (event.endSample - speech.fromSample) / SAMPLES_PER_MS;
        emit({ type: 'speech.end', sessionId, speechId: speech.id, revision: event.revision, durationMs });
        speech = undefined;
        usualVoice.endSpeech();
        voicedMs = 0;
        silenceFrom = processed;
      }
    }
  };

  const tellSilence = ({ id: speechId, revision }: Speech, sinceSample: number): void =>
    emit({ type: 'speech.silence', sessionId, speechId, revision, silentMs: (processed - sinceSample) / SAMPLES_PER_MS });

  const whileSpeaking = (spoken: Speech, probability: number): void => {
    if (spoken.pausedAtSample !== undefined && probability < options.onThreshold) tellSilence(spoken, spoken.pausedAtSample);
    language.listen(() => sound.slice(spoken.fromSample, sound.length()), (processed - spoken.fromSample) / SAMPLES_PER_MS);
    const current = language.current();
    const isHeard = transcriber.hears(current);
    if (isHeard) spoken.text.keepShort(processed, current);
    const textFrom = isHeard ? spoken.text.openFrom() : processed;
    sound.forgetBefore(Math.min(textFrom, Math.max(spoken.fromSample, processed - TURN_SAMPLES)));
    if (!isHeard) return;
    const isDue = options.partialIntervalMs > 0 && clock.nowMs() >= spoken.partialDueMs && !spoken.isPartialRunning;
    if (isDue && spoken.pausedAtSample === undefined && probability >= options.onThreshold && !transcriber.isBusy(current))
      track(tellPartial(spoken));
  };

  const whileSilent = (): void => {
    sound.forgetBefore(processed - SILENCE_MEMORY_SAMPLES);
    if (processed - silenceFrom < DETECTOR_RESET_SAMPLES) return;
    deps.detector.reset();
    silenceFrom = processed;
  };

  /** A detector that fails is told once; meanwhile nothing counts as speech. */
  const detect = async (frame: Float32Array): Promise<number> => {
    try {
      const probability = await deps.detector.probability(frame);
      isDeaf = false;
      return probability;
    } catch (error) {
      if (!isDeaf) fail(error);
      isDeaf = true;
      return 0;
    }
  };

  const processFrames = async (): Promise<void> => {
    while (processed + VOICE_FRAME_SAMPLES <= sound.length()) {
      if (isClosed) return;
      const frame = sound.slice(processed, processed + VOICE_FRAME_SAMPLES);
      const loudness = levelDecibels(frame);
      const isEcho = !speech && options.overOwnVoice && usualVoice.isTooQuiet(loudness);
      const detected = await detect(frame);
      const voice = isEcho ? 0 : detected;
      const probability = speech && energy.isSilent(loudness) ? 0 : voice;
      if (speech && !options.overOwnVoice && voice >= SURE_OF_A_VOICE) usualVoice.learn(loudness);
      energy.learn(loudness, speech ? 'speech' : 'room');
      processed += VOICE_FRAME_SAMPLES;
      if (voice >= SURE_OF_A_VOICE) voicedMs += VOICE_FRAME_SAMPLES / SAMPLES_PER_MS;
      else if (!speech && voice < options.onThreshold) voicedMs = 0;
      for (const event of endpointing.frame(probability, processed)) handle(event);
      if (speech) whileSpeaking(speech, probability);
      else whileSilent();
    }
  };
  const inOrder = (task: () => Promise<void> | void): Promise<void> => {
    work = work.then(task).catch(fail);
    return work;
  };
  const endSpeech = (): Promise<void> => {
    const cutSample = sound.length();
    return inOrder(() => {
      // Cut off in mid-word, the rest of that word and the detector's memory of it would make a speech of whatever comes next.
      processed = Math.max(processed, cutSample);
      deps.detector.reset();
      for (const event of endpointing.end()) handle(event);
    });
  };

  const watch = createStallWatch(clock, () => {
    if (isStalled || !isEnabled || clock.nowMs() - lastArrivalMs < STALLED_AFTER_MS) return;
    isStalled = true;
    emit({ type: 'input.stalled', sessionId, flowing: false });
    // What was said so far is not lost with the microphone.
    if (!options.manual) void endSpeech();
  });

  return {
    accept(samples) {
      lastArrivalMs = clock.nowMs();
      if (isStalled) emit({ type: 'input.stalled', sessionId, flowing: true });
      isStalled = false;
      if (!isEnabled || isClosed) return;
      sound.append(sanitizeSamples(samples));
      void inOrder(processFrames);
    },
    configure(next) {
      if (isEnabled && !next.enabled) void endSpeech();
      if (!isEnabled && next.enabled) lastArrivalMs = clock.nowMs();
      isEnabled = next.enabled;
      void inOrder(() => {
        options = next;
      });
    },
    endSpeech,
    async close() {
      watch.cancel();
      await endSpeech();
      isClosed = true;
      await Promise.all(telling);
    },
  };
}

function createStallWatch(clock: Clock, look: () => void): Timer {
  let timer: Timer | undefined;
  const again = (): void => {
    const dueMs = clock.nowMs() + STALLED_AFTER_MS / 2;
    timer = clock.after(STALLED_AFTER_MS / 2, () => {
      if (clock.nowMs() - dueMs < LATE_LOOK_MS) look();
      again();
    });
  };
  again();
  return { cancel: () => timer?.cancel() };
}

/** [from, to) of the sound, zeros where it has not come yet; at most what the turn model looks at. */
function withSilence(sound: SoundBuffer, from: number, to: number): Float32Array {
  const samples = new Float32Array(Math.min(to - from, TURN_SAMPLES));
  const start = to - samples.length;
  const until = Math.min(to, sound.length());
  const heard = sound.slice(start, until);
  // What has been forgotten is missing in front.
  samples.set(heard, until - start - heard.length);
  return samples;
}
