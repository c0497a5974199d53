import { describe, expect, it } from 'vitest';
import type { SpokenPhoneme } from '../../../../../src-preload/contract/index.ts';
import { mouthUnits } from '../../../../../src-renderer/face/motion/mouth-units.ts';

/** Phonemes one after the other, 60 ms each unless told. */
function spoken(...symbols: (string | [symbol: string, durationMs: number])[]): SpokenPhoneme[] {
  let startMs = 0;
  return symbols.map((entry) => {
    const [symbol, durationMs] = typeof entry === 'string' ? [entry, 60] : entry;
    const phoneme = { symbol, startMs, durationMs };
    startMs += durationMs;
    return phoneme;
  });
}

const shapes = (phonemes: SpokenPhoneme[]): string =>
  mouthUnits(phonemes)
    .map(({ viseme }) => viseme)
    .join(' ');

const times = (phonemes: SpokenPhoneme[]): (string | number)[][] =>
  mouthUnits(phonemes).map(({ viseme, startMs, endMs }) => [viseme, startMs, endMs]);

describe('mouthUnits', () => {
  it.each([
    ['English', ['w', 'ʌ', 't', 'ɪ', 'z', 'ð', 'ə', 'k', 'æ', 'p', 'ɪ', 'ɾ', 'l'], 'WW AH DD I SS TH AH kk aa PP I DD nn'],
    ['German', ['m', 'œ', 'ç', 't', 'ə', 's', 't', 'd', 'uː', 'ʃ', 'ʏ', 'k', 'ʁ', 'ɐ', 'x'], 'PP Y kk DD AH SS DD DD U CH Y kk kk aa kk'],
    ['French', ['b', 'ɔ̃', 'ʒ', 'u', 'ʁ', 'ø', 'ɑ̃', 'ɥ', 'i'], 'PP O CH U kk Y aa WW I'],
    ['Spanish and Italian', ['ɲ', 'e', 'r', 'o', 'ʎ', 'a', 'θ', 'β'], 'nn E RR O kk aa TH WW'],
  ])('knows the sounds of %s', (_language, symbols, expected) => {
    expect(shapes(spoken(...symbols))).toBe(expected);
  });

  it('makes two shapes of a diphthong and of an affricate, within the same time', () => {
    expect(mouthUnits(spoken(['aɪ', 200], ['tʃ', 80]), 1000)).toEqual([
      { viseme: 'aa', startMs: 1000, endMs: 1100, level: undefined, accent: 0 },
      { viseme: 'I', startMs: 1100, endMs: 1200, level: undefined, accent: 0 },
      { viseme: 'DD', startMs: 1200, endMs: 1230, level: undefined, accent: 0 },
      { viseme: 'CH', startMs: 1230, endMs: 1280, level: undefined, accent: 0 },
    ]);
  });

  it('gives stress, length, aspiration and syllable marks to the sound that they belong to', () => {
    expect(shapes(spoken('ˈaː', 'tʰ', 'n̩', 'l̩', 'ˌe'))).toBe('aa DD nn nn E');
  });

  it('shares a short blank between two words and keeps a long one as a pause', () => {
    expect(times(spoken('t', [' ', 40], 'ɪ'))).toEqual([
      ['DD', 0, 80],
      ['I', 80, 160],
    ]);
    expect(times(spoken('t', [' ', 200], 'ɪ'))).toEqual([
      ['DD', 0, 60],
      ['rest', 60, 260],
      ['I', 260, 320],
    ]);
    // A part of a segment may end with one.
    expect(times(spoken('t', [' ', 40]))).toEqual([['DD', 0, 100]]);
  });

  it('remembers which clause was a question or a call', () => {
    expect(mouthUnits(spoken('e', ['?', 200], 'o', ['!', 200], 'a', ['_', 200])).map(({ viseme, mark }) => [viseme, mark])).toEqual([
      ['E', undefined],
      ['rest', '?'],
      ['O', undefined],
      ['rest', '!'],
      ['aa', undefined],
      ['rest', undefined],
    ]);
  });

  it('takes an unknown sign for a soft vowel and leaves out what has no length', () => {
    expect(
      shapes([
        { symbol: '☃', startMs: 0, durationMs: 50 },
        { symbol: 'p', startMs: 50, durationMs: 0 },
        { symbol: 'a', startMs: Number.NaN, durationMs: 5 },
      ]),
    ).toBe('AH');
  });
});
