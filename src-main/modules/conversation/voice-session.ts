import type { Clock, Timer } from '../../base/clock.ts';
import type { LanguageCode, ListenOptions, RecognitionEvent } from '../../inference/contracts/index.ts';
import type { Approval, InputMode, Message, TalkState } from '../../../src-preload/contract/index.ts';
import type { AnswerRun } from './answer-run.ts';
import type { EndOfTurnProfile } from './end-of-turn.ts';
import type { Floor, Question } from './floor.ts';
import { overlapMeaning, type OverlapHeard, type OverlapMeaning } from './overlap.ts';
import { exactWords } from './spoken-words.ts';
import { createTurnTaking, type TurnCandidate } from './turn-taking.ts';

/** The microphone's side of a conversation. */
export interface VoiceSession {
  handle(event: RecognitionEvent): void;
  setMode(mode: InputMode): void;
  setMuted(muted: boolean): void;
  /** Push-to-talk key. Pressing while the assistant speaks ends its turn. */
  press(down: boolean): void;
  mode(): InputMode;
  isMuted(): boolean;
  isPressed(): boolean;
  /** Ends the sentence in progress, e.g. when the microphone was unplugged: what was said still counts. */
  endSpeech(): void;
  /** The recognition worker died or was stopped: whatever it was hearing is lost. Returns true when words were under way. */
  recognitionLost(): boolean;
  /** Another conversation is in front, or another history: what was being said and answered belonged to the one before. */
  conversationChanged(): void;
  /** An answer has become audible or ended. */
  floorChanged(): void;
  talkState(): Extract<TalkState, { state: 'ready' | 'listening' | 'thinking' | 'speaking' }>;
  /** Options for the recognition worker as they should be now. */
  listenOptions(): ListenOptions;
  close(): void;
}

export interface VoiceSessionDeps {
  clock: Clock;
  floor: Floor;
  mode: InputMode;
  settings: {
    profile: () => EndOfTurnProfile;
    interruption: () => 'words' | 'stop-words' | 'never';
    language: () => LanguageCode | undefined;
    sensitivity: () => number;
  };
  /** Sends changed options to the worker. */
  configure: (options: ListenOptions) => void;
  endSpeech: () => void;
  tellPartial: (text: string) => void;
  /** The user has begun to speak: stop background work, warm the prompt. */
  onSpeechStart: () => void;
  /** So much of a question has been heard; the last word may still become another. */
  onWords: (heard: { text: string; language: LanguageCode }) => void;
  onChange: () => void;
  onError: (error: unknown) => void;
  onInterruption: (kind: 'interrupted' | 'resumed') => void;
  /** The words mean "stop everything". Asked of every transcript before anything else looks at it. `isPartial`: more words may come. */
  isStopPhrase: (words: string, isPartial: boolean) => boolean;
  onStopPhrase: () => void;
  /** The words come from somebody else than the owner. */
  isOutside: () => boolean;
  /** True when the words answered a question of a tool. */
  hearApproval: (words: string) => boolean;
  /** The question of a tool that waits in this conversation. */
  pendingApproval: () => Pick<Approval, 'id' | 'phrase'> | undefined;
}

/**
 * What happens to the answer that has the floor while the user makes a sound.
 *
 *   none --speech over an answer--> undecided (paused) --words--> none (answer ended)
 *                                                      --nothing, "mhm", echo, and silence behind it; too long without a word--> dismissed (plays on)
 *   dismissed --speech goes on after a pause--> undecided; --words--> none
 */
type Overlap = { state: 'none' } | { state: 'undecided'; patience: Timer; isRemark: boolean } | { state: 'dismissed' };

/** A sound without a recognised word may hold the answer up this long. */
const OVERLAP_PATIENCE_MS = 1_500;
/** "Well" and "oh" may be the first word of a sentence: the answer plays on when so much silence has followed. */
const REMARK_SILENCE_MS = 256;
/** Replies begin up to this long before the other has ended; an "okay" that came earlier was one to the middle of the answer. */
const REPLY_OVERLAP_MS = 300;
/** Somebody who falls silent for so long has said what they had to say to a question of a tool. */
const HINT_SILENCE_MS = 900;
/** The voice detector's bar is raised by this much while the assistant speaks: its own voice is in the room. */
const SPEAKING_THRESHOLD_RISE = 0.15;

