import type { Clock, Timer } from '../../../base/clock.ts';

/** What a device has said, made into a decision. Normally closed: whatever keeps the line from being known as closed is a press. */
export interface ButtonLine {
  pressed(): void;
  released(): void;
  /** Unplugged, end of file, read error. */
  lost(why: string): void;
  close(): void;
}

/** A press that is taken back sooner was a contact that bounced. */
const DEBOUNCE_MS = 30;
/** A device that has once said by itself that all is well must go on saying so. */
const SILENCE_LIMIT_MS = 3_000;

export function createButtonLine({
  clock,
  onStop,
}: {
  clock: Clock;
  onStop: (reason: 'button' | 'button-lost', why: string) => void;
}): ButtonLine {
  let debounce: Timer | undefined;
  let silence: Timer | undefined;
  let isClosed = false;
  let isLost = false;
  const lost = (why: string): void => {
    if (isClosed || isLost) return;
    isLost = true;
    silence?.cancel();
    onStop('button-lost', why);
  };
  return {
    pressed() {
      if (isClosed || debounce !== undefined) return;
      debounce = clock.after(DEBOUNCE_MS, () => {
        debounce = undefined;
        onStop('button', '');
      });
    },
    released() {
      if (isClosed) return;
      debounce?.cancel();
      debounce = undefined;
      silence?.cancel();
      silence = clock.after(SILENCE_LIMIT_MS, () => lost('silent'));
    },
    lost,
    close() {
      isClosed = true;
      debounce?.cancel();
      silence?.cancel();
    },
  };
}
