import { levelDecibels } from '../../../platform/audio/index.ts';

/** Changes sound in place, frame by frame. */
export interface LevelControl {
  apply(frame: Float32Array): void;
}

export interface LevelRange {
  /** Speech between these is left as it is, dBFS. */
  lowDecibels: number;
  highDecibels: number;
  /** Most that is added or taken away, dB. */
  maxGainDecibels: number;
}

/** What callers are heard at: telephones differ by 30 dB, and recognition likes none of the extremes. */
export const INCOMING_LEVELS: LevelRange = { lowDecibels: -34, highDecibels: -10, maxGainDecibels: 15 };
/** What callers hear: neither a whisper nor a shout at the ear. */
export const OUTGOING_LEVELS: LevelRange = { lowDecibels: -27, highDecibels: -14, maxGainDecibels: 9 };

/** Below this nobody speaks: noise is not made louder. */
const SILENCE_DECIBELS = -50;
/** The level follows speech up within two frames and falls by 2 dB a second, so that pauses between words do not count. */
const RISE = 0.5;
const FALL_DECIBELS_PER_FRAME = 0.04;
/** 10 dB a second: not heard as a change. */
const GAIN_STEP_DECIBELS = 0.2;

export function createLevelControl({ lowDecibels, highDecibels, maxGainDecibels }: LevelRange): LevelControl {
  let level: number | undefined;
  let gainDecibels = 0;
  return {
    apply(frame) {
      const now = levelDecibels(frame);
      if (now > SILENCE_DECIBELS) {
        level ??= now;
        level = now > level ? level + (now - level) * RISE : Math.max(now, level - FALL_DECIBELS_PER_FRAME);
      }
      if (level === undefined) return;
      const wanted = level < lowDecibels ? lowDecibels - level : level > highDecibels ? highDecibels - level : 0;
      const limited = Math.max(-maxGainDecibels, Math.min(maxGainDecibels, wanted));
      const from = decibelsToFactor(gainDecibels);
      gainDecibels += Math.max(-GAIN_STEP_DECIBELS, Math.min(GAIN_STEP_DECIBELS, limited - gainDecibels));
      if (gainDecibels === 0 && from === 1) return;
      const to = decibelsToFactor(gainDecibels);
      for (let index = 0; index < frame.length; index += 1)
        frame[index] = (frame[index] ?? 0) * (from + ((to - from) * (index + 1)) / frame.length);
    },
  };
}

/** Peaks above this are held down: G.711 clips above -3 dBm0 or so, and clipping is heard as crackling. */
const CEILING = 0.8;
const RELEASE_MS = 60;

/** Holds down what is too loud at once and lets go slowly; anything below the ceiling passes unchanged. */
export function createLimiter(rateHz: number): LevelControl {
  const release = Math.exp(-1000 / (RELEASE_MS * rateHz));
  let envelope = 0;
  return {
    apply(frame) {
      for (let index = 0; index < frame.length; index += 1) {
        const sample = frame[index] ?? 0;
        envelope = Math.max(Math.abs(sample), envelope * release);
        if (envelope > CEILING) frame[index] = (sample * CEILING) / envelope;
      }
    },
  };
}

function decibelsToFactor(decibels: number): number {
  return 10 ** (decibels / 20);
}
