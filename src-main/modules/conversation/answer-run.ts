import type { Clock } from '../../base/clock.ts';
import { createDeferred } from '../../base/deferred.ts';
import { isAbort, type AppError } from '../../base/errors.ts';
import type { LanguageCode } from '../../inference/contracts/index.ts';
import type { PlaybackCommand, PlaybackReport } from '../../../src-preload/contract/index.ts';
import type { AnswerResult } from '../agent/index.ts';
import { heardCharacters } from './heard-text.ts';
import { oneMoment } from './spoken-words.ts';
import { createToolWait } from './tool-wait.ts';
import { createSpeechQueue, type SpeakSegment, type SpeechQueue } from './speech-queue.ts';
import type { Clause, ClauseCutter } from './speech-text.ts';

/** Writes the answer: the agent, or a stored message that is read aloud. */
export type AnswerSource = (options: {
  signal: AbortSignal;
  /** Resolves at `commit`. */
  committed: Promise<void>;
  onText: (piece: string) => void;
  onTools: (running: boolean) => void;
  onTainted: () => void;
}) => Promise<AnswerResult>;

/** How a run ended. `heardChars` is null when nothing was to be spoken. */
export interface RunOutcome {
  text: string;
  heardChars: number | null;
  status: 'complete' | 'interrupted' | 'failed';
  /** It may hold something from outside. */
  tainted: boolean;
  error?: unknown;
}

/** When things happened on `clock`; undefined = not yet. */
export interface RunTimes {
  startedAtMs: number;
  /** Duration from the start of the run to the model's first token. */
  firstTokenMs?: number;
  firstClauseAtMs?: number;
  firstSoundReadyAtMs?: number;
  /** The synthesis worker's own time to its first sample. */
  firstSampleMs?: number;
  committedAtMs?: number;
  audibleAtMs?: number;
}

export interface AnswerRun {
  readonly utteranceId: string;
  /** The turn is the assistant's: let it be heard and seen. Idempotent. */
  commit(): void;
  /** Barge-in: silence at once, undecided. */
  pause(): void;
  resume(): void;
  /** Ends text, synthesis and sound; what was heard stays heard. */
  stop(): void;
  report(report: PlaybackReport): void;
  /** Words of the app in the answer's own voice, at this place in it. Nothing without a voice, before commit and after the end. */
  say(words: string): void;
  /** Tools run, or wait to be allowed. */
  isWaiting(): boolean;
  /** Tools have begun: forgetting the question would not take that back. */
  hasActed(): boolean;
  isTainted(): boolean;
  isCommitted(): boolean;
  /** Its first sound was played and its end was not. */
  isAudible(): boolean;
  /** Since when everything that was synthesised has been played, `clock.nowMs()`; undefined = it sounds or was never heard. */
  silentSinceMs(): number | undefined;
  isPaused(): boolean;
  isEnded(): boolean;
  text(): string;
  heardChars(): number | null;
  times(): Readonly<RunTimes>;
  /** Resolves once, never rejects. */
  readonly done: Promise<RunOutcome>;
}

export interface AnswerRunDeps {
  clock: Clock;
  utteranceId: string;
  language: LanguageCode;
  source: AnswerSource;
  cutter: ClauseCutter;
  /** Undefined = a typed exchange without sound. `spoken`: a clause as it is said. */
  voice: { speak: SpeakSegment; spoken: (clause: Clause) => Clause } | undefined;
  /** Aborted, with its reason, while answers are stopped: the run then ends, or does not begin. */
  shut: AbortSignal;
  cancelSpeech: (utteranceId: string) => void;
  play: (command: PlaybackCommand) => void;
  /** Text grew or more of it was heard; only after commit. */
  onProgress: () => void;
  /** First sound of the utterance left the queue. */
  onAudible: () => void;
  /** A clause had to be spoken again because its worker died. */
  onSpeechRestart: (error: AppError) => void;
}

