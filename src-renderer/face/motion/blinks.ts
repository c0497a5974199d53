import { ease } from './curves.ts';
import type { Random } from './random.ts';

/** Closed for longer than the 40 ms between two frames, so that every blink is seen shut. */
const CLOSE_MS = 60;
const SHUT_MS = 50;
const OPEN_MS = 130;
const BLINK_MS = CLOSE_MS + SHUT_MS + OPEN_MS;
const DOUBLE_SHARE = 0.15;
const DOUBLE_GAP_MS = 120;

export interface Blinks {
  /** How far the lids are closed, 0..1. Times never run backwards. */
  at(atMs: number): number;
  /** Blinks now unless it did so a moment ago: eyes that jump far or a speaker who stops blink more often. */
  provoke(atMs: number): void;
  /** When the next blink begins, or `atMs` while one is under way. */
  quickAtMs(atMs: number): number;
}

/** Every 1 to 8 s, more often after 2 to 5, one in seven twice. */
export function createBlinks(random: Random): Blinks {
  let startMs: number | undefined;
  let isSecond = false;
  const gap = (): number => 1000 + 7000 * random.next() ** 1.5 * (0.6 + 0.4 * random.next());
  const schedule = (afterMs: number): void => {
    isSecond = !isSecond && random.happens(DOUBLE_SHARE);
    startMs = afterMs + (isSecond ? DOUBLE_GAP_MS : gap());
  };
  return {
    at(atMs) {
      startMs ??= atMs + gap();
      if (atMs > startMs + BLINK_MS) schedule(Math.max(startMs + BLINK_MS, atMs - BLINK_MS));
      return lidsClosed(atMs - startMs);
    },
    provoke(atMs) {
      if (startMs !== undefined && atMs < startMs - 400 && random.happens(0.45)) startMs = atMs;
    },
    quickAtMs: (atMs) => Math.max(atMs, startMs ?? atMs),
  };
}

/** Lids fall faster than they rise. */
function lidsClosed(sinceMs: number): number {
  if (sinceMs <= 0 || sinceMs >= BLINK_MS) return 0;
  if (sinceMs < CLOSE_MS) return ease(sinceMs / CLOSE_MS);
  return 1 - ease((sinceMs - CLOSE_MS - SHUT_MS) / OPEN_MS);
}
