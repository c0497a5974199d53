import type { Clock, Timer } from '../../base/clock.ts';
import { toErrorData, type ErrorData } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { LanguageCode, SegmentSpoken } from '../../inference/contracts/index.ts';
import type { Tell } from '../../platform/contract-host/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { Asker, Message, PlaybackReport, TurnLatency } from '../../../src-preload/contract/index.ts';
import type { Agent, CallBrief, CallType } from '../agent/index.ts';
import { createAnswerRun, type AnswerRun, type AnswerRunDeps, type AnswerSource, type RunOutcome } from './answer-run.ts';
import type { MessageLog } from './message-log.ts';
import type { SpeakingCharacter } from './speaking-character.ts';
import type { CreateClauseCutter } from './speech-text.ts';
import { turnLatency } from './turn-latency.ts';
import type { UtteranceVoice } from './utterance-voice.ts';
import type { SpeakSegment } from './speech-queue.ts';

/** What the assistant is asked. */
export interface Question {
  text: string;
  language: LanguageCode;
  medium: Message['medium'];
  /** Already in the store (regenerate): not added again, and left out of the history. */
  storedId?: string;
  /** The words came from somebody else than the owner. */
  tainted?: boolean;
  /** The user went on before anything was heard: these words belong to that message. */
  continues?: Message;
  /** Voice only: the last sample of speech and the moment its text was there, `clock.nowMs()`. */
  spokenEndAtMs?: number;
  transcribedAtMs?: number;
}

/** What a finished exchange leaves behind. */
export interface Exchange {
  question: Question;
  userMessage: Message;
  /** When its answer was begun, `clock.nowMs()`. */
  startedAtMs: number;
  outcome: RunOutcome;
}

/** The assistant's turn towards one client: at most one answer has the floor. */
export interface Floor {
  conversationId(): string | null;
  setConversation(id: string | null): void;
  /** Starts an answer that nobody hears or sees before `take`; the caller may `stop()` it without a trace. */
  begin(question: Question, options: { aloud: boolean }): AnswerRun;
  /** The answer gets the floor: the question is stored, the run is let out. Throws the store's error when the question cannot be kept. */
  take(run: AnswerRun, question: Question): Message;
  /** Stores the words without answering them, in this conversation or in the one in front. */
  note(question: Question, conversationId: string | null): Message;
  /** Keeps a sentence of the assistant's that was heard by other means (a greeting that was ready). */
  record(text: string, language: LanguageCode): void;
  /** Says something that nobody asked for, and leaves it as a message. */
  announce(text: string, language: LanguageCode, tainted: boolean): AnswerRun;
  /** Reads a stored text aloud; leaves no message. In somebody else's voice, if one is given. */
  recite(text: string, language: LanguageCode, messageId: string | null, as?: SpeakingCharacter): AnswerRun;
  /** The answer that has the floor, until its last sample. */
  current(): AnswerRun | undefined;
  /** The user's message that `current` answers. */
  currentQuestion(): Message | undefined;
  /** Ends it; what was heard is kept. */
  stop(): void;
  /** Ends it as if it had never been: its question was not complete. Returns the question. */
  withdraw(): Message | undefined;
  report(report: PlaybackReport): void;
  /** The assistant's words that a sound which began at `onsetAtMs` may hold: those around the place in play; '' when it was silent. */
  spokenAround(onsetAtMs: number): string;
  /** True when an answer could be heard at that moment of the last seconds. */
  wasAudibleAt(atMs: number): boolean;
}

export interface FloorDeps {
  clock: Clock;
  /** Bound to the client. */
  clientId: string;
  agent: Agent;
  store: Store;
  messages: MessageLog;
  tell: Tell;
  createCutter: CreateClauseCutter;
  /** How an utterance is spoken that begins now; by whom, where it is not the character of the session. */
  voice: (utterance: { utteranceId: string; language: LanguageCode }, as?: SpeakingCharacter) => UtteranceVoice;
  speak: (request: Parameters<SpeakSegment>[0] & UtteranceVoice['parameters'], signal: AbortSignal) => Promise<SegmentSpoken>;
  cancelSpeech: (utteranceId: string) => void;
  /** Aborted, with its reason, while answers are stopped; asked anew for each run. */
  shut: () => AbortSignal;
  callType: (medium: Message['medium']) => CallType;
  /** Who asks, as tools see it. */
  asker: (medium: Message['medium']) => Asker;
  /** Of a telephone call, as it is now. */
  brief: () => CallBrief | undefined;
  /** Who answers, from the next question on. */
  characterId: () => string;
  /** State that the window shows may have changed. */
  onChange: () => void;
  onExchange: (exchange: Exchange) => void;
  onError: (error: ErrorData, stage: 'language' | 'synthesis' | 'restart') => void;
  onLatency: (latency: TurnLatency) => void;
}

