import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Replacement } from '../../../../src-main/modules/conversation/mapped-text.ts';
import { applyRules, mapText, replaceMapped, trimMapped, withEnding } from '../../../../src-main/modules/conversation/mapped-text.ts';

describe('replaceMapped', () => {
  it('keeps the offsets of a capture group when the rest of the match goes', () => {
    expect(replaceMapped(mapText('a **b** c', 10), /\*\*(\w)\*\*/dgu, [1])).toEqual({ text: 'a b c', offsets: [10, 11, 14, 17, 18] });
  });

  it('spreads text of our own evenly over what it stands for', () => {
    expect(replaceMapped(mapText('x 50 y', 0), /50/dgu, ['five'])).toEqual({ text: 'x five y', offsets: [0, 1, 2, 2, 3, 3, 4, 5] });
  });

  it('ends a replacement at the last character that it stands for', () => {
    const { offsets } = replaceMapped(mapText('$42.50', 0), /\$42\.50/dgu, ['42 dollars and 50 cents']);
    expect([offsets[0], offsets.at(-1)]).toEqual([0, 5]);
  });

  it('leaves a match alone when the replacer gives nothing', () => {
    expect(replaceMapped(mapText('aaa', 0), /a/dgu, (match) => (match.index === 1 ? ['b'] : undefined)).text).toBe('aba');
  });
});

describe('withEnding', () => {
  it('counts the ending to the last character', () => {
    expect(withEnding(mapText('ab', 5), '.')).toEqual({ text: 'ab.', offsets: [5, 6, 6] });
  });

  it('adds nothing to an empty text', () => {
    expect(withEnding(mapText('', 5), '.')).toEqual({ text: '', offsets: [] });
  });
});

describe('trimMapped', () => {
  it('takes the offsets of the blanks away with them', () => {
    expect(trimMapped(mapText('  a ', 3))).toEqual({ text: 'a', offsets: [5] });
  });
});

describe('applyRules', () => {
  it('never lets offsets run backwards or leave the text, whatever is replaced', () => {
    const part = constantFrom<string | number>(1, '', 'x', 'longer text');
    assert(
      property(string(), array(part, { maxLength: 3 }), (text, parts) => {
        // A group may stand in a replacement once.
        const replacement: Replacement = parts.filter((value, index) => value !== 1 || parts.indexOf(1) === index);
        const { text: result, offsets } = applyRules(mapText(text, 7), [
          [/[a-m]+(.)/dgu, replacement],
          [/\s(\S*)/dgu, replacement],
        ]);
        expect(offsets).toHaveLength(result.length);
        expect(offsets).toEqual(offsets.toSorted((left, right) => left - right));
        for (const offset of offsets) expect(offset >= 7 && offset < 7 + text.length).toBe(true);
      }),
    );
  });
});
