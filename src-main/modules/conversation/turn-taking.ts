import type { Clock, Timer } from '../../base/clock.ts';
import type { LanguageCode, RecognitionEvent } from '../../inference/contracts/index.ts';
import { completionDelayMs, type EndOfTurnProfile } from './end-of-turn.ts';

/** What the user has said up to a pause, ready to be answered unless they go on. */
export interface TurnCandidate {
  speechId: string;
  revision: number;
  text: string;
  language: LanguageCode;
  /** Time in which the voice detector was sure of a voice, ms. */
  voicedMs: number;
  /** When the last sample of speech was received. */
  endAtMs: number;
  /** When the text was there. */
  transcribedAtMs: number;
  /** Probability that the turn is complete; undefined until (or unless) the turn model has spoken. */
  probability: number | undefined;
}

/** What turn taking tells its owner; called synchronously, never re-entrantly. */
export interface TurnListener {
  /** The words up to this pause are known: work may begin, nothing may be heard yet. */
  speculate(candidate: TurnCandidate): void;
  /** The user went on: work for this revision is void. */
  withdraw(candidate: TurnCandidate): void;
  /** The turn is the assistant's. */
  commit(candidate: TurnCandidate): void;
  /** A speech ended without a word. */
  nothingSaid(speechId: string): void;
}

/**
 *   idle --speech.start--> speaking --speech.pause--> paused --speech.resume--> speaking
 *                                                     paused --due | speech.end--> idle   (commit, or nothingSaid)
 *
 * `due` is the end of the speech plus a delay that depends on how complete the turn sounds and reads (end-of-turn.ts), once the worker has heard that
 * the delay was silent: on a busy machine it is behind the clock, and who went on must not be cut off. In manual mode (push to talk) only `speech.end`
 * commits.
 */
type State =
  | { state: 'idle' }
  | { state: 'speaking'; speechId: string }
  | {
      state: 'paused';
      speechId: string;
      revision: number;
      endAtMs: number;
      /** Silence that the worker has heard since then. */
      silentMs: number;
      probability: number | undefined;
      candidate: TurnCandidate | undefined;
      /** True after `ignore`: this pause's words are not a turn. */
      ignored: boolean;
      ended: boolean;
      due: Timer | undefined;
    };

type Paused = Extract<State, { state: 'paused' }>;

export interface TurnTaking {
  handle(event: RecognitionEvent): void;
  /** The words of this candidate are no turn (backchannel, echo); if the speech goes on, it is judged anew. */
  ignore(candidate: TurnCandidate): void;
  /** The user's voice is in the line or a pause is being judged. */
  isActive(): boolean;
  /** Forgets everything without telling anyone. */
  reset(): void;
}

/** How long a missing judgement or transcript may hold the turn, in milliseconds after the pause. */
const JUDGEMENT_PATIENCE_MS = 400;
/** The worker hears in frames of 32 ms that come in portions of 20 ms: even on an idle machine it is so far behind the clock. */
const HEARD_BEHIND_MS = 52;

/** Decides when the turn is the assistant's. Pure but for the injected clock; one instance per session. */
export function createTurnTaking(deps: {
  clock: Clock;
  profile: () => EndOfTurnProfile;
  manual: () => boolean;
  listener: TurnListener;
}): TurnTaking {
  const { clock, listener } = deps;
  let current: State = { state: 'idle' };

  const leavePause = (): void => {
    if (current.state === 'paused') current.due?.cancel();
  };

  const finish = (pause: Paused): void => {
    pause.due?.cancel();
    current = { state: 'idle' };
    if (pause.candidate && !pause.ignored) listener.commit(pause.candidate);
    else listener.nothingSaid(pause.speechId);
  };

  const delayOf = ({ probability }: Paused, { text, language }: TurnCandidate): number => {
    const delayMs = completionDelayMs({ probability, text, language }, deps.profile());
    return probability === undefined ? Math.max(JUDGEMENT_PATIENCE_MS, delayMs) : delayMs;
  };

  const judge = (pause: Paused): void => {
    pause.due?.cancel();
    pause.due = undefined;
    const candidate = pause.candidate;
    if (!candidate) return;
    if (pause.ended) return finish(pause);
    if (pause.ignored || candidate.text === '' || deps.manual()) return;
    const delayMs = delayOf(pause, candidate);
    const leftMs = pause.endAtMs + delayMs - clock.nowMs();
    if (leftMs <= 0) {
      // The next `speech.silence` or `speech.resume` decides.
      if (pause.silentMs >= delayMs - HEARD_BEHIND_MS) finish(pause);
      return;
    }
    pause.due = clock.after(leftMs, () => {
      if (current === pause) judge(pause);
    });
  };

  const ofCurrentPause = (speechId: string, revision: number): Paused | undefined =>
    current.state === 'paused' && current.speechId === speechId && current.revision === revision ? current : undefined;

  return {
    handle(event) {
      switch (event.type) {
        case 'speech.start':
          leavePause();
          current = { state: 'speaking', speechId: event.speechId };
          return;
        case 'speech.pause':
          leavePause();
          current = {
            state: 'paused',
            speechId: event.speechId,
            revision: event.revision,
            endAtMs: event.endAtMs,
            silentMs: 0,
            probability: undefined,
            candidate: undefined,
            ignored: false,
            ended: false,
            due: undefined,
          };
          return;
        case 'speech.silence': {
          const pause = ofCurrentPause(event.speechId, event.revision);
          if (!pause) return;
          pause.silentMs = event.silentMs;
          return judge(pause);
        }
        case 'turn.prediction': {
          const pause = ofCurrentPause(event.speechId, event.revision);
          if (!pause) return;
          pause.probability = event.probability;
          if (pause.candidate) pause.candidate.probability = event.probability;
          return judge(pause);
        }
        case 'transcript.final': {
          const pause = ofCurrentPause(event.speechId, event.revision);
          if (!pause) return;
          pause.candidate = {
            speechId: event.speechId,
            revision: event.revision,
            text: event.text.trim(),
            language: event.language,
            voicedMs: event.voicedMs,
            endAtMs: pause.endAtMs,
            transcribedAtMs: clock.nowMs(),
            probability: pause.probability,
          };
          if (pause.candidate.text === '') pause.ignored = true;
          else listener.speculate(pause.candidate);
          return judge(pause);
        }
        case 'speech.resume': {
          const pause = ofCurrentPause(event.speechId, event.revision);
          if (!pause) return;
          leavePause();
          current = { state: 'speaking', speechId: pause.speechId };
          if (pause.candidate && !pause.ignored) listener.withdraw(pause.candidate);
          return;
        }
        case 'speech.end': {
          const pause = ofCurrentPause(event.speechId, event.revision);
          if (pause) {
            pause.ended = true;
            return judge(pause);
          }
          if (current.state !== 'speaking' || current.speechId !== event.speechId) return;
          current = { state: 'idle' };
          return listener.nothingSaid(event.speechId);
        }
        case 'recognition.error':
        case 'transcript.partial':
        case 'input.stalled':
          return;
      }
    },
    ignore(candidate) {
      const pause = ofCurrentPause(candidate.speechId, candidate.revision);
      if (!pause) return;
      pause.ignored = true;
      pause.due?.cancel();
    },
    isActive: () => current.state !== 'idle',
    reset() {
      leavePause();
      current = { state: 'idle' };
    },
  };
}
