import type { Clock, Timer } from '../../../base/clock.ts';

/**
 * What is done when nobody says anything, or nobody stops to:
 *
 *   ready --10 s--> "are you still there?" --10 s--> once more --10 s--> farewell --> hang up
 *   listening --60 s--> polite interruption, twice at most --60 s--> farewell --> hang up
 *
 * Words of the other end begin the count anew; words over the farewell keep the call.
 */
export interface PhoneSilence {
  /** Whose turn it is, as the conversation says. */
  turn(state: 'off' | 'ready' | 'listening' | 'thinking' | 'speaking'): void;
  /** The other end has said words. */
  words(): void;
  /** The owner speaks, or the call is held: nothing is waited for. */
  pause(on: boolean): void;
  dispose(): void;
}

export type SilenceSentence = 'still-there' | 'still-there-again' | 'farewell' | 'interruption';

const SILENCE_MS = 10_000;
const MONOLOGUE_MS = 60_000;
const MAX_INTERRUPTIONS = 2;
const QUESTIONS: readonly SilenceSentence[] = ['still-there', 'still-there-again'];

export function createPhoneSilence(deps: {
  clock: Clock;
  /** Resolves when it was said or cut off. Never rejects. */
  say: (sentence: SilenceSentence) => Promise<unknown>;
  hangUp: () => void;
}): PhoneSilence {
  const { clock } = deps;
  let state: Parameters<PhoneSilence['turn']>[0] = 'off';
  let timer: Timer | undefined;
  let isPaused = false;
  let isSaying = false;
  let isOver = false;
  let questions = 0;
  let interruptions = 0;

  const say = async (sentence: SilenceSentence): Promise<void> => {
    isSaying = true;
    timer?.cancel();
    await deps.say(sentence);
    isSaying = false;
    arm();
  };

  const leave = async (): Promise<void> => {
    const before = questions;
    await say('farewell');
    // Whoever spoke meanwhile is there after all.
    if (questions === before && !isPaused && !isOver) deps.hangUp();
  };

  const nobodySpeaks = (): void => {
    const question = QUESTIONS[questions];
    if (!question) return void leave();
    questions += 1;
    void say(question);
  };

  const nobodyStops = (): void => {
    interruptions += 1;
    // A voice without an end is a machine, or music.
    if (interruptions > MAX_INTERRUPTIONS) {
      void deps.say('farewell').then(() => !isPaused && !isOver && deps.hangUp());
      return;
    }
    void say('interruption');
  };

  const arm = (): void => {
    timer?.cancel();
    timer = undefined;
    if (isPaused || isSaying || isOver) return;
    if (state === 'ready') timer = clock.after(SILENCE_MS, nobodySpeaks);
    else if (state === 'listening') timer = clock.after(MONOLOGUE_MS, nobodyStops);
  };

  return {
    turn(next) {
      if (next === state) return;
      state = next;
      if (next === 'thinking') interruptions = 0;
      arm();
    },
    words() {
      questions = 0;
    },
    pause(on) {
      isPaused = on;
      questions = 0;
      interruptions = 0;
      arm();
    },
    dispose() {
      isOver = true;
      timer?.cancel();
    },
  };
}
