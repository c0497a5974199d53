import type {
  AudioPort,
  AudioPortMessage,
  SpeechAudioMessage,
  SpeechTimingMessage,
  SpokenPhoneme,
} from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../../base/dispose.ts';
import { AppError } from '../../base/errors.ts';

/** Where the sound of one segment goes. */
export interface Outlet {
  /** Aborted with the reason to reject with: cancelled, or nobody listens any more. */
  readonly signal: AbortSignal;
  /** Does nothing once the utterance is cancelled. */
  send(samples: Float32Array, sampleRateHz: number, last: boolean): void;
  /** What the mouth does during sound that follows. Does nothing once the utterance is cancelled. */
  tell(phonemes: SpokenPhoneme[], emotion: SpeechTimingMessage['emotion']): void;
}

/** The audio ports of all sessions and the utterances on them. */
export interface Outlets extends Disposable {
  open(segment: { sessionId: string; utteranceId: string; segmentIndex: number }): Outlet;
  /** Ends an utterance for good, also one that has not begun; the listener is told once. */
  cancel(utteranceId: string): void;
  /** A session's port; a second one takes the first one's place. When it closes, what is being spoken on it ends with `synthesis.no-port`. */
  attach(sessionId: string, port: AudioPort): void;
  dispose(): void;
}

/** Sound kept for a port that is still being opened, in samples: 20 s at 24 kHz. */
const MAX_HELD_SAMPLES = 480_000;
/** Utterances remembered, so that a late call for one that was cancelled is refused. */
const MAX_REMEMBERED = 64;

type SpeechMessage = SpeechAudioMessage | SpeechTimingMessage;

interface Utterance {
  sessionId: string | undefined;
  controller: AbortController;
}

export function createOutlets(): Outlets {
  const ports = new Map<string, AudioPort>();
  const held = new Map<string, SpeechMessage[]>();
  const utterances = new Map<string, Utterance>();

  const remember = (utteranceId: string, sessionId: string | undefined): Utterance => {
    const utterance = utterances.get(utteranceId) ?? { sessionId, controller: new AbortController() };
    utterance.sessionId ??= sessionId;
    utterances.delete(utteranceId);
    utterances.set(utteranceId, utterance);
    const oldest = utterances.keys().next();
    if (utterances.size > MAX_REMEMBERED && !oldest.done) utterances.delete(oldest.value);
    return utterance;
  };

  const hold = (sessionId: string, message: SpeechMessage, utterance: Utterance): void => {
    const waiting = held.get(sessionId) ?? [];
    waiting.push(message);
    held.set(sessionId, waiting);
    if (waiting.reduce((sum, each) => sum + (each.type === 'speech' ? each.samples.length : 0), 0) <= MAX_HELD_SAMPLES) return;
    held.delete(sessionId);
    utterance.controller.abort(nobodyListens());
  };

  const post = (sessionId: string | undefined, message: AudioPortMessage): void => {
    if (sessionId !== undefined) ports.get(sessionId)?.post(message);
  };

  return {
    open({ sessionId, utteranceId, segmentIndex }) {
      const utterance = remember(utteranceId, sessionId);
      const { signal } = utterance.controller;
      const deliver = (message: SpeechMessage): void => {
        if (signal.aborted) return;
        if (ports.has(sessionId)) post(sessionId, message);
        else hold(sessionId, message, utterance);
      };
      return {
        signal,
        send: (samples, sampleRateHz, last) => deliver({ type: 'speech', utteranceId, segmentIndex, sampleRateHz, samples, last }),
        tell: (phonemes, emotion) => deliver({ type: 'speech.timing', utteranceId, segmentIndex, phonemes, emotion }),
      };
    },
    cancel(utteranceId) {
      const { sessionId, controller } = remember(utteranceId, undefined);
      if (controller.signal.aborted) return;
      controller.abort(cancelled());
      if (sessionId === undefined) return;
      const kept = held.get(sessionId)?.filter((message) => message.utteranceId !== utteranceId);
      if (kept) held.set(sessionId, kept);
      post(sessionId, { type: 'speech.cancelled', utteranceId });
    },
    attach(sessionId, port) {
      ports.set(sessionId, port);
      for (const message of held.get(sessionId) ?? []) port.post(message);
      held.delete(sessionId);
      port.onClose(() => {
        if (ports.get(sessionId) !== port) return;
        ports.delete(sessionId);
        for (const utterance of utterances.values()) if (utterance.sessionId === sessionId) utterance.controller.abort(nobodyListens());
      });
    },
    dispose() {
      for (const { controller } of utterances.values()) controller.abort(cancelled());
      for (const port of ports.values()) port.close();
      ports.clear();
      held.clear();
    },
  };
}

function cancelled(): AppError {
  return new AppError('request.aborted', 'The utterance was cancelled.');
}

function nobodyListens(): AppError {
  return new AppError('synthesis.no-port', 'Nobody listens to this session any more. Open the page again.');
}
