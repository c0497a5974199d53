import { createResampler, type Resampler } from '../../../platform/audio/index.ts';

/** Sound of any rate that waits to be heard at one. It is brought to that rate piece by piece, as it is needed: a long one would hold up all legs. */
export interface SoundQueue {
  add(samples: Float32Array, sampleRateHz: number): void;
  /** Nothing more will be added: the last samples come out of the filter, too. */
  end(): void;
  /** Fills the front of `target`; returns how much of it. Less than all = there is no more now. */
  read(target: Float32Array): number;
}

/** Work at once, in samples of the source: about a frame. */
const PULL_SAMPLES = 512;

export function createSoundQueue(toHz: number): SoundQueue {
  const pieces: { samples: Float32Array; sampleRateHz: number; taken: number }[] = [];
  let ready: Float32Array = new Float32Array(0);
  let resampler: Resampler | undefined;
  let fromHz = 0;
  let isEnded = false;

  /** False when nothing is left to be had. */
  const pull = (): boolean => {
    const piece = pieces[0];
    if (!piece || (resampler && piece.sampleRateHz !== fromHz)) {
      if (!resampler || (!piece && !isEnded)) return false;
      ready = resampler.flush();
      resampler = undefined;
      return true;
    }
    if (!resampler) {
      resampler = createResampler(piece.sampleRateHz, toHz);
      fromHz = piece.sampleRateHz;
    }
    const end = Math.min(piece.samples.length, piece.taken + PULL_SAMPLES);
    ready = resampler.push(piece.samples.subarray(piece.taken, end));
    piece.taken = end;
    if (end === piece.samples.length) pieces.shift();
    return true;
  };

  return {
    add(samples, sampleRateHz) {
      if (samples.length > 0 && !isEnded) pieces.push({ samples, sampleRateHz, taken: 0 });
    },
    end: () => void (isEnded = true),
    read(target) {
      let filled = 0;
      while (filled < target.length) {
        if (ready.length === 0) {
          if (!pull()) break;
          continue;
        }
        const count = Math.min(ready.length, target.length - filled);
        target.set(ready.subarray(0, count), filled);
        ready = ready.subarray(count);
        filled += count;
      }
      return filled;
    },
  };
}
