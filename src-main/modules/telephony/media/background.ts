import { createSeededRandom } from '../../../base/seeded-random.ts';

/** What is heard while nobody speaks. */
export interface Background {
  /** Overwrites the frame. */
  write(frame: Float32Array): void;
}

/** About -63 dBFS: as much as a quiet line has. Digital silence sounds as if the call were lost. */
const NOISE_AMPLITUDE = 0.0016;
/** White noise hisses; a line's is darker. */
const DARKNESS = 0.6;

export function createComfortNoise(seed: string): Background {
  const random = createSeededRandom(seed);
  let last = 0;
  return {
    write(frame) {
      for (let index = 0; index < frame.length; index += 1) {
        last = last * DARKNESS + (random() * 2 - 1) * NOISE_AMPLITUDE * (1 - DARKNESS) * 2;
        frame[index] = last;
      }
    },
  };
}

/** Ringing as callers in Europe know it: 425 Hz, a second on and four off (ITU-T E.180). */
export function createRingback(rateHz: number): Background {
  const AMPLITUDE = 0.1;
  const FREQUENCY_HZ = 425;
  const onSamples = rateHz;
  const cycleSamples = rateHz * 5;
  const edgeSamples = rateHz / 100;
  let position = 0;
  return {
    write(frame) {
      for (let index = 0; index < frame.length; index += 1) {
        const edge = Math.max(0, Math.min(1, position / edgeSamples, (onSamples - position) / edgeSamples));
        frame[index] = edge * AMPLITUDE * Math.sin((2 * Math.PI * FREQUENCY_HZ * position) / rateHz);
        position = (position + 1) % cycleSamples;
      }
    },
  };
}