/** At once, then ten times a second: words light up in step with the voice, and the page draws no more than eyes can follow. */
const PROGRESS_INTERVAL_MS = 100;
/** An echo can come back this long after the sound was played (room, device buffers). */
const ECHO_DELAY_MS = 400;
/** How far around the place in play an echo's words can stand, in characters: about ten seconds behind, six ahead. */
const ECHO_BEHIND_CHARACTERS = 160;
const ECHO_AHEAD_CHARACTERS = 100;

interface Holding {
  run: AnswerRun;
  question: Question | undefined;
  userMessage: Message | undefined;
  /** The assistant's message; absent for a recital. In the log once there is text. */
  answer: Message | undefined;
  logged: boolean;
  withdrawn: boolean;
  latencyTold: boolean;
  /** The stored message that is read aloud, if this is a recital of one. */
  recitedId: string | null;
  progress: Timer | undefined;
  progressToldAtMs: number;
}

export function createFloor(deps: FloorDeps): Floor {
  const { clock } = deps;
  let conversationId: string | null = null;
  /** Under which id the question of a run is stored when it counts. An answer that is begun before reads the history after that, and must know which message is its own. */
  const questionIds = new WeakMap<AnswerRun, string>();
  let holding: Holding | undefined;
  let lastSpoken: { text: string; endedAtMs: number } = { text: '', endedAtMs: Number.NEGATIVE_INFINITY };

  const voiceOf = (utteranceId: string, language: LanguageCode, as?: SpeakingCharacter): AnswerRunDeps['voice'] => {
    const { parameters, spoken } = deps.voice({ utteranceId, language }, as);
    return { spoken, speak: (request, signal) => deps.speak({ ...request, ...parameters }, signal) };
  };

  const startRun = (source: AnswerSource, language: LanguageCode, aloud: boolean, as?: SpeakingCharacter): AnswerRun => {
    const utteranceId = createId('utt');
    const run: AnswerRun = createAnswerRun({
      clock,
      utteranceId,
      language,
      source,
      cutter: deps.createCutter(language),
      voice: aloud ? voiceOf(utteranceId, language, as) : undefined,
      shut: deps.shut(),
      cancelSpeech: deps.cancelSpeech,
      play: (command) => deps.tell('playback.command', command, deps.clientId),
      onProgress: () => scheduleProgress(run),
      onAudible: deps.onChange,
      onSpeechRestart: (error) => deps.onError(toErrorData(error), 'restart'),
    });
    return run;
  };

  const scheduleProgress = (run: AnswerRun): void => {
    const held = holding;
    if (held?.run !== run || held.progress) return;
    const dueMs = held.progressToldAtMs + PROGRESS_INTERVAL_MS;
    held.progress = clock.after(Math.max(0, dueMs - clock.nowMs()), () => {
      held.progress = undefined;
      held.progressToldAtMs = clock.nowMs();
      if (holding !== held || run.isEnded()) return;
      tellProgress(held, false);
      tellLatency(held, false);
    });
  };

  const tellProgress = (held: Holding, done: boolean): void => {
    const messageId = held.answer?.id ?? held.recitedId;
    const conversation = held.answer?.conversationId ?? conversationId;
    if (messageId === null || conversation === null) return;
    const text = held.run.text();
    if (held.answer && !held.logged && text !== '') logAnswer(held, { text, heardChars: held.run.heardChars(), status: 'interrupted' });
    deps.tell('answer.progress', { conversationId: conversation, messageId, text, heardChars: held.run.heardChars(), done });
  };

  /** Until the end the stored answer is "interrupted": that is what it is if the power goes now. */
  const logAnswer = (held: Holding, { text, heardChars, status }: Pick<Message, 'text' | 'heardChars' | 'status'>): void => {
    const patch = { text, heardChars, status };
    if (!held.answer) return;
    held.answer = { ...held.answer, ...patch, ...(held.run.isTainted() ? { tainted: true } : {}) };
    if (held.logged) deps.messages.change(held.answer);
    else deps.messages.add(held.answer);
    held.logged = true;
  };

  /** Nothing of the answer stays. A page may have been told that it was coming, and waits for it. */
  const takeBack = ({ answer, logged }: Holding): void => {
    if (answer && logged) deps.messages.remove(answer);
    else if (answer) deps.tell('message.removed', { conversationId: answer.conversationId, messageId: answer.id });
  };

  /** Told once: when the first sound was heard and its segment is known in full, at the latest at the end. */
  const tellLatency = (held: Holding, atLast: boolean): void => {
    const { question, answer, run } = held;
    const times = run.times();
    const isKnown = times.audibleAtMs !== undefined && (times.firstSampleMs !== undefined || atLast);
    if (held.latencyTold || !question || !answer || !isKnown) return;
    held.latencyTold = true;
    const latency = turnLatency(question, times);
    deps.onLatency(latency);
    deps.tell('turn.latency', { conversationId: answer.conversationId, messageId: answer.id, latency });
  };

  const finished = (held: Holding, outcome: RunOutcome): void => {
    held.progress?.cancel();
    tellLatency(held, true);
    if (outcome.heardChars !== null && held.run.times().audibleAtMs !== undefined)
      lastSpoken = { text: aroundPlace(outcome.text, outcome.heardChars), endedAtMs: clock.nowMs() };
    if (holding === held) holding = undefined;
    if (!held.withdrawn) {
      if (outcome.text === '') takeBack(held);
      else {
        logAnswer(held, outcome);
        tellProgress(held, true);
      }
      if (outcome.error !== undefined) deps.onError(toErrorData(outcome.error), errorStage(outcome.error));
      const { question, userMessage } = held;
      if (question && userMessage) deps.onExchange({ question, userMessage, startedAtMs: held.run.times().startedAtMs, outcome });
    }
    deps.onChange();
  };

  const hold = (held: Holding): void => {
    stop();
    holding = held;
    void held.run.done.then((outcome) => finished(held, outcome));
    held.run.commit();
    deps.onChange();
  };

  const stop = (): void => holding?.run.stop();

  const ensureConversation = (): string => {
    if (conversationId !== null && deps.store.getConversation(conversationId)) return conversationId;
    const conversation = deps.store.createConversation({ title: '', createdAtMs: clock.wallMs() });
    conversationId = conversation.id;
    deps.tell('conversations.changed', { conversationId: conversation.id });
    return conversation.id;
  };

  /** The list shows a new conversation under its question while that is being answered. */
  const nameConversation = (id: string, question: Question): void => {
    const former = question.continues?.text;
    const isNamed = deps.agent.name({ conversationId: id, question: question.text, ...(former === undefined ? {} : { former }) });
    if (isNamed) deps.tell('conversations.changed', { conversationId: id });
  };

  return {
    conversationId: () => conversationId,
    setConversation(id) {
      conversationId = id;
    },
    begin(question, { aloud }) {
      const questionId = question.continues?.id ?? question.storedId ?? createId('msg');
      const source: AnswerSource = (run) => {
        const brief = deps.brief();
        return deps.agent.answer({
          conversationId,
          question: question.text,
          language: question.language,
          callType: deps.callType(question.medium),
          characterId: deps.characterId(),
          asker: deps.asker(question.medium),
          ...(brief ? { brief } : {}),
          conversationIdNow: () => conversationId,
          ...(question.tainted === true ? { tainted: true } : {}),
          ...run,
          // It must not appear twice in the prompt.
          beforeMessageId: questionId,
        });
      };
      const run = startRun(source, question.language, aloud);
      questionIds.set(run, questionId);
      return run;
    },
    take(run, question) {
      const conversation = ensureConversation();
      const userMessage = storeQuestion(deps, question, conversation, questionIds.get(run));
      hold({ ...emptyHolding(run), question, userMessage, answer: emptyAnswer(conversation, question, clock.wallMs()) });
      nameConversation(conversation, question);
      return userMessage;
    },
    note: (question, id) => storeQuestion(deps, question, id ?? ensureConversation()),
    record(text, language) {
      const place = emptyAnswer(ensureConversation(), { medium: 'voice', language }, clock.wallMs());
      deps.messages.add({ ...place, text, heardChars: text.length, status: 'complete' });
      deps.onChange();
    },
    announce(text, language, tainted) {
      const conversation = ensureConversation();
      const run = startRun(textSource(text, tainted), language, true);
      hold({ ...emptyHolding(run), answer: emptyAnswer(conversation, { medium: 'voice', language }, clock.wallMs()) });
      return run;
    },
    recite(text, language, messageId, as) {
      const run = startRun(textSource(text, false), language, true, as);
      hold({ ...emptyHolding(run), recitedId: messageId });
      return run;
    },
    current: () => holding?.run,
    currentQuestion: () => holding?.userMessage,
    stop,
    withdraw() {
      const held = holding;
      if (!held) return undefined;
      held.withdrawn = true;
      held.run.stop();
      takeBack(held);
      return held.userMessage;
    },
    report: (report) => holding?.run.report(report),
    wasAudibleAt: (atMs) => (holding !== undefined && soundsAt(holding.run, atMs)) || atMs < lastSpoken.endedAtMs,
    spokenAround(onsetAtMs) {
      // An answer that waits for a tool may have been silent for long.
      if (holding?.run.isAudible()) {
        const sounded = soundsAt(holding.run, onsetAtMs - ECHO_DELAY_MS);
        return sounded ? aroundPlace(holding.run.text(), holding.run.heardChars() ?? 0) : '';
      }
      return onsetAtMs <= lastSpoken.endedAtMs + ECHO_DELAY_MS ? lastSpoken.text : '';
    },
  };
}

