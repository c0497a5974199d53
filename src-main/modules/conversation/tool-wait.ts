import type { Clock, Timer } from '../../base/clock.ts';

/** What an answer knows of the tools that run for it. */
export interface ToolWait {
  /** Tools begin to run, or have come to their end. */
  tell(running: boolean): void;
  isRunning(): boolean;
  /** Something was done that cannot be taken back by forgetting the question. */
  hasActed(): boolean;
  end(): void;
}

/** After so long without a word people ask themselves whether anybody is there. */
const PATIENCE_MS = 1_200;

/** `onPatienceOver` is called at most once in the life of an answer. */
export function createToolWait(clock: Clock, onPatienceOver: () => void): ToolWait {
  let patience: Timer | undefined;
  let running = false;
  let acted = false;
  let told = false;
  return {
    tell(value) {
      running = value;
      patience?.cancel();
      patience = undefined;
      if (!value) return;
      acted = true;
      if (told) return;
      patience = clock.after(PATIENCE_MS, () => {
        told = true;
        onPatienceOver();
      });
    },
    isRunning: () => running,
    hasActed: () => acted,
    end() {
      running = false;
      patience?.cancel();
    },
  };
}
