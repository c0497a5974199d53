/** 0 before 0, 1 after 1, without corners between. */
export function ease(share: number): number {
  const inside = clamp(share, 0, 1);
  return inside * inside * (3 - 2 * inside);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** How far something that forgets with the time constant `tauMs` comes in `elapsedMs`, 0..1. */
export function approach(elapsedMs: number, tauMs: number): number {
  return 1 - Math.exp(-Math.max(0, elapsedMs) / tauMs);
}

/** A value that follows its target without overshoot and without a jump in its speed. */
export interface Spring {
  value: number;
  speed: number;
}

/** Moves a critically damped spring for `elapsedMs`, exactly, whatever the step. `frequency` in radians per second: 5 = there after about a second. */
export function follow(spring: Spring, target: number, elapsedMs: number, frequency: number): number {
  const seconds = Math.max(0, elapsedMs) / 1000;
  const away = spring.value - target;
  const push = spring.speed + frequency * away;
  const decay = Math.exp(-frequency * seconds);
  spring.value = target + (away + push * seconds) * decay;
  spring.speed = (spring.speed - frequency * push * seconds) * decay;
  return spring.value;
}

/** Slow wandering between -1 and 1 as a pure function of time: three sines whose periods never meet. */
export function wander(atMs: number, periodMs: number, phase: number): number {
  const turn = (2 * Math.PI * atMs) / periodMs;
  return 0.5 * Math.sin(turn + phase) + 0.3 * Math.sin(turn * 1.618 + phase * 2.3) + 0.2 * Math.sin(turn * 2.414 + phase * 4.1);
}