function soundsAt(run: AnswerRun, atMs: number): boolean {
  return run.isAudible() && atMs <= (run.silentSinceMs() ?? Number.POSITIVE_INFINITY);
}

/** A text that is there already. */
function textSource(text: string, tainted: boolean): AnswerSource {
  return async ({ onText }) => {
    onText(text);
    return { text, finishReason: 'stop', tainted, timeToFirstTokenMs: 0, promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 };
  };
}

function aroundPlace(text: string, heardChars: number): string {
  return text.slice(Math.max(0, heardChars - ECHO_BEHIND_CHARACTERS), heardChars + ECHO_AHEAD_CHARACTERS);
}

function emptyHolding(run: AnswerRun): Holding {
  return {
    run,
    question: undefined,
    userMessage: undefined,
    answer: undefined,
    logged: false,
    withdrawn: false,
    latencyTold: false,
    recitedId: null,
    progress: undefined,
    progressToldAtMs: Number.NEGATIVE_INFINITY,
  };
}

function storeQuestion(deps: FloorDeps, question: Question, conversationId: string, id = createId('msg')): Message {
  if (question.continues) {
    const message = { ...question.continues, text: question.text };
    deps.messages.change(message);
    return message;
  }
  const known = question.storedId === undefined ? undefined : deps.store.getMessage(question.storedId);
  if (known) return known;
  const message: Message = {
    id,
    conversationId,
    role: 'user',
    text: question.text,
    medium: question.medium,
    language: question.language,
    heardChars: null,
    status: 'complete',
    ...(question.tainted === true ? { tainted: true } : {}),
    createdAtMs: deps.clock.wallMs(),
  };
  deps.messages.add(message);
  return message;
}

function emptyAnswer(conversationId: string, question: Pick<Question, 'medium' | 'language'>, createdAtMs: number): Message {
  return {
    id: createId('msg'),
    conversationId,
    role: 'assistant',
    text: '',
    medium: question.medium,
    language: question.language,
    heardChars: null,
    status: 'interrupted',
    createdAtMs,
  };
}

function errorStage(error: unknown): 'language' | 'synthesis' {
  // An abort of the model ends an answer without an error, so that this one is the voice's.
  return /^(synthesis|worker|request)\./.test(toErrorData(error).code) ? 'synthesis' : 'language';
}
