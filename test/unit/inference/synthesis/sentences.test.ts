import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../../../src-main/inference/synthesis/sentences.ts';

const sentences = (text: string): string[] => splitSentences(text).map(({ start, end }) => text.slice(start, end).trim());
const clauses = (text: string): [string, string][] =>
  splitSentences(text).flatMap((sentence) =>
    sentence.clauses.map(({ start, end, mark }): [string, string] => [text.slice(start, end).trim(), mark]),
  );

describe('splitSentences', () => {
  it.each([
    ['nothing', '', []],
    ['marks alone', ' … !? — ', []],
    ['one sentence', 'Hello there.', ['Hello there.']],
    ['two sentences', 'Hello there. How are you?', ['Hello there.', 'How are you?']],
    ['quotes behind the mark', 'He said "yes!" Then he left.', ['He said "yes!"', 'Then he left.']],
    ['an initial', 'I met J. Smith in town.', ['I met J. Smith in town.']],
    ['an abbreviation before a small letter', 'It is approx. ten miles.', ['It is approx. ten miles.']],
    ['a decimal', 'It is 3.5 miles. Or so.', ['It is 3.5 miles.', 'Or so.']],
    ['lines', 'First line\nSecond line', ['First line', 'Second line']],
    ['a text that is cut off', 'Hello there. And th', ['Hello there.', 'And th']],
    ['full-width marks', '今日は。元気？', ['今日は。', '元気？']],
    ['an ellipsis', 'Well... I see.', ['Well...', 'I see.']],
  ])('splits %s', (_name, text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  it('splits a sentence into clauses with the marks that close them', () => {
    expect(clauses('If it rains, take a coat; else: enjoy it – really!')).toEqual([
      ['If it rains,', ','],
      ['take a coat;', ';'],
      ['else:', ':'],
      ['enjoy it –', ','],
      ['really!', '!'],
    ]);
    expect(clauses('Really?! Yes')).toEqual([
      ['Really?!', '?'],
      ['Yes', ''],
    ]);
  });

  it('pauses longest behind a sentence and hardly where the text was cut off', () => {
    const pauses = splitSentences('One. Two!\nThree\nand so').map(({ pauseMs }) => pauseMs);
    expect(pauses).toEqual([260, 260, 260, 15]);
  });

  it('names the words of each sentence on the offsets of the whole text', () => {
    const text = 'Hello there. How are you?';
    expect(splitSentences(text).map((sentence) => sentence.words.map(({ start, end }) => text.slice(start, end)))).toEqual([
      ['Hello', 'there'],
      ['How', 'are', 'you'],
    ]);
  });

  it('cuts what is too long for one breath, at blanks, and numbers and wide characters sooner', () => {
    const long = 'word '.repeat(200).trim();
    const parts = sentences(long);
    expect(parts.every((part) => part.length <= 260)).toBe(true);
    expect(parts.every((part) => /^(?:word ?)+$/.test(part))).toBe(true);
    expect(sentences('1234567890 '.repeat(20).trim()).every((part) => part.length <= 80)).toBe(true);
    expect(sentences('今'.repeat(300)).every((part) => part.length <= 90)).toBe(true);
  });

  it('never cuts a character of two units in half', () => {
    for (const part of sentences('😀'.repeat(300) + 'x')) expect(part).not.toMatch(/\p{Cs}/u);
  });

  it('loses no word, keeps everything in order and no sentence without a word', () => {
    const piece = fc.constantFrom(
      'word',
      'Dr. ',
      ' ',
      ', ',
      '. ',
      '? ',
      '!\n',
      '— ',
      '3.50 ',
      '…',
      '。',
      '今日',
      '"',
      ') ',
      'x'.repeat(150),
      '12345',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const split = splitSentences(text);
        let past = 0;
        for (const sentence of split) {
          expect(sentence.start).toBeGreaterThanOrEqual(past);
          expect(sentence.words.length).toBeGreaterThan(0);
          expect([sentence.clauses.at(0)?.start, sentence.clauses.at(-1)?.end]).toEqual([sentence.start, sentence.end]);
          for (const [index, clause] of sentence.clauses.entries()) {
            if (index > 0) expect(clause.start).toBe(sentence.clauses[index - 1]?.end);
          }
          for (const word of sentence.words) expect(word.start >= sentence.start && word.end <= sentence.end).toBe(true);
          past = sentence.end;
        }
        const spoken = split.map(({ start, end }) => text.slice(start, end)).join('');
        expect(spoken.replaceAll(/[^\p{L}\p{N}]/gu, '')).toBe(text.replaceAll(/[^\p{L}\p{N}]/gu, ''));
      }),
      { numRuns: 300 },
    );
  });
});
