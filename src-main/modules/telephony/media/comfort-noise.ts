import { createSeededRandom } from '../../../base/seeded-random.ts';

/** What is heard while nobody speaks. */
interface ComfortNoise {
  /** Overwrites the frame. */
  write(frame: Float32Array): void;
}

/** About -63 dBFS: as much as a quiet line has. Digital silence sounds as if the call were lost. */
const NOISE_AMPLITUDE = 0.0016;
/** White noise hisses; a line's is darker. */
const DARKNESS = 0.6;

export function createComfortNoise(seed: string): ComfortNoise {
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
