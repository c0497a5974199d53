import { describe, expect, it } from 'vitest';
import { alignPhonemes } from '../../../../src-main/inference/synthesis/align-phonemes.ts';
import { joinSamples } from '../../../../src-main/platform/audio/index.ts';
import { hissSound, VOWELS, vowelSound } from '../../../doubles/vowel-sound.ts';

const RATE_HZ = 22_050;
const silence = (ms: number): Float32Array => new Float32Array(Math.round((ms / 1000) * RATE_HZ));
const vowel = (name: keyof typeof VOWELS, durationMs: number): Float32Array =>
  vowelSound({ hz: 115, formants: VOWELS[name], durationMs, sampleRateHz: RATE_HZ });
const sounds = (letters: string) => Array.from(letters, (symbol, word) => ({ symbol, word: symbol === '_' ? -1 : word }));

/** Symbols with the ms of their ends. */
const align = (letters: string, sound: Float32Array) =>
  alignPhonemes(sounds(letters), sound, RATE_HZ).map(({ symbol, end }) => [symbol, (end / RATE_HZ) * 1000] as const);

describe('alignPhonemes', () => {
  it('finds where each sound is, however long it is', () => {
    const sound = joinSamples([
      silence(120),
      hissSound(90, RATE_HZ),
      vowel('i', 400),
      silence(70),
      vowel('a', 130),
      vowel('u', 300),
      silence(80),
    ]);
    const found = align('sipau', sound);
    expect(found.map(([symbol]) => symbol).join('')).toBe('_sipau_');
    for (const [index, end] of [120, 210, 610, 680, 810, 1110].entries()) expect(Math.abs((found[index]?.[1] ?? 0) - end)).toBeLessThan(45);
  });

  it('takes a pause where there is one and none where there is none', () => {
    const spoken = joinSamples([vowel('a', 200), silence(250), vowel('i', 200)]);
    const through = joinSamples([vowel('a', 200), vowel('i', 200)]);
    const pauses = [spoken, through].map((sound) => align('a_i', sound).filter(([symbol]) => symbol === '_').length);
    expect(pauses).toEqual([1, 0]);
  });

  it('covers the sound without gaps and gives every sound its word, in order', () => {
    const sound = joinSamples([silence(50), vowel('o', 300), hissSound(120, RATE_HZ), vowel('e', 150)]);
    const spans = alignPhonemes(sounds('ose'), sound, RATE_HZ);
    let past = 0;
    for (const { start, end } of spans) {
      expect([start, end > start]).toEqual([past, true]);
      past = end;
    }
    expect(past).toBe(sound.length);
    expect(spans.filter(({ word }) => word >= 0).map(({ symbol, word }) => [symbol, word])).toEqual([
      ['o', 0],
      ['s', 1],
      ['e', 2],
    ]);
  });

  it('gives silence for silence, nothing for no sound, and never more sounds than frames', () => {
    expect(align('', silence(100))).toEqual([['_', 100]]);
    expect(align('sapo', new Float32Array(0))).toEqual([]);
    const crowded = alignPhonemes(sounds('sapotiku'), vowel('a', 60), RATE_HZ);
    expect(crowded.at(-1)?.end).toBe(vowel('a', 60).length);
  });
});
