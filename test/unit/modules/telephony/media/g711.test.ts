import { describe, expect, it } from 'vitest';
import { decodeCompanded, encodeCompanded, type CompandingLaw } from '../../../../../src-main/modules/telephony/media/g711.ts';
import { decibelsOf, sine } from '../../../../doubles/media-tones.ts';

const laws: CompandingLaw[] = ['ulaw', 'alaw'];

describe('G.711', () => {
  it('has the values of the tables in the recommendation', () => {
    // Tables 2a/2b: the largest value, the smallest step, nothing. 14 bit for µ-law, 13 bit for A-law, as 16 bit here.
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- belongs to this test
    const inLinear = (law: CompandingLaw, ...bytes: number[]): number[] =>
      [...decodeCompanded(Uint8Array.from(bytes), law)].map((s) => s * 32_768 + 0);
    expect(inLinear('ulaw', 0x80, 0x00, 0xff, 0x7f, 0xfe, 0xef)).toEqual([8_031 * 4, -8_031 * 4, 0, 0, 2 * 4, 33 * 4]);
    expect(inLinear('alaw', 0xaa, 0x2a, 0xd5, 0x55, 0xc5)).toEqual([4_032 * 8, -4_032 * 8, 8, -8, 33 * 8]);
  });

  it.each(laws)('gives every byte of %s back', (law) => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const back = encodeCompanded(decodeCompanded(bytes, law), law);
    // µ-law has two zeros; both are one.
    const expected = law === 'ulaw' ? bytes.map((byte) => (byte === 0x7f ? 0xff : byte)) : bytes;
    expect([...back]).toEqual([...expected]);
  });

  it.each(laws)('keeps the level of speech in %s, with noise more than 35 dB below', (law) => {
    const tone = sine(440, -20, 200, 8_000);
    const back = decodeCompanded(encodeCompanded(tone, law), law);
    const noise = back.map((sample, index) => sample - (tone[index] ?? 0));
    expect(Math.abs(decibelsOf(back) - decibelsOf(tone))).toBeLessThan(0.1);
    expect(decibelsOf(tone) - decibelsOf(noise)).toBeGreaterThan(35);
  });
});
