import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createWhisperFeatures,
  FEATURE_BANDS,
  FEATURE_FRAMES,
  FEATURE_SAMPLES,
} from '../../../../src-main/inference/onnx/whisper-features.ts';
import { FRAME_STEP, referenceSounds } from '../../../doubles/reference-sounds.ts';

const sounds = referenceSounds();
const features = createWhisperFeatures();
/** Largest distance between numbers at the same place. */
function farthest(left: ArrayLike<number>, right: ArrayLike<number>): number {
  expect(left.length).toBe(right.length);
  let distance = 0;
  for (let index = 0; index < left.length; index += 1) distance = Math.max(distance, Math.abs((left[index] ?? 0) - (right[index] ?? NaN)));
  return distance;
}

describe('createWhisperFeatures', () => {
  it.each(sounds.map((sound) => [sound.name, sound] as const))(
    'gives the numbers of the reference, to the last digit: %s',
    (_name, reference) => {
      const ours = features.compute(reference.samples);
      const frameOf = (frame: number): Float32Array =>
        Float32Array.from({ length: FEATURE_BANDS }, (_, band) => ours[band * FEATURE_FRAMES + frame] ?? NaN);
      expect(reference.frames.map((_, index) => frameOf(index * FRAME_STEP))).toEqual(reference.frames);
      expect(createHash('sha256').update(new Uint8Array(ours.buffer)).digest('hex')).toBe(reference.featuresSha256);
    },
  );

  it('looks at the last 8 s only', () => {
    const long = sounds.find(({ name }) => name === 'long babble')?.samples ?? new Float32Array(0);
    expect(long.length).toBeGreaterThan(FEATURE_SAMPLES);
    const whole = features.compute(long).slice();
    expect(features.compute(long.subarray(long.length - FEATURE_SAMPLES))).toEqual(whole);
  });

  it('takes zeros in front for the sound that is not there', () => {
    const short = sounds[0]?.samples ?? new Float32Array(0);
    const padded = new Float32Array(FEATURE_SAMPLES);
    padded.set(short, FEATURE_SAMPLES - short.length);
    const whole = features.compute(padded).slice();
    expect(features.compute(short)).toEqual(whole);
  });

  it('does not depend on loudness', () => {
    const sound = sounds[0]?.samples ?? new Float32Array(0);
    const whole = features.compute(sound).slice();
    expect(farthest(features.compute(sound.map((sample) => sample / 4)), whole)).toBeLessThan(1e-3);
  });

  it('remembers nothing of the sound before', () => {
    const sound = sounds[0]?.samples ?? new Float32Array(0);
    const fresh = createWhisperFeatures().compute(sound).slice();
    features.compute(sounds.at(3)?.samples ?? new Float32Array(0));
    expect(features.compute(sound)).toEqual(fresh);
  });

  it('is finite and spans at most eight decades for any sound, nothing at all included', () => {
    const anySound = fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 4_000 });
    fc.assert(
      fc.property(anySound, (sound) => {
        const ours = features.compute(sound);
        let [low, high] = [Infinity, -Infinity];
        for (const value of ours) [low, high] = [Math.min(low, value), Math.max(high, value)];
        expect(ours.every(Number.isFinite)).toBe(true);
        expect(high - low).toBeLessThanOrEqual(2 + 1e-6);
      }),
      { numRuns: 25 },
    );
  });
});
