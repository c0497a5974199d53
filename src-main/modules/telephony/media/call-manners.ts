import type { Clock, Timer } from '../../../base/clock.ts';
import { isFarewell } from './call-words.ts';

/**
 * When a call has come to its end by itself: somebody has said goodbye and nobody goes on; or a machine took it, has come to its tone, and was told
 * what there is to say.
 */
export interface CallManners {
  turn(state: 'off' | 'ready' | 'listening' | 'thinking' | 'speaking'): void;
  /** The other end's words. */
  heard(text: string): void;
  /** The assistant's answer is over. */
  answered(text: string): void;
  /** From now on a message is left at the first silence. */
  machine(): void;
  dispose(): void;
}

/** The other end has said goodbye; it may say one thing more. */
const AFTER_THEIR_FAREWELL_MS = 1_500;
/** Only the assistant has: they may not be ready to end yet. */
const AFTER_OUR_FAREWELL_MS = 4_000;
/** Machines pause within their text; behind the tone it stays silent. */
const BEHIND_MACHINE_MS = 1_500;

export function createCallManners(deps: {
  clock: Clock;
  /** Ends what is being said now. */
  silence: () => void;
  leaveMessage: () => void;
  hangUp: () => void;
}): CallManners {
  const { clock } = deps;
  let timer: Timer | undefined;
  let state: Parameters<CallManners['turn']>[0] = 'off';
  let theirs = false;
  let ours = false;
  let isMachine = false;

  const arm = (): void => {
    timer?.cancel();
    timer = undefined;
    if (isMachine) {
      if (state === 'ready') timer = clock.after(BEHIND_MACHINE_MS, deps.leaveMessage);
    } else if (state === 'ready' && (theirs || ours)) {
      timer = clock.after(theirs ? AFTER_THEIR_FAREWELL_MS : AFTER_OUR_FAREWELL_MS, deps.hangUp);
    }
  };

  return {
    turn(next) {
      state = next;
      // Nobody listens to what would be answered to a machine.
      if (isMachine && (next === 'thinking' || next === 'speaking')) queueMicrotask(deps.silence);
      arm();
    },
    heard(text) {
      theirs = isFarewell(text);
      ours = false;
      arm();
    },
    answered(text) {
      ours = isFarewell(text);
      arm();
    },
    machine() {
      isMachine = true;
      arm();
    },
    dispose: () => timer?.cancel(),
  };
}
