import { AppError, isAbort } from '../../base/errors.ts';
import type { LanguageCode, SegmentSpoken } from '../../inference/contracts/index.ts';
import type { SpokenSegment } from './heard-text.ts';
import type { Clause } from './speech-text.ts';

/** Speaks one segment towards the player of the session; rejects with `worker.crashed`, `request.aborted`, …. */
export type SpeakSegment = (
  request: { utteranceId: string; segmentIndex: number; text: string; language: LanguageCode },
  signal: AbortSignal,
) => Promise<SegmentSpoken>;

export interface SpeechQueue {
  push(clauses: readonly Clause[]): void;
  /** Nothing further will be pushed. */
  close(): void;
  /** Before this only the first clause is synthesised. */
  release(): void;
  /** Sound that has left the player's queue, ms; makes room for more. */
  setPlayed(playedMs: number): void;
  /** Segments whose sound is ready or under way, in order. */
  segments(): readonly SpokenSegment[];
}

export interface SpeechQueueDeps {
  utteranceId: string;
  language: LanguageCode;
  speak: SpeakSegment;
  /** The clause as it is said, with the speaker's habits. */
  spoken: (clause: Clause) => Clause;
  signal: AbortSignal;
  /** The first segment with sound is ready; `timeToFirstSampleMs` is the worker's own figure. */
  onFirstSegment: (timeToFirstSampleMs: number) => void;
  /** The queue is closed and everything in it was sent as `segmentCount` segments (0 = nothing could be spoken). */
  onAllSent: (segmentCount: number) => void;
  /** A clause is said again because its worker died or was stopped. */
  onRestart: (error: AppError) => void;
  onError: (error: unknown) => void;
}

/** Sound that may lie ready ahead of what is played: enough never to run dry, little to throw away on an interruption. */
const MAX_AHEAD_MS = 12_000;

/** Turns clauses into segments one after the other, never further ahead of the ear than needed. */
export function createSpeechQueue(deps: SpeechQueueDeps): SpeechQueue {
  const waiting: Clause[] = [];
  const ready: SpokenSegment[] = [];
  let sent = 0;
  let readyMs = 0;
  let playedMs = 0;
  let busy = false;
  let closed = false;
  let released = false;
  let allSent = false;

  const speakOnce = async (clause: Clause): Promise<SpokenSegment> => {
    const request = { utteranceId: deps.utteranceId, segmentIndex: sent, text: clause.speakable, language: deps.language };
    sent += 1;
    const spoken = await deps.speak(request, deps.signal);
    if (readyMs === 0) deps.onFirstSegment(spoken.timeToFirstSampleMs);
    return { clause, durationMs: (spoken.durationSamples / spoken.sampleRateHz) * 1000, words: spoken.words };
  };

  const speakClause = async (clause: Clause): Promise<SpokenSegment> => {
    if (clause.speakable.trim() === '') return { clause, durationMs: 0, words: [] };
    try {
      return await speakOnce(clause);
    } catch (error) {
      if (deps.signal.aborted || !isWorkerLost(error)) throw error;
      // Said again from its beginning: better a repeated word than a lost one.
      deps.onRestart(error);
      return await speakOnce(clause);
    }
  };

  const next = async (): Promise<void> => {
    if (busy || deps.signal.aborted || (!released && sent > 0) || readyMs - playedMs > MAX_AHEAD_MS) return;
    const clause = waiting.shift();
    if (!clause) {
      if (closed && released && !allSent) {
        allSent = true;
        deps.onAllSent(sent);
      }
      return;
    }
    busy = true;
    try {
      const segment = await speakClause(clause);
      ready.push(segment);
      readyMs += segment.durationMs;
    } catch (error) {
      if (!deps.signal.aborted) deps.onError(error);
      return;
    } finally {
      busy = false;
    }
    void next();
  };

  return {
    push(clauses) {
      waiting.push(...clauses.map(deps.spoken));
      void next();
    },
    close() {
      closed = true;
      void next();
    },
    release() {
      released = true;
      void next();
    },
    setPlayed(value) {
      playedMs = Math.max(playedMs, value);
      void next();
    },
    segments: () => ready,
  };
}

/** Died, or stopped to load another model. Only an abort of the queue's own signal means that nobody wants to hear it any more. */
function isWorkerLost(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'worker.crashed' || isAbort(error));
}
