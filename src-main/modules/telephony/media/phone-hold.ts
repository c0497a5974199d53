import type { Clock, Timer } from '../../../base/clock.ts';
import type { HeardSound } from './sound-watch.ts';

/**
 * The other end has put us on hold and plays music: it is neither talked to nor listened to, and what is sung is no question.
 *
 *   talking --music--> waiting --music ends--> "I am still here." --> talking
 *                         '--10 min--> hang up
 */
export interface PhoneHold {
  /** What the leg hears; all but music and its end is nothing to it. */
  sound(what: HeardSound): void;
  isOn(): boolean;
  /** Nothing is known any more of what plays; ends the wait without a word. */
  forget(): void;
}

/** Nobody waits for longer in a queue that moves. */
const PATIENCE_MS = 10 * 60_000;

export function createPhoneHold(deps: {
  clock: Clock;
  /** Neither hears nor speaks, or does again. */
  pause: (on: boolean) => void;
  /** Somebody is there again, and may have said something already. */
  back: () => void;
  hangUp: () => void;
}): PhoneHold {
  let patience: Timer | undefined;
  const forget = (): void => {
    patience?.cancel();
    patience = undefined;
  };
  return {
    sound(what) {
      if (what === 'music') {
        patience ??= deps.clock.after(PATIENCE_MS, () => {
          forget();
          deps.hangUp();
        });
        deps.pause(true);
      } else if (what === 'music-ends' && patience !== undefined) {
        forget();
        deps.pause(false);
        deps.back();
      }
    },
    isOn: () => patience !== undefined,
    forget,
  };
}
