import { clamp, ease } from './curves.ts';
import type { Random } from './random.ts';
import type { Activity, Temper } from './temper.ts';

/** A direction, degrees, signs as in `MotionFrame.gaze`. (0, 0) = into the viewer's eyes. */
export interface Direction {
  yaw: number;
  pitch: number;
}

export interface Glances {
  /** Where the eyes point in the room (not in the head) at `atMs`. */
  at(atMs: number, activity: Activity, attention: Direction | undefined): Direction;
  /** When the eyes jump next, or `atMs` while they do. */
  quickAtMs(atMs: number): number;
}

/** How a glance is chosen: how often it leaves the viewer, for how long, and how long it rests on the viewer between two small shifts. */
interface Habit {
  away: number;
  awayMs: readonly [number, number];
  contactMs: readonly [number, number];
}

/** People look at a listener about 40 % of the time while they speak and 75 % while they listen (Argyle & Cook 1976); a face on a screen looks shy below 75 %. */
const HABITS: Record<Activity, Habit> = {
  idle: { away: 0.22, awayMs: [700, 1700], contactMs: [900, 2600] },
  listening: { away: 0.05, awayMs: [350, 700], contactMs: [900, 2200] },
  thinking: { away: 0.8, awayMs: [900, 2000], contactMs: [450, 900] },
  speaking: { away: 0.2, awayMs: [350, 850], contactMs: [700, 2000] },
};

/** From eye to eye and to the mouth of someone who sits before the screen. */
const CONTACT_POINTS: readonly Direction[] = [
  { yaw: -1.3, pitch: -0.3 },
  { yaw: 1.3, pitch: -0.3 },
  { yaw: 0, pitch: 1.4 },
  { yaw: 0, pitch: 0 },
];

/** Jumps beyond this are often hidden in a blink. */
const FAR_DEGREES = 9;
const LONGEST_JUMP_MS = 90;
/** A new activity turns the eyes within this time. */
const NOTICE_MS: Record<Activity, number> = { idle: 600, listening: 90, thinking: 280, speaking: 120 };

/** Fixations and the jumps between them. `onFarJump` is called when one begins. */
export function createGlances(random: Random, temper: Temper, onFarJump: (atMs: number) => void): Glances {
  let from: Direction = { yaw: 0, pitch: 0 };
  let to: Direction = { yaw: 0, pitch: 0 };
  let jumpMs = -Infinity;
  let nextMs: number | undefined;
  let last: Activity | undefined;
  let isAway = false;
  /** Somebody who thinks looks to one side as long as the thought lasts. */
  let side = random.happens(0.5) ? 1 : -1;

  const at = (atMs: number): Direction => {
    const distance = Math.hypot(to.yaw - from.yaw, to.pitch - from.pitch);
    // Length of a saccade: 21 ms and 2.2 ms per degree (Carpenter 1988).
    const share = ease((atMs - jumpMs) / (21 + 2.2 * distance));
    return { yaw: from.yaw + (to.yaw - from.yaw) * share, pitch: from.pitch + (to.pitch - from.pitch) * share };
  };

  const pick = (activity: Activity, attention: Direction | undefined): Direction => {
    const habit = HABITS[activity];
    // Never twice aside in a row, except in thought.
    isAway = random.happens(habit.away) && (!isAway || activity === 'thinking');
    if (!isAway) {
      const point = CONTACT_POINTS[Math.floor(random.next() * CONTACT_POINTS.length)] ?? { yaw: 0, pitch: 0 };
      return { yaw: point.yaw + random.between(-0.4, 0.4), pitch: point.pitch + random.between(-0.3, 0.3) };
    }
    if (activity === 'thinking') return { yaw: side * random.between(7, 14), pitch: random.between(-10, -3) };
    if (activity === 'idle' && attention && random.happens(0.6)) {
      return { yaw: clamp(attention.yaw, -16, 16), pitch: clamp(attention.pitch, -10, 10) };
    }
    const reach = activity === 'speaking' ? random.between(4, 9) : random.between(5, 13);
    return { yaw: (random.happens(0.5) ? 1 : -1) * reach, pitch: random.between(-4, 5) };
  };

  const jump = (atMs: number, activity: Activity, attention: Direction | undefined): void => {
    from = at(atMs);
    to = pick(activity, attention);
    jumpMs = atMs;
    const [low, high] = isAway ? HABITS[activity].awayMs : HABITS[activity].contactMs;
    nextMs = atMs + random.between(low, high) / temper.pace;
    if (Math.hypot(to.yaw - from.yaw, to.pitch - from.pitch) > FAR_DEGREES) onFarJump(atMs);
  };

  return {
    at(atMs, activity, attention) {
      if (activity !== last) {
        nextMs = atMs + (last === undefined ? 600 : NOTICE_MS[activity]);
        // The listener is looked at whatever came before; a thought begins with a look aside.
        isAway = activity !== 'thinking';
        side = random.happens(0.5) ? 1 : -1;
        last = activity;
      }
      if (nextMs === undefined || atMs >= nextMs) jump(atMs, activity, attention);
      return at(atMs);
    },
    quickAtMs: (atMs) => (atMs - jumpMs < LONGEST_JUMP_MS ? atMs : (nextMs ?? atMs)),
  };
}
