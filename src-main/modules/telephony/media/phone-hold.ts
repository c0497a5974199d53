import type { Clock, Timer } from '../../../base/clock.ts';

/**
 * The other end has put us on hold and plays music: it is neither talked to nor listened to, and what is sung is no question.
 *
 *   talking --music--> waiting --music ends--> "I am still here." --> talking
 *                         '--10 min--> hang up
 */
export interface PhoneHold {
  music(on: boolean): void;
  isOn(): boolean;
  dispose(): void;
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
  const end = (): void => {
    patience?.cancel();
    patience = undefined;
  };
  return {
    music(on) {
      if (on === (patience !== undefined)) return;
      if (on) {
        patience = deps.clock.after(PATIENCE_MS, () => {
          end();
          deps.hangUp();
        });
        deps.pause(true);
        return;
      }
      end();
      deps.pause(false);
      deps.back();
    },
    isOn: () => patience !== undefined,
    dispose: end,
  };
}
