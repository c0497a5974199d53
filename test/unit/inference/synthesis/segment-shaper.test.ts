import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSegmentShaper } from '../../../../src-main/inference/synthesis/segment-shaper.ts';
import type { PhonemeSpan } from '../../../../src-main/inference/synthesis/voice.ts';
import { joinSamples } from '../../../../src-main/platform/audio/index.ts';

const RATE_HZ = 16_000;
const LEAD = 128;
const AUDIBLE = 0.005;

function setUp(gain = 1) {
  const pieces: Float32Array[] = [];
  const shaper = createSegmentShaper({ sampleRateHz: RATE_HZ, gain, onSamples: (samples) => void pieces.push(samples) });
  return { shaper, pieces, sound: () => joinSamples(pieces) };
}

const level = (value: number, count: number): Float32Array => new Float32Array(count).fill(value);
const span = (symbol: string, start: number, end: number, word = 0): PhonemeSpan => ({ symbol, start, end, word });
const firstLoud = (samples: Float32Array): number => samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);

describe('createSegmentShaper', () => {
  it('cuts the silence in front, but for a soft onset, and puts the pause asked for behind', () => {
    const { shaper, sound } = setUp();
    shaper.push(joinSamples([level(0, 4_000), level(0.5, 1_600), level(0, 9_000)]));
    shaper.endSentence([], 100);
    expect(sound().length).toBe(LEAD + 1_600 + 1_600);
    expect(firstLoud(sound())).toBe(LEAD);
    expect(shaper.sentSamples()).toBe(sound().length);
  });

  it('stretches the silence behind when the voice made too little of it', () => {
    const { shaper, sound } = setUp();
    shaper.push(level(0.5, 1_600));
    shaper.endSentence([], 250);
    expect(sound().length).toBe(1_600 + 4_000);
    expect(
      sound()
        .subarray(1_600)
        .every((sample) => sample === 0),
    ).toBe(true);
  });

  it('hands on at once what can be heard, and holds silence until it knows what follows', () => {
    const { shaper, sound } = setUp();
    shaper.push(joinSamples([level(0.5, 800), level(0.001, 400)]));
    expect(sound().length).toBe(800);
    shaper.push(joinSamples([level(0.001, 400), level(0.5, 100)]));
    expect(sound().length).toBe(800 + 800 + 100);
  });

  it('brings the voice to the gain asked for and bends what is too loud instead of clipping it', () => {
    const { shaper, sound } = setUp(2);
    shaper.push(Float32Array.of(0.1, 0.4, -0.4, 0.6, -0.6, 5, -5, Number.NaN, Number.POSITIVE_INFINITY, 0.4));
    shaper.endSentence([], 0);
    const [quiet, loud, negative, bent = 0, mirrored = 0, most = 0, least = 0, broken, endless = 0] = sound();
    expect(quiet).toBeCloseTo(0.2, 6);
    expect(loud).toBeCloseTo(0.8, 6);
    expect(negative).toBeCloseTo(-0.8, 6);
    expect(bent).toBeGreaterThan(0.9);
    expect(mirrored).toBe(-bent);
    expect(most).toBeGreaterThan(bent);
    expect([most, least, endless].every((sample) => Math.abs(sample) < 1)).toBe(true);
    expect(broken).toBe(0);
  });

  it('begins and ends without a click', () => {
    const { shaper, sound } = setUp();
    shaper.push(joinSamples([level(0.004, 4_000), level(0.5, 1_600), level(0.004, 4_000)]));
    shaper.endSentence([], 100);
    const samples = sound();
    expect(samples[0]).toBe(0);
    expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(1e-5);
    const steps = samples.subarray(1).map((sample, index) => Math.abs(sample - (samples[index] ?? 0)));
    // Only the voice itself jumps, where it begins and ends.
    expect(steps.filter((step) => step > 0.01)).toHaveLength(2);
  });

  it('moves the phonemes of each sentence onto the clock of the segment, gapless', () => {
    const { shaper } = setUp();
    shaper.push(joinSamples([level(0, 1_000), level(0.5, 1_600)]));
    const first = shaper.endSentence([span('_', 0, 1_000, -1), span('a', 1_000, 1_800), span('b', 1_800, 2_600)], 100);
    expect(first).toEqual([
      span('_', 0, LEAD, -1),
      span('a', LEAD, LEAD + 800),
      span('b', LEAD + 800, LEAD + 1_600),
      span('_', LEAD + 1_600, LEAD + 3_200, -1),
    ]);
    const start = shaper.sentSamples();
    shaper.push(joinSamples([level(0, 500), level(0.5, 800)]));
    expect(shaper.endSentence([span('c', 0, 1_300)], 0)).toEqual([span('c', start, start + LEAD + 800)]);
  });

  it('tells where the raw sound of each sentence begins, as soon as something of it is handed on', () => {
    const { shaper } = setUp();
    shaper.push(joinSamples([level(0, 1_000), level(0.5, 1_600)]));
    expect(shaper.origin()).toBe(LEAD - 1_000);
    shaper.endSentence([], 100);
    const start = shaper.sentSamples();
    shaper.push(joinSamples([level(0, 500), level(0.5, 800)]));
    expect(shaper.origin()).toBe(start + LEAD - 500);
  });

  it('says nothing for a sentence without a sound', () => {
    const { shaper, sound } = setUp();
    shaper.push(level(0.001, 8_000));
    expect(shaper.endSentence([span('a', 0, 8_000)], 260)).toEqual([]);
    expect(sound().length).toBe(0);
  });

  it('makes the same sound however the voice cuts it into pieces, and its phonemes always cover it', () => {
    const stretch = fc.tuple(fc.constantFrom(0, 0.001, 0.3, -0.7, 1.4), fc.integer({ min: 1, max: 700 }));
    fc.assert(
      fc.property(
        fc.array(fc.array(stretch, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 900 }),
        (sentences, size) => {
          const [whole, cut] = [setUp(), setUp()];
          for (const sentence of sentences) {
            const raw = joinSamples(sentence.map(([value, count]) => level(value, count)));
            const phonemes = [span('a', 0, Math.ceil(raw.length / 2)), span('b', Math.ceil(raw.length / 2), raw.length)];
            const from = whole.shaper.sentSamples();
            whole.shaper.push(raw);
            for (let at = 0; at < raw.length; at += size) cut.shaper.push(raw.slice(at, at + size));
            const spans = whole.shaper.endSentence(phonemes, 50);
            expect(cut.shaper.endSentence(phonemes, 50)).toEqual(spans);
            let past = from;
            for (const { start, end } of spans) {
              expect(start).toBe(past);
              expect(end).toBeGreaterThan(start);
              past = end;
            }
            expect(past).toBe(whole.shaper.sentSamples());
          }
          const [left, right] = [whole.sound(), cut.sound()];
          expect(right.length).toBe(left.length);
          expect(left.every((sample) => Math.abs(sample) < 1)).toBe(true);
          expect(right.every((sample, index) => Math.abs(sample - (left[index] ?? 9)) < 1e-6)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
