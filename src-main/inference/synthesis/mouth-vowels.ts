import type { Formants } from './formants.ts';

/** First and second formant of the five vowels that lips tell apart, in Hz, between a man's and a woman's (Peterson & Barney, 1952, rounded). */
export const MOUTH_VOWELS = {
  a: { first: 760, second: 1300 },
  e: { first: 520, second: 1850 },
  i: { first: 310, second: 2350 },
  o: { first: 500, second: 950 },
  u: { first: 340, second: 900 },
} as const satisfies Record<string, Formants>;

/** How different two mouths sound, in Bark; the second formant counts less, since it varies more between people. */
export function mouthDistance(left: Formants, right: Formants): number {
  return Math.hypot(bark(left.first) - bark(right.first), (bark(left.second) - bark(right.second)) / 1.5);
}

/** Traunmüller, 1990. */
function bark(hz: number): number {
  return (26.81 * hz) / (1960 + hz) - 0.53;
}
