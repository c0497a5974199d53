import { describe, expect, it } from 'vitest';
import { createVisemeFinder } from '../../../../src-main/inference/synthesis/visemes-from-sound.ts';
import type { PhonemeSpan } from '../../../../src-main/inference/synthesis/voice.ts';
import { joinSamples } from '../../../../src-main/platform/audio/index.ts';
import { hissSound, VOWELS, vowelSound } from '../../../doubles/vowel-sound.ts';

const RATE_HZ = 22_050;
const silence = (ms: number): Float32Array => new Float32Array(Math.round((ms / 1000) * RATE_HZ));
const vowel = (name: keyof typeof VOWELS, durationMs: number, hz = 115): Float32Array =>
  vowelSound({ hz, formants: VOWELS[name], durationMs, sampleRateHz: RATE_HZ });

function find(sound: Float32Array, size = 5000, origin = 0): PhonemeSpan[] {
  const finder = createVisemeFinder(RATE_HZ, origin);
  const spans: PhonemeSpan[] = [];
  for (let at = 0; at < sound.length; at += size) spans.push(...finder.push(sound.slice(at, at + size)));
  return [...spans, ...finder.end()];
}

/** What is found at a time. */
const symbolAt = (spans: readonly PhonemeSpan[], ms: number): string | undefined => {
  const sample = (ms / 1000) * RATE_HZ;
  return spans.find(({ start, end }) => sample >= start && sample < end)?.symbol;
};

describe('createVisemeFinder', () => {
  it.each(Object.keys(VOWELS) as (keyof typeof VOWELS)[])('tells "%s" from the other vowels, of low and high voices', (name) => {
    for (const hz of [100, 130, 180]) expect(symbolAt(find(vowel(name, 400, hz)), 200)).toBe(name);
  });

  it('tells hissing and silence, within 40 ms of where they begin', () => {
    const spans = find(joinSamples([silence(200), hissSound(200, RATE_HZ), silence(200), vowel('a', 300), silence(200)]));
    expect([100, 300, 500, 750, 1020].map((ms) => symbolAt(spans, ms))).toEqual(['_', 's', '_', 'a', '_']);
    expect([160, 240, 360, 440, 560, 640, 860, 940].map((ms) => symbolAt(spans, ms))).toEqual(['_', 's', 's', '_', '_', 'a', 'a', '_']);
  });

  it('sees the lips close between two vowels', () => {
    const spans = find(joinSamples([vowel('a', 250), silence(60), vowel('o', 250)]));
    expect(symbolAt(spans, 280)).toBe('p');
    expect([120, 450].map((ms) => symbolAt(spans, ms))).toEqual(['a', 'o']);
  });

  it('takes a longer silence for a pause, not for closed lips', () => {
    expect(symbolAt(find(joinSamples([vowel('a', 250), silence(300), vowel('a', 250)])), 400)).toBe('_');
  });

  it('covers the sound without gaps, in order, on the clock it was given', () => {
    const sound = joinSamples([silence(90), vowel('e', 333), hissSound(70, RATE_HZ)]);
    const spans = find(sound, 777, 500);
    expect(spans[0]?.start).toBe(500);
    for (const [index, { start, end }] of spans.entries()) {
      expect(end).toBeGreaterThan(start);
      if (index > 0) expect(start).toBe(spans[index - 1]?.end);
    }
    expect(spans.at(-1)?.end).toBe(500 + sound.length);
  });

  it('finds nothing in no sound', () => expect(find(new Float32Array(0))).toEqual([]));
});
