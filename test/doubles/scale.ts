import { joinSamples } from '../../src-main/platform/audio/index.ts';
import { tone, toneDecibels } from './tones.ts';

/* A scale: what is left of it shows whether everything has come, and in its order. */

const STEP_MS = 200;
const FREQUENCIES_HZ = Array.from({ length: 20 }, (_, step) => 400 + step * 120);
const LEVEL = -15;

export const SCALE_STEPS = FREQUENCIES_HZ.length;
/** Of 20 ms. */
const SCALE_FRAMES = (SCALE_STEPS * STEP_MS) / 20;

export const scale = (rateHz: number): Float32Array =>
  joinSamples(FREQUENCIES_HZ.map((frequencyHz) => tone(frequencyHz, STEP_MS, rateHz, LEVEL)));

/** Which step of the scale each frame of 20 ms is, those left out in which there is none at its full level: what was made up in the place of lost sound is softer. */
export function stepsIn(samples: Float32Array, rateHz: number): number[] {
  const length = rateHz / 50;
  const steps: number[] = [];
  for (let start = 0; start + length <= samples.length; start += length) {
    const frame = samples.subarray(start, start + length);
    const levels = FREQUENCIES_HZ.map((frequencyHz) => toneDecibels(frame, frequencyHz, rateHz));
    const loudest = Math.max(...levels);
    if (loudest > LEVEL - 2.5) steps.push(levels.indexOf(loudest));
  }
  return steps;
}

/** What is wrong with it; empty = every step is there, in its order, and as long as it was said, to a quarter: frames that lie on an edge count for none. */
export function faultsOf(steps: readonly number[]): string[] {
  const faults: string[] = [];
  const back = steps.filter((step, index) => step < (steps[index - 1] ?? 0)).length;
  if (back > 0) faults.push(`${back} frames are behind a later one`);
  const missing = SCALE_STEPS - new Set(steps).size;
  if (missing > 0) faults.push(`${missing} steps are missing`);
  if (Math.abs(steps.length - SCALE_FRAMES) > SCALE_FRAMES / 4) faults.push(`${steps.length} frames instead of ${SCALE_FRAMES}`);
  return faults;
}
