import { array, assert, constantFrom, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVisibleText } from '../../../../src-main/inference/language/visible-text.ts';

/** What comes out when a text comes in pieces of these sizes. */
function shown(text: string, sizes: readonly number[] = [1]): { text: string; pieces: string[] } {
  const pieces: string[] = [];
  const visible = createVisibleText((piece) => pieces.push(piece));
  for (let at = 0, index = 0; at < text.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    visible.push(text.slice(at, at + size));
    at += size;
  }
  visible.end();
  return { text: visible.text(), pieces };
}

describe('createVisibleText', () => {
  it.each([
    ['plain text', 'Paris, of course.', 'Paris, of course.'],
    ['white space before the first word', ' \n\n Paris.', 'Paris.'],
    ['reasoning', '<think>It is Paris.</think>\n\nParis.', 'Paris.'],
    ['empty reasoning', '<think>\n\n</think>\n\nParis.', 'Paris.'],
    ['reasoning of another family', '<thinking>Hm.</thinking>Paris.', 'Paris.'],
    ['reasoning in a channel', '<|channel>thought\nHm.<channel|>Paris.', 'Paris.'],
    ['two thoughts', '<think>One.</think> <think>Two.</think>Paris.', 'Paris.'],
    ['a mark in mid-text', 'Write <think> and </think> around it.', 'Write <think> and </think> around it.'],
    ['a comparison', '<3 you', '<3 you'],
    ['what could have become a mark at the end', '<thi', '<thi'],
    ['a thought without an end', '<think>It goes on and on', ''],
    ['nothing', '', ''],
  ])('shows of %s what a reader should see', (_what, text, expected) => {
    for (const sizes of [[1], [2, 5], [100]]) expect(shown(text, sizes).text).toBe(expected);
  });

  it('passes on each piece as it comes, once the first word is there', () => {
    expect(shown('Paris, of course.', [5, 1, 3]).pieces).toEqual(['Paris', ',', ' of', ' cour', 's', 'e.']);
  });

  it('holds back only what may still become a mark', () => {
    const pieces: string[] = [];
    const visible = createVisibleText((piece) => pieces.push(piece));
    for (const piece of ['<', 'th', 'ird', '>']) visible.push(piece);
    expect(pieces).toEqual(['<third', '>']);
  });

  it('shows the same however the text is torn apart, with or without reasoning in front', () => {
    const thought = constantFrom('', '<think>Hm. < 3 </thin</think>\n', '<thinking></thinking>');
    assert(
      property(
        thought,
        string({ minLength: 1 }),
        array(integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        (before, text, sizes) => {
          const result = shown(`${before}a${text}`, sizes);
          expect(result.text).toBe(`a${text}`);
          expect(result.pieces.join('')).toBe(result.text);
        },
      ),
    );
  });
});
