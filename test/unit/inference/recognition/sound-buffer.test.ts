import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSoundBuffer } from '../../../../src-main/inference/recognition/sound-buffer.ts';

const numbers = new Float32Array(2_000_000);
for (let index = 0; index < numbers.length; index += 1) numbers[index] = index;
/** Samples that are their own number. */
const numbered = (from: number, count: number): Float32Array => numbers.subarray(from, from + count);

type Step = { step: 'append'; count: number } | { step: 'forget'; before: number } | { step: 'slice'; from: number; count: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ step: fc.constant<'append'>('append'), count: fc.integer({ min: 0, max: 90_000 }) }),
    fc.record({ step: fc.constant<'forget'>('forget'), before: fc.integer({ min: -10, max: 500_000 }) }),
    fc.record({
      step: fc.constant<'slice'>('slice'),
      from: fc.integer({ min: -10, max: 500_000 }),
      count: fc.integer({ min: -10, max: 50_000 }),
    }),
  ),
  { maxLength: 20 },
);

describe('createSoundBuffer', () => {
  it('gives what was asked for by its number since the session began, less what was forgotten or has not come', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const sound = createSoundBuffer();
        let past = 0;
        let first = 0;
        for (const step of script) {
          if (step.step === 'append') {
            sound.append(numbered(past, step.count));
            past += step.count;
          } else if (step.step === 'forget') {
            sound.forgetBefore(step.before);
            first = Math.min(past, Math.max(first, step.before));
          } else {
            const from = Math.max(step.from, first);
            const slice = sound.slice(step.from, step.from + step.count);
            const wanted = Math.max(0, Math.min(step.from + step.count, past) - from);
            expect(slice.length).toBe(wanted);
            expect([slice[0], slice.at(-1)]).toEqual(wanted === 0 ? [undefined, undefined] : [from, from + wanted - 1]);
          }
          expect(sound.length()).toBe(past);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('hands out copies', () => {
    const sound = createSoundBuffer();
    sound.append(numbered(0, 10));
    sound.slice(0, 10).fill(7);
    expect(sound.slice(0, 3)).toEqual(numbered(0, 3));
  });

  it('goes on counting through ten hours of sound of which it keeps a second', () => {
    const sound = createSoundBuffer();
    const second = new Float32Array(16_000);
    for (let past = 16_000; past <= 36_000 * 16_000; past += 16_000) {
      sound.append(second);
      sound.forgetBefore(past - 16_000);
    }
    expect(sound.length()).toBe(36_000 * 16_000);
    expect(sound.slice(0, Number.POSITIVE_INFINITY).length).toBe(16_000);
  });
});
