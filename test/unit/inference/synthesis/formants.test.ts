import { describe, expect, it } from 'vitest';
import { findFormants } from '../../../../src-main/inference/synthesis/formants.ts';
import { meanSpectrum } from '../../../doubles/spectral-envelope.ts';
import { VOWELS, vowelSound } from '../../../doubles/vowel-sound.ts';

const RATE_HZ = 16_000;

describe('findFormants', () => {
  it.each(['a', 'e', 'i', 'o', 'u'] as const)('finds the two formants of "%s" within 60 Hz', (name) => {
    const power = meanSpectrum(vowelSound({ hz: 100, formants: VOWELS[name], durationMs: 1200, sampleRateHz: RATE_HZ }));
    const { first, second } = findFormants(power, RATE_HZ);
    expect(Math.abs(first - VOWELS[name][0])).toBeLessThan(60);
    expect(Math.abs(second - VOWELS[name][1])).toBeLessThan(60);
  });

  it('gives those of a neutral vowel where nothing stands out', () => {
    expect(findFormants(new Float64Array(513), RATE_HZ)).toEqual({ first: 500, second: 1500 });
  });
});