const LISTEN = { minSpeechMs: 64, pauseMs: 64, endMs: 2_600, preRollMs: 320, partialIntervalMs: 320 } as const;
const DETECTABLE_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'tr', 'uk'];

export function createVoiceSession(deps: VoiceSessionDeps): VoiceSession {
  const { clock, floor } = deps;
  let mode = deps.mode;
  let muted = false;
  let pressed = false;
  let overlap: Overlap = { state: 'none' };
  /** The answer whose echo was heard: it is not paused again on mere sound, only on words. */
  let echoing: AnswerRun | undefined;
  let speculation: { candidate: TurnCandidate; question: Question; run: AnswerRun } | undefined;
  /** A question that was withdrawn because its speaker went on. */
  let unanswered: Message | undefined;
  let barRaised = false;
  /** When the speech in progress began. */
  let onsetAtMs = 0;

  const listenOptions = (): ListenOptions => {
    const onThreshold = Math.min(0.95, deps.settings.sensitivity() + (barRaised ? SPEAKING_THRESHOLD_RISE : 0));
    const language = deps.settings.language();
    return {
      ...LISTEN,
      ...(language === undefined ? {} : { language }),
      languages: DETECTABLE_LANGUAGES,
      onThreshold,
      offThreshold: Math.max(0.1, deps.settings.sensitivity() - 0.15),
      overOwnVoice: barRaised,
      enabled: !muted && (mode === 'hands-free' || pressed),
      manual: mode === 'push-to-talk',
    };
  };
  const configure = (): void => deps.configure(listenOptions());

  const clearOverlap = (): void => {
    if (overlap.state === 'undecided') overlap.patience.cancel();
    overlap = { state: 'none' };
  };

  /** The user makes a sound while an answer has the floor. */
  const soundOver = (run: AnswerRun): void => {
    if (overlap.state === 'undecided' || deps.settings.interruption() === 'never') return;
    if (echoing === run) {
      overlap = { state: 'dismissed' };
      return;
    }
    run.pause();
    overlap = { state: 'undecided', patience: clock.after(OVERLAP_PATIENCE_MS, playOn), isRemark: false };
    deps.onChange();
  };

  const playOn = (): void => {
    const wasUndecided = overlap.state === 'undecided';
    if (overlap.state === 'undecided') overlap.patience.cancel();
    overlap = { state: 'dismissed' };
    floor.current()?.resume();
    if (wasUndecided) deps.onInterruption('resumed');
    deps.onChange();
  };

  /** The words take the turn. An answer that nobody has heard yet was given too early: its question goes on. */
  const interrupt = (run: AnswerRun): void => {
    clearOverlap();
    // What tools have done stays done, so its question stays asked.
    if (run.isAudible() || run.hasActed()) {
      floor.stop();
      deps.onInterruption('interrupted');
    } else unanswered = floor.withdraw();
    deps.onChange();
  };

  const meaningOf = (heard: Omit<OverlapHeard, 'spoken'>): OverlapMeaning => {
    const meaning = overlapMeaning({ ...heard, spoken: floor.spokenAround(onsetAtMs) });
    const allowed = deps.settings.interruption();
    if (allowed === 'words' || !floor.current()?.isAudible()) return meaning;
    return meaning === 'words' || allowed === 'never' ? 'backchannel' : meaning;
  };

  /** False when the words over an answer are no turn. */
  const takesTurn = (candidate: TurnCandidate): boolean => {
    const run = floor.current();
    const meaning = meaningOf(candidate);
    if (!run) {
      if (meaning === 'stop') unanswered = undefined;
      return meaning === 'words' || (meaning === 'backchannel' && !floor.wasAudibleAt(onsetAtMs + REPLY_OVERLAP_MS));
    }
    if (meaning === 'words') {
      interrupt(run);
      return true;
    }
    if (meaning === 'stop') {
      clearOverlap();
      floor.stop();
      deps.onInterruption('interrupted');
      return false;
    }
    if (meaning === 'echo') echoing = run;
    if (overlap.state === 'undecided') overlap.isRemark = true;
    else playOn();
    return false;
  };

  const approvals = createApprovalHearing(deps, meaningOf);

  const dropSpeculation = (): void => {
    speculation?.run.stop();
    speculation = undefined;
  };

  const questionOf = (candidate: TurnCandidate): Question => ({
    text: unanswered ? `${unanswered.text} ${candidate.text}` : candidate.text,
    language: candidate.language,
    medium: 'voice',
    ...(deps.isOutside() ? { tainted: true } : {}),
    spokenEndAtMs: candidate.endAtMs,
    transcribedAtMs: candidate.transcribedAtMs,
    ...(unanswered ? { continues: unanswered } : {}),
  });

  const take = (run: AnswerRun, question: Question): void => {
    try {
      floor.take(run, question);
      unanswered = undefined;
    } catch (error) {
      run.stop();
      deps.onError(error);
    }
  };

  /** The speaker of a withdrawn question has gone on, but said nothing more: it was complete. */
  const answerAfterAll = (): void => {
    if (!unanswered || floor.current()) return;
    const { text, language, tainted } = unanswered;
    const question: Question = { text, language, medium: 'voice', continues: unanswered, ...(tainted === true ? { tainted } : {}) };
    take(floor.begin(question, { aloud: true }), question);
  };

  const forgetWords = (): void => {
    turnTaking.reset();
    dropSpeculation();
    if (overlap.state === 'undecided') playOn();
    clearOverlap();
    deps.tellPartial('');
    deps.onChange();
  };

  const turnTaking = createTurnTaking({
    clock,
    profile: deps.settings.profile,
    manual: () => mode === 'push-to-talk',
    listener: {
      speculate(candidate) {
        const heard = approvals.hear(candidate);
        if (heard === 'answered') playOn();
        if (heard !== 'not-waiting') return turnTaking.ignore(candidate);
        if (!takesTurn(candidate)) return turnTaking.ignore(candidate);
        dropSpeculation();
        deps.tellPartial(candidate.text);
        const question = questionOf(candidate);
        speculation = { candidate, question, run: floor.begin(question, { aloud: true }) };
      },
      withdraw: dropSpeculation,
      commit() {
        const taken = speculation;
        if (!taken) return;
        speculation = undefined;
        deps.tellPartial('');
        take(taken.run, taken.question);
        // What comes now is a new speech, with a transcript of its own.
        deps.endSpeech();
        deps.onChange();
      },
      nothingSaid() {
        deps.tellPartial('');
        // A key that was pressed to answer has paused it.
        if (approvals.isWaiting()) floor.current()?.resume();
        // Behind a remark the answer plays on when it stays silent.
        if (overlap.state === 'undecided' && overlap.isRemark) return;
        if (overlap.state !== 'none') playOn();
        clearOverlap();
        answerAfterAll();
        deps.onChange();
      },
    },
  });

  const onPartial = (partial: Extract<RecognitionEvent, { type: 'transcript.partial' }>): void => {
    deps.tellPartial(partial.text);
    const run = floor.current();
    if (run && overlap.state !== 'none' && !approvals.isWaiting() && meaningOf(partial) === 'words') interrupt(run);
    if (!floor.current()) deps.onWords(partial);
  };

  const hearRemark = (event: RecognitionEvent): void => {
    const isOver = event.type === 'speech.end';
    if (overlap.state === 'undecided' && overlap.isRemark) {
      if (event.type === 'speech.resume') overlap.isRemark = false;
      else if (isOver || (event.type === 'speech.silence' && event.silentMs >= REMARK_SILENCE_MS)) playOn();
    }
    // The next speech is judged for itself.
    if (isOver && overlap.state === 'dismissed') clearOverlap();
  };

  const onSound = (): void => {
    deps.onSpeechStart();
    const run = floor.current();
    if (run) soundOver(run);
  };

  return {
    handle(event) {
      const isPartial = event.type === 'transcript.partial';
      if ((isPartial || event.type === 'transcript.final') && deps.isStopPhrase(event.text, isPartial)) {
        deps.onStopPhrase();
        floor.stop();
        unanswered = undefined;
        clearOverlap();
        return forgetWords();
      }
      approvals.follow(event);
      if (event.type === 'transcript.partial') return onPartial(event);
      if (event.type === 'speech.start') onsetAtMs = event.onsetAtMs;
      turnTaking.handle(event);
      hearRemark(event);
      if (event.type === 'speech.start' || event.type === 'speech.resume') onSound();
      if (event.type === 'speech.start' || event.type === 'speech.end') deps.onChange();
    },
    setMode(value) {
      if (value === mode) return;
      mode = value;
      pressed = false;
      turnTaking.reset();
      dropSpeculation();
      configure();
      deps.onChange();
    },
    setMuted(value) {
      muted = value;
      configure();
      deps.onChange();
    },
    press(down) {
      if (mode !== 'push-to-talk' || down === pressed) return;
      pressed = down;
      if (down) {
        if (approvals.isWaiting()) floor.current()?.pause();
        else floor.stop();
        configure();
      } else {
        deps.endSpeech();
        configure();
      }
      deps.onChange();
    },
    mode: () => mode,
    isMuted: () => muted,
    isPressed: () => pressed,
    endSpeech: deps.endSpeech,
    recognitionLost() {
      const lost = turnTaking.isActive();
      forgetWords();
      return lost;
    },
    conversationChanged() {
      unanswered = undefined;
      clearOverlap();
      forgetWords();
    },
    floorChanged() {
      const speaking = floor.current()?.isAudible() ?? false;
      if (barRaised === speaking) return;
      barRaised = speaking;
      configure();
    },
    talkState() {
      const run = floor.current();
      if (run?.isAudible()) return { state: 'speaking', paused: run.isPaused() };
      if (turnTaking.isActive() || pressed) return { state: 'listening' };
      return run ? { state: 'thinking' } : { state: 'ready' };
    },
    listenOptions,
    close() {
      clearOverlap();
      turnTaking.reset();
      dropSpeculation();
    },
  };
}

