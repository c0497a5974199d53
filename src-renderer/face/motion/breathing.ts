import { ease } from './curves.ts';

/** In, held, out, rest: a person who sits. */
const IN_MS = 1300;
const HELD_MS = 400;
const OUT_MS = 1500;
const REST_MS = 1300;
const BREATH_MS = IN_MS + HELD_MS + OUT_MS + REST_MS;

/** Fullness of the lungs, 0..1, at a time of one's own clock; `pace` 1 = 13 breaths a minute. */
export function breathAt(atMs: number, pace: number): number {
  const inside = (((atMs * pace) % BREATH_MS) + BREATH_MS) % BREATH_MS;
  if (inside < IN_MS) return ease(inside / IN_MS);
  return 1 - ease((inside - IN_MS - HELD_MS) / OUT_MS);
}