/** What changes while a run lives. */
interface RunState {
  text: string;
  playedMs: number;
  /** When the player last told that it had played more. */
  reportedAtMs: number;
  committed: boolean;
  paused: boolean;
  ended: boolean;
  finishSent: boolean;
  tainted: boolean;
  /** The model failed; what it had written is still spoken. */
  sourceError: unknown;
}

/**
 * One answer from its first token to its last sample. Until `commit` only the first clause is synthesised and nothing is heard or shown, so that
 * a speculative run can be thrown away without a trace.
 */
export function createAnswerRun(deps: AnswerRunDeps): AnswerRun {
  const { clock, utteranceId } = deps;
  const abort = new AbortController();
  const times: RunTimes = { startedAtMs: clock.nowMs() };
  const state: RunState = {
    text: '',
    playedMs: 0,
    reportedAtMs: 0,
    committed: false,
    paused: false,
    ended: false,
    finishSent: false,
    tainted: false,
    sourceError: undefined,
  };
  const { promise: done, resolve: resolveDone } = createDeferred<RunOutcome>();
  const { promise: committed, resolve: resolveCommitted } = createDeferred<void>();
  const tools = createToolWait(clock, () => state.text === '' && say(oneMoment(deps.language)));

  const heardChars = (): number | null => (queue ? Math.min(state.text.length, heardCharacters(queue.segments(), state.playedMs)) : null);

  const end = (status: RunOutcome['status'], error?: unknown): void => {
    if (state.ended) return;
    state.ended = true;
    abort.abort();
    tools.end();
    if (queue) deps.cancelSpeech(utteranceId);
    if (queue && status !== 'complete' && !(status === 'failed' && state.finishSent)) deps.play({ command: 'drop', utteranceId });
    const heard = status === 'complete' && queue ? state.text.length : heardChars();
    resolveDone({ text: state.text, heardChars: heard, status, tainted: state.tainted, ...(error === undefined ? {} : { error }) });
  };
  const endWell = (): void => (state.sourceError === undefined ? end('complete') : end('failed', state.sourceError));

  const queue = createQueue(deps, abort.signal, times, {
    onAllSent(segmentCount) {
      state.finishSent = true;
      if (segmentCount === 0) return endWell();
      deps.play({ command: 'finish', utteranceId, segmentCount });
    },
    onError: (error) => end('failed', error),
  });

  const textEnded = (): void => {
    const rest = deps.cutter.end();
    if (rest.length > 0) times.firstClauseAtMs ??= clock.nowMs();
    if (!queue) {
      if (state.committed) endWell();
      return;
    }
    queue.push(rest);
    queue.close();
  };

  const sendClauses = (clauses: readonly Clause[]): void => {
    if (clauses.length > 0) times.firstClauseAtMs ??= clock.nowMs();
    queue?.push(clauses);
  };
  const say = (words: string): void => {
    if (!queue || !state.committed || state.ended) return;
    const gap = state.text === '' || /\s$/.test(state.text) ? '' : ' ';
    const text = `${gap}${words.trimEnd()} `;
    state.text += text;
    // What is in the cutter belongs in front of it, and it must not wait for what comes behind it.
    sendClauses([...deps.cutter.push(text), ...deps.cutter.end()]);
    deps.onProgress();
  };
  const onTools = (running: boolean): void => {
    if (state.ended) return;
    // What was said before a call is heard while it runs.
    if (running && queue) sendClauses(deps.cutter.end());
    tools.tell(running);
  };

  let written = false;
  const write = (): Promise<void> =>
    writeText(deps, { signal: abort.signal, committed, onTools }, state, times, (clauses) => queue?.push(clauses));
  deps.shut.addEventListener('abort', () => end('interrupted'), { once: true, signal: abort.signal });
  if (deps.shut.aborted) state.sourceError = deps.shut.reason;
  void (deps.shut.aborted ? Promise.resolve() : write()).then(() => {
    if (state.ended) return;
    written = true;
    if (state.sourceError !== undefined && (isAbort(state.sourceError) || state.text === '')) {
      return isAbort(state.sourceError) ? end('interrupted') : end('failed', state.sourceError);
    }
    textEnded();
  });

  return {
    utteranceId,
    commit() {
      if (state.committed || state.ended) return;
      state.committed = true;
      resolveCommitted();
      times.committedAtMs = clock.nowMs();
      if (queue) deps.play({ command: 'start', utteranceId });
      deps.onProgress();
      queue?.release();
      if (!queue && written) endWell();
    },
    pause() {
      if (state.ended || state.paused || !queue) return;
      state.paused = true;
      deps.play({ command: 'pause', utteranceId });
    },
    resume() {
      if (state.ended || !state.paused) return;
      state.paused = false;
      deps.play({ command: 'resume', utteranceId });
    },
    stop: () => end('interrupted'),
    report(report) {
      if (state.ended || report.utteranceId !== utteranceId) return;
      if (report.playedMs > state.playedMs) state.reportedAtMs = report.atMs;
      state.playedMs = Math.max(state.playedMs, report.playedMs);
      if (report.event === 'started' && times.audibleAtMs === undefined) {
        times.audibleAtMs = report.atMs;
        deps.onAudible();
      }
      if (report.event === 'ended' && state.finishSent) return endWell();
      deps.onProgress();
      queue?.setPlayed(state.playedMs);
    },
    say,
    isWaiting: () => tools.isRunning() && !state.ended,
    hasActed: tools.hasActed,
    isTainted: () => state.tainted,
    isCommitted: () => state.committed,
    isAudible: () => times.audibleAtMs !== undefined && !state.ended,
    silentSinceMs() {
      if (times.audibleAtMs === undefined || state.ended || !queue) return undefined;
      const readyMs = queue.segments().reduce((sum, { durationMs }) => sum + durationMs, 0);
      // The last report may be a little older than the last sample.
      const endsAtMs = state.reportedAtMs + Math.max(0, readyMs - state.playedMs);
      return endsAtMs < clock.nowMs() ? endsAtMs : undefined;
    },
    isPaused: () => state.paused,
    isEnded: () => state.ended,
    text: () => state.text,
    heardChars,
    times: () => times,
    done,
  };
}