/** While a tool of the answer waits for its owner's word, speech is an answer to that or nothing: it takes no turn. */
function createApprovalHearing(
  { floor, hearApproval, pendingApproval }: Pick<VoiceSessionDeps, 'floor' | 'hearApproval' | 'pendingApproval'>,
  meaningOf: (heard: Omit<OverlapHeard, 'spoken'>) => OverlapMeaning,
) {
  let unclear: { id: string; hint: string } | undefined;
  const hinted = new Set<string>();
  const waiting = (): ReturnType<typeof pendingApproval> => (floor.current()?.isWaiting() ? pendingApproval() : undefined);
  return {
    isWaiting: () => waiting() !== undefined,
    hear(heard: Omit<OverlapHeard, 'spoken'>): 'answered' | 'unclear' | 'not-waiting' {
      const approval = waiting();
      const meaning = meaningOf(heard);
      // The assistant's own question, coming back from the loudspeaker, says the very words of a yes. A lone no is nobody's yes.
      const isOwnVoice = meaning === 'echo' && /\S\s+\S/.test(heard.text.trim());
      if (!isOwnVoice && hearApproval(heard.text)) return 'answered';
      if (!approval) return 'not-waiting';
      if (meaning === 'words' && !hinted.has(approval.id)) unclear = { id: approval.id, hint: exactWords(approval.phrase, heard.language) };
      return 'unclear';
    },
    /** Says once, when the speaker has fallen silent, what the words must be. */
    follow(event: RecognitionEvent): void {
      if (event.type === 'speech.start' || event.type === 'speech.resume') unclear = undefined;
      const isOver = event.type === 'speech.end' || (event.type === 'speech.silence' && event.silentMs >= HINT_SILENCE_MS);
      if (!unclear || !isOver) return;
      if (waiting()?.id === unclear.id) {
        hinted.add(unclear.id);
        floor.current()?.resume();
        floor.current()?.say(unclear.hint);
      }
      unclear = undefined;
    },
  };
}
