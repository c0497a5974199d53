/** What a live face knows of its own frames, over the last minute of drawing. */
export interface FrameStats {
  frames: number;
  dropped: number;
  /** Frames in each second of full rate: the slowest twentieth, and the middle. 0 = no whole second yet. */
  fpsP5: number;
  fpsP50: number;
  /** Milliseconds on the page's own thread: the whole frame, and what of it made the motion. */
  drawMsP50: number;
  drawMsP95: number;
  motionMsP95: number;
}

export interface FrameLog {
  add(frame: { atMs: number; drawMs: number; motionMs: number; dropped: number }): void;
  /** Nothing is drawn from here to the next frame; this is no drop. */
  pause(): void;
  stats(): FrameStats;
}

const MAX_FRAMES = 1500;
const SECOND_MS = 1000;

export function createFrameLog(): FrameLog {
  let frames: { atMs: number; drawMs: number; motionMs: number; follows: boolean }[] = [];
  let dropped = 0;
  let count = 0;
  let follows = false;
  return {
    add({ atMs, drawMs, motionMs, dropped: missed }) {
      frames.push({ atMs, drawMs, motionMs, follows });
      if (frames.length > 2 * MAX_FRAMES) frames = frames.slice(-MAX_FRAMES);
      count += 1;
      if (follows) dropped += missed;
      follows = true;
    },
    pause() {
      follows = false;
    },
    stats() {
      const draws = sorted(frames.map(({ drawMs }) => drawMs));
      const rates = sorted(ratesOf(frames));
      return {
        frames: count,
        dropped,
        fpsP5: at(rates, 0.05),
        fpsP50: at(rates, 0.5),
        drawMsP50: at(draws, 0.5),
        drawMsP95: at(draws, 0.95),
        motionMsP95: at(sorted(frames.map(({ motionMs }) => motionMs)), 0.95),
      };
    },
  };
}

/** Frames per second in the second before each frame, where the face was drawn all that time. */
function ratesOf(frames: readonly { atMs: number; follows: boolean }[]): number[] {
  const rates: number[] = [];
  let first = 0;
  for (const [index, { atMs, follows }] of frames.entries()) {
    if (!follows) first = index;
    while ((frames[first + 1]?.atMs ?? Infinity) <= atMs - SECOND_MS) first += 1;
    const spanMs = atMs - (frames[first]?.atMs ?? atMs);
    if (spanMs >= SECOND_MS) rates.push(((index - first) * 1000) / spanMs);
  }
  return rates;
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((left, right) => left - right);
}

function at(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;
}
