import { createResampler } from '../../../platform/audio/index.ts';
import { frameSamples } from './leg-line.ts';

/** Whole frames in, whole frames out. */
export interface FrameResampler {
  push(frame: Float32Array): Float32Array;
}

/** The filter keeps a few milliseconds back, once: the first frame begins with so much silence. Rates must divide into whole samples per frame. */
export function createFrameResampler(fromHz: number, toHz: number): FrameResampler {
  if (fromHz === toHz) return { push: (frame) => frame };
  const resampler = createResampler(fromHz, toHz);
  const length = frameSamples(toHz);
  let held: Float32Array = new Float32Array(0);
  return {
    push(frame) {
      const made = resampler.push(frame);
      const missing = Math.max(0, length - held.length - made.length);
      const joined = new Float32Array(missing + held.length + made.length);
      joined.set(held, missing);
      joined.set(made, missing + held.length);
      held = joined.subarray(length);
      return joined.subarray(0, length);
    },
  };
}
