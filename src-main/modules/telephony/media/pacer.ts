import type { Clock, Timer } from '../../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../../base/dispose.ts';
import { FRAME_MS } from './leg-line.ts';

/** Done at each of a leg's places on its grid of 20 ms. `dueMs`: where the place is, on the clock. */
export type PacedWork = (dueMs: number) => void;

/**
 * The clockwork of all legs. Every deadline is counted from the first, never from the moment at which the timer happened to fire, so that a late
 * tick does not make the next one late (with `setInterval` half of the frames are more than 20 ms behind on this machine, with this none). Each leg has
 * places of its own, spread over the 20 ms: at the same one, the tenth leg would always wait for the work of nine.
 */
export interface Pacer extends Disposable {
  /** Runs at each place from now on. `onSkipped` is told how many places could not be kept any more. */
  add(work: PacedWork, onSkipped: (frames: number) => void): Unsubscribe;
  dispose(): void;
}

interface Member {
  work: PacedWork;
  onSkipped: (frames: number) => void;
  dueMs: number;
  timer: Timer | undefined;
}

/** Whoever stood still for longer does not send all of that at once: Asterisk would throw it away. */
const MAX_CATCH_UP_FRAMES = 5;
/** Timers keep whole milliseconds; so much too early is on time. */
const EARLY_MS = 0.5;
/** From one leg to the next, as a share of a frame: by the golden ratio any number of them lies evenly, whichever have gone. */
const SPREAD = (Math.sqrt(5) - 1) / 2;

export function createPacer({ clock, onError }: { clock: Clock; onError: (error: unknown) => void }): Pacer {
  const members = new Set<Member>();
  let added = 0;

  /** The next place on the grid that the next leg is given. */
  const firstPlaceMs = (): number => {
    const phaseMs = Math.floor(((added * SPREAD) % 1) * FRAME_MS);
    added += 1;
    return (Math.floor((clock.nowMs() - phaseMs) / FRAME_MS) + 1) * FRAME_MS + phaseMs;
  };

  const arm = (member: Member): void => {
    member.timer = clock.after(Math.max(0, Math.floor(member.dueMs - clock.nowMs())), () => tick(member));
  };

  const tick = (member: Member): void => {
    const behindFrames = Math.floor((clock.nowMs() - member.dueMs) / FRAME_MS);
    if (behindFrames > MAX_CATCH_UP_FRAMES) {
      const skipped = behindFrames - 1;
      member.dueMs += skipped * FRAME_MS;
      member.onSkipped(skipped);
    }
    while (members.has(member) && member.dueMs <= clock.nowMs() + EARLY_MS) {
      try {
        member.work(member.dueMs);
      } catch (error) {
        onError(error);
      }
      member.dueMs += FRAME_MS;
    }
    if (members.has(member)) arm(member);
  };

  return {
    add(work, onSkipped) {
      const member: Member = { work, onSkipped, dueMs: firstPlaceMs(), timer: undefined };
      members.add(member);
      arm(member);
      return () => {
        members.delete(member);
        member.timer?.cancel();
      };
    },
    dispose() {
      for (const { timer } of members) timer?.cancel();
      members.clear();
    },
  };
}
