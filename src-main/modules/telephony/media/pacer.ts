import type { Clock, Timer } from '../../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../../base/dispose.ts';
import { FRAME_MS } from './leg-line.ts';

/** Done at each place on the grid of 20 ms: what must leave on time is sent for everybody first, the rest comes after that. */
export interface PacedWork {
  /** `dueMs`: where the place is, on the clock. */
  send(dueMs: number): void;
  after(): void;
}

/**
 * One clockwork for all legs. Every deadline is counted from the first, never from the moment at which the timer happened to fire, so that a late
 * tick does not make the next one late (with `setInterval` half of the frames are more than 20 ms behind on this machine, with this none).
 */
export interface Pacer extends Disposable {
  /** Runs at each place from now on. `onSkipped` is told how many places could not be kept any more. */
  add(work: PacedWork, onSkipped: (frames: number) => void): Unsubscribe;
  dispose(): void;
}

/** Whoever stood still for longer does not send all of that at once: Asterisk would throw it away. */
const MAX_CATCH_UP_FRAMES = 5;
/** Timers keep whole milliseconds; so much too early is on time. */
const EARLY_MS = 0.5;

export function createPacer({ clock, onError }: { clock: Clock; onError: (error: unknown) => void }): Pacer {
  const members = new Map<PacedWork, (frames: number) => void>();
  let dueMs = 0;
  let timer: Timer | undefined;

  const arm = (): void => {
    timer = clock.after(Math.max(0, Math.floor(dueMs - clock.nowMs())), tick);
  };

  const each = (run: (work: PacedWork) => void): void => {
    for (const work of members.keys()) {
      try {
        run(work);
      } catch (error) {
        onError(error);
      }
    }
  };

  const tick = (): void => {
    timer = undefined;
    const behindFrames = Math.floor((clock.nowMs() - dueMs) / FRAME_MS);
    if (behindFrames > MAX_CATCH_UP_FRAMES) {
      const skipped = behindFrames - 1;
      dueMs += skipped * FRAME_MS;
      for (const onSkipped of members.values()) onSkipped(skipped);
    }
    while (members.size > 0 && dueMs <= clock.nowMs() + EARLY_MS) {
      each((work) => work.send(dueMs));
      each((work) => work.after());
      dueMs += FRAME_MS;
    }
    if (members.size > 0) arm();
  };

  return {
    add(work, onSkipped) {
      members.set(work, onSkipped);
      if (!timer && members.size === 1) {
        dueMs = clock.nowMs() + FRAME_MS;
        arm();
      }
      return () => {
        members.delete(work);
        if (members.size > 0) return;
        timer?.cancel();
        timer = undefined;
      };
    },
    dispose() {
      members.clear();
      timer?.cancel();
      timer = undefined;
    },
  };
}