/** Runs the source; its pieces go to the text and, cut, to the queue. Never rejects: a failure is left in `state.sourceError`. */
async function writeText(
  deps: AnswerRunDeps,
  source: Omit<Parameters<AnswerSource>[0], 'onText' | 'onTainted'>,
  state: RunState,
  times: RunTimes,
  take: (clauses: ReturnType<ClauseCutter['push']>) => void,
): Promise<void> {
  try {
    const result = await deps.source({
      ...source,
      onTainted: () => void (state.tainted = true),
      onText(piece) {
        if (state.ended) return;
        times.firstTokenMs ??= deps.clock.nowMs() - times.startedAtMs;
        state.text += piece;
        const clauses = deps.cutter.push(piece);
        if (clauses.length > 0) {
          times.firstClauseAtMs ??= deps.clock.nowMs();
          take(clauses);
        }
        if (state.committed) deps.onProgress();
      },
    });
    times.firstTokenMs = result.timeToFirstTokenMs;
    state.tainted ||= result.tainted;
  } catch (error) {
    state.sourceError = error;
  }
}

function createQueue(
  deps: AnswerRunDeps,
  signal: AbortSignal,
  times: RunTimes,
  on: { onAllSent: (segmentCount: number) => void; onError: (error: unknown) => void },
): SpeechQueue | undefined {
  if (!deps.voice) return undefined;
  return createSpeechQueue({
    utteranceId: deps.utteranceId,
    language: deps.language,
    ...deps.voice,
    signal,
    onFirstSegment(timeToFirstSampleMs) {
      times.firstSoundReadyAtMs ??= deps.clock.nowMs();
      times.firstSampleMs ??= timeToFirstSampleMs;
    },
    onAllSent: on.onAllSent,
    onRestart: deps.onSpeechRestart,
    onError: on.onError,
  });
}
