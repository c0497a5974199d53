/** What a row of drawn frames says about their smoothness. */
export interface FrameRates {
  /** Frames in each whole second, per s. */
  perSecond: number[];
  /** Frames that were wanted: one per period from the first to the last. */
  wanted: number;
  /** Of those, the ones that no drawing came for. */
  dropped: number;
}

/**
 * Counts frames from the times at which they were drawn, ms, in order. A gap of n and a half periods has dropped n − 1 frames at most: a screen that is
 * repainted 60 times a second shows a rate of 25 in steps of 33 and 50 ms, which drops none.
 */
export function frameRates(atMs: readonly number[], periodMs: number): FrameRates {
  const first = atMs[0];
  const last = atMs.at(-1);
  if (first === undefined || last === undefined) return { perSecond: [], wanted: 0, dropped: 0 };
  const seconds = Math.floor((last - first) / 1000);
  const perSecond = Array.from({ length: seconds }, () => 0);
  let dropped = 0;
  for (const [index, time] of atMs.entries()) {
    const second = Math.floor((time - first) / 1000);
    if (second < seconds) perSecond[second] = (perSecond[second] ?? 0) + 1;
    const before = atMs[index - 1];
    if (before !== undefined) dropped += Math.max(0, Math.floor((time - before) / periodMs - 0.5));
  }
  return { perSecond, wanted: Math.round((last - first) / periodMs), dropped };
}
