import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchTerms, queryTerms, wordsOf } from '../../../../src-main/platform/store/search-words.ts';

const find = (text: string, query: string): string | undefined => {
  const match = matchTerms(text, queryTerms(query));
  return match && text.slice(match.start, match.end);
};
const readings = (text: string): string[][] => wordsOf(text).map((word) => word.readings);

describe('wordsOf', () => {
  it.each([
    ['Grüße aus Łódź', [['grusse', 'gruesse'], ['aus'], ['lodz']]],
    [
      'Ärger, ÖL!',
      [
        ['arger', 'aerger'],
        ['ol', 'oel'],
      ],
    ],
    ['ﬁne ＡＢＣ', [['fine'], ['abc']]],
    ['東京', [['東'], ['京']]],
    ["it's 5%", [['it'], ['s'], ['5']]],
    ['İstanbul', [['istanbul']]],
    ['👍 …', []],
  ])('levels case, accents and umlauts of %j', (text, expected) => {
    expect(readings(text)).toEqual(expected);
  });

  it('reads a text the same whether its letters come composed or not', () => {
    expect(readings('Müßte naïve Ångström'.normalize('NFD'))).toEqual(readings('Müßte naïve Ångström'));
  });
});

describe('matchTerms', () => {
  it('marks the first term as it is written, with the marks of its letters', () => {
    expect(find('Die Straße', 'stras')).toBe('Straß');
    expect(find('Mu\u0308ller', 'mu')).toBe('Mu\u0308');
    expect(find('one two three', 'three two')).toBe('three');
  });

  it('wants the words of a term in a row, and only the last of them begun', () => {
    expect(find('well-known author', 'well-kno')).toBe('well-kno');
    expect(find('well, the known author', 'well-kno')).toBeUndefined();
    expect(find('wells known', 'well-known')).toBeUndefined();
  });

  it('finds any word of any text, at a place that reads like it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(), (text, pick) => {
        const words = wordsOf(text);
        const word = words[pick % Math.max(1, words.length)];
        if (!word) return true;
        const written = text.slice(word.start, word.end);
        const terms = queryTerms(written);
        const match = matchTerms(text, terms);
        return match !== undefined && match.start < match.end && match.end <= text.length;
      }),
      { numRuns: 500 },
    );
  });
});
