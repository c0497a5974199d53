import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutControls, wordsOf } from '../../../../src-main/inference/synthesis/text-spans.ts';

const words = (text: string): string[] => wordsOf(text).map(({ start, end }) => text.slice(start, end));

describe('wordsOf', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['… — !', []],
    ['Hello, world!', ['Hello', 'world']],
    ['"Well-known," he said: (don’t worry).', ['Well-known', 'he', 'said', 'don’t', 'worry']],
    ['It costs 3.50 € or 42 %.', ['It', 'costs', '3.50', '€', 'or', '42', '%']],
    ['rock & roll + 1', ['rock', '&', 'roll', '+', '1']],
    ['one—two…three', ['one', 'two', 'three']],
    ['„Schöne Grüße“, sagte er.', ['Schöne', 'Grüße', 'sagte', 'er']],
    ['¿Cómo está?', ['Cómo', 'está']],
    ['naïve café', ['naïve', 'café']],
  ])('finds the words of %j', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('takes apart scripts that put no space between words', () => {
    expect(words('今日は天気がいい。').join('')).toBe('今日は天気がいい');
    expect(words('今日は天気がいい。').length).toBeGreaterThan(2);
    expect(words('สวัสดีครับ').length).toBeGreaterThan(1);
  });

  it('gives spans in order, apart, within the text, without blanks at their edges', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        let past = 0;
        for (const { start, end } of wordsOf(text)) {
          expect(start).toBeGreaterThanOrEqual(past);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end)).toMatch(/^\S(?:.*\S)?$/su);
          past = end;
        }
        expect(past).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('withoutControls', () => {
  it('blanks what starts or ends a command in a voice, and keeps every offset', () => {
    const text = 'a\u0000b\u0001c\u200Bd\uD800e\uFE0Ff\n';
    expect(withoutControls(text)).toBe('a b c d e f ');
  });

  it('keeps the length of any text and everything that can be read in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const clean = withoutControls(text);
        expect(clean.length).toBe(text.length);
        expect(clean).not.toMatch(/\p{Cc}/u);
      }),
    );
    expect(withoutControls('Grüße 今日 3 € 😀')).toBe('Grüße 今日 3 € 😀');
  });
});
