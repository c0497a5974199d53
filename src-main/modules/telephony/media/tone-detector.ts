import { rootMeanSquare } from '../../../platform/audio/index.ts';
import { FRAME_MS } from './leg-line.ts';

/** Hears a pure tone that goes on. */
export interface ToneDetector {
  /** One frame; true once, when the tone has lasted long enough. */
  hear(frame: Float32Array, rateHz: number): boolean;
}

/** A calling fax sends 1100 Hz for half a second (ITU-T T.30), one that is called, and modems, 2100 Hz for longer (T.30, V.25). */
const FREQUENCIES_HZ = [1_100, 2_100];
/** The half second, less what the edges of frames take of it. */
const ENOUGH_MS = 440;
/** Of all that is heard; speech has it elsewhere, too. */
const SHARE = 0.8;
const QUIETEST = 0.004;
/** V.25 turns the phase every 450 ms: a frame in which that happens is no end of the tone. */
const MAX_MISSES = 2;

export function createToneDetector(): ToneDetector {
  const runs = FREQUENCIES_HZ.map((frequencyHz) => ({ frequencyHz, frames: 0, misses: 0, told: false }));
  return {
    hear(frame, rateHz) {
      let isFound = false;
      const level = rootMeanSquare(frame);
      for (const run of runs) {
        const isTone = level > QUIETEST && toneShare(frame, run.frequencyHz, rateHz, level) > SHARE;
        if (isTone) {
          run.frames += 1;
          run.misses = 0;
        } else if (++run.misses > MAX_MISSES) {
          run.frames = 0;
          run.told = false;
        }
        if (run.told || run.frames * FRAME_MS < ENOUGH_MS) continue;
        run.told = true;
        isFound = true;
      }
      return isFound;
    },
  };
}

/** Share of the sound's power that lies at the frequency (Goertzel's algorithm), 0..1. */
function toneShare(frame: Float32Array, frequencyHz: number, rateHz: number, level: number): number {
  const omega = (2 * Math.PI * frequencyHz) / rateHz;
  const coefficient = 2 * Math.cos(omega);
  let before = 0;
  let beforeThat = 0;
  for (const sample of frame) {
    const now = sample + coefficient * before - beforeThat;
    beforeThat = before;
    before = now;
  }
  const power = before * before + beforeThat * beforeThat - coefficient * before * beforeThat;
  // A sine of this level has the power (N · amplitude / 2)², and amplitude² is twice its mean square.
  return power / ((frame.length * frame.length * level * level) / 2);
}
