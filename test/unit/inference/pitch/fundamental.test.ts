import { describe, expect, it } from 'vitest';
import { findFundamental, medianFundamental } from '../../../../src-main/inference/pitch/fundamental.ts';
import { hissSound, VOWELS, vowelSound } from '../../../doubles/vowel-sound.ts';

const RATE_HZ = 16_000;

describe('findFundamental', () => {
  it.each([70, 95, 140, 210, 300, 400])('finds a tone of %i Hz with its overtones', (hz) => {
    const tone = Float32Array.from({ length: 800 }, (_, at) =>
      [1, 0.6, 0.4].reduce((sum, level, index) => sum + level * Math.sin((2 * Math.PI * hz * (index + 1) * at) / RATE_HZ), 0),
    );
    const found = findFundamental(tone, RATE_HZ);
    expect(Math.abs((found?.hz ?? 0) / hz - 1)).toBeLessThan(0.02);
    expect(found?.clarity).toBeGreaterThan(0.9);
  });

  it('finds nothing in silence, and nothing clear in hissing', () => {
    expect(findFundamental(new Float32Array(800), RATE_HZ)).toBeUndefined();
    expect(findFundamental(hissSound(50, RATE_HZ), RATE_HZ)?.clarity ?? 0).toBeLessThan(0.5);
  });
});

describe('medianFundamental', () => {
  it.each([
    [110, VOWELS.a],
    [220, VOWELS.e],
    [120, VOWELS.i],
  ])('finds the middle of a voice that glides around %i Hz', async (hz, formants) => {
    const voice = vowelSound({ hz, formants, durationMs: 2000, sampleRateHz: RATE_HZ });
    expect(Math.abs(((await medianFundamental(voice, RATE_HZ)) ?? 0) / hz - 1)).toBeLessThan(0.06);
  });

  it('knows of no voice where too little of it is heard', async () => {
    expect(await medianFundamental(hissSound(3000, RATE_HZ), RATE_HZ)).toBeUndefined();
    expect(
      await medianFundamental(vowelSound({ hz: 110, formants: VOWELS.a, durationMs: 300, sampleRateHz: RATE_HZ }), RATE_HZ),
    ).toBeUndefined();
  });
});
