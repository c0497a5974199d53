import type { LegStatistics } from '../telephony.ts';

/** Behind the grid by more than this is late. */
const LATE_MS = 5;
/** Lateness is counted in steps of a quarter of a millisecond, up to a quarter of a second. */
const STEPS_PER_MS = 4;
const STEPS = 1_000;

/** What is counted of one leg, in memory that does not grow with the call. */
export interface LegCounts {
  sent(behindMs: number): void;
  skipped(frames: number): void;
  underflow(): void;
  received(frame: Float32Array): void;
  statistics(): LegStatistics;
}

export function createLegCounts(legId: string): LegCounts {
  const histogram = new Uint32Array(STEPS);
  let framesSent = 0;
  let lateFrames = 0;
  let maxMs = 0;
  let underflows = 0;
  let framesReceived = 0;
  let power = 0;
  let samples = 0;

  const percentile = (share: number): number => {
    const wanted = Math.ceil(framesSent * share);
    let seen = 0;
    for (const [step, count] of histogram.entries()) {
      seen += count;
      if (seen >= wanted) return Math.min(maxMs, (step + 1) / STEPS_PER_MS);
    }
    return maxMs;
  };

  return {
    sent(behindMs) {
      const lateMs = Math.max(0, behindMs);
      framesSent += 1;
      if (lateMs > LATE_MS) lateFrames += 1;
      maxMs = Math.max(maxMs, lateMs);
      const step = Math.min(STEPS - 1, Math.floor(lateMs * STEPS_PER_MS));
      histogram[step] = (histogram[step] ?? 0) + 1;
    },
    skipped: (frames) => void (lateFrames += frames),
    underflow: () => void (underflows += 1),
    received(frame) {
      framesReceived += 1;
      for (const sample of frame) power += sample * sample;
      samples += frame.length;
    },
    statistics: () => ({
      legId,
      framesSent,
      lateFrames,
      underflows,
      framesReceived,
      latenessMs: framesSent === 0 ? { p50: 0, p95: 0, max: 0 } : { p50: percentile(0.5), p95: percentile(0.95), max: maxMs },
      receivedDecibels: samples === 0 ? null : Math.max(-100, 10 * Math.log10(power / samples + 1e-10)),
    }),
  };
}
