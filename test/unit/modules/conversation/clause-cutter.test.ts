import { array, assert, constantFrom, integer, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClauseCutter } from '../../../../src-main/modules/conversation/clause-cutter.ts';
import type { Clause } from '../../../../src-main/modules/conversation/speech-text.ts';

const cut = (text: string, language = 'en', sizes: readonly number[] = [3]): Clause[] => {
  const cutter = createClauseCutter(language);
  const clauses: Clause[] = [];
  for (let at = 0, index = 0; at < text.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 3;
    clauses.push(...cutter.push(text.slice(at, at + size)));
    at += size;
  }
  return [...clauses, ...cutter.end()];
};
const raws = (text: string, language = 'en'): string[] => cut(text, language).map((clause) => clause.raw);
const first = (text: string, language = 'en'): string => raws(text, language)[0] ?? '';

describe('createClauseCutter', () => {
  it.each([
    ['a comma', 'Of course, I can do that for you.', 'Of course,'],
    ['a colon', 'Three things: apples, pears and plums.', 'Three things: '],
    ['a dash', 'Good question — let me think about it for a while.', 'Good question — '],
    ['a conjunction', 'Water boils fast and then it turns into steam.', 'Water boils fast '],
    ['the end of a sentence', 'Yes! That is right.', 'Yes! '],
    ['a line break', '# Title\nText follows here.', '# Title\n'],
    [
      'seven words',
      'London remains the largest English city today unchanged since long ago.',
      'London remains the largest English city today ',
    ],
  ])('cuts the first clause at %s', (_place, text, expected) => {
    expect(first(text)).toBe(expected);
  });

  it('cuts at a comma without waiting for what follows', () => {
    expect(createClauseCutter('en').push('Of course,')).toHaveLength(1);
  });

  it('cuts a long first clause before a phrase rather than within it', () => {
    expect(first('The quick brown fox jumps over the lazy dog')).toBe('The quick brown fox jumps ');
    expect(first('Die Hauptstadt von Frankreich ist Paris und hat viele Einwohner', 'de')).toBe('Die Hauptstadt von Frankreich ist Paris ');
  });

  it.each([
    ['It costs $29.50 now.', 'en'],
    ['About 1,000 people came.', 'en'],
    ['It is 5 km, really.', 'en'],
    ['Dr. Smith is here.', 'en'],
    ['See e.g. this one.', 'en'],
    ['Am 3. Oktober ist frei.', 'de'],
    ['Das ist z. B. gut.', 'de'],
    ['Es kostet 3,50 Euro.', 'de'],
  ])('keeps numbers and abbreviations whole: %s', (text, language) => {
    for (const size of [1, 2, 5]) {
      const pieces = cut(text, language, [size]).map((clause) => clause.raw.trim());
      expect(pieces.some((piece) => /(?:\d[.,]|\b(?:Dr|z|B|e|g|3)\.|\b5)$/u.test(piece) && !/\w\.$/u.test(text.slice(-piece.length)))).toBe(
        false,
      );
    }
  });

  it.each([
    'Here is **one two three, four five six seven eight** done.',
    'Try [one, two three four, five six seven](http://a.b/c,d) now.',
    'Use `one, two three, four five six seven` now.',
  ])('keeps bold text, links and code whole: %s', (text) => {
    const inside = /\*\*.*\*\*|\[.*\)|`.*`/u.exec(text)?.[0] ?? '';
    expect(raws(text).some((raw) => raw.includes(inside))).toBe(true);
  });

  it('goes on in sentences, joins very short ones and cuts very long ones at clauses', () => {
    const long =
      'He walked along the river that runs past the old mill where his father had worked for many years, and he thought about the summers of his childhood there. ';
    expect(raws(`Well, that is a long story my friend. ${long}Yes. No. The end came soon.`)).toEqual([
      'Well, that is a long story my friend. ',
      'He walked along the river that runs past the old mill ',
      'where his father had worked for many years, and he thought about the summers of his childhood there. ',
      'Yes. No. The end came soon.',
    ]);
  });

  it('names a block of code once and says nothing of what is in it', () => {
    const clauses = cut('Look at this:\n```js\nlet a = 1; // well, yes.\n\nb();\n```\nThat is it.', 'de');
    expect(clauses.map(({ raw, speakable }) => [raw, speakable])).toEqual([
      ['Look at this:\n', 'Look at this:'],
      ['```js\n', 'Codeblock.'],
      ['let a = 1; // well, yes.\n\nb();\n```\n', ''],
      ['That is it.', 'That is it.'],
    ]);
  });

  it('gives the rest of a block of code that was never closed', () => {
    expect(cut('```\nlet a').map(({ raw, speakable }) => [raw, speakable])).toEqual([
      ['```\n', 'Code block.'],
      ['let a', ''],
    ]);
    expect(cut('Here:\n```py').map(({ speakable }) => speakable)).toEqual(['Here:', 'Code block.']);
  });

  it('gives nothing for an empty answer', () => {
    expect(cut('')).toEqual([]);
  });

  it('cuts even a text without any blank', () => {
    expect(raws('x'.repeat(3000)).every((raw) => raw.length <= 801)).toBe(true);
  });

  const fragment = constantFrom(
    'Hello, ',
    'and ',
    'the cat ',
    '. ',
    '! ',
    '\n',
    '\n\n',
    '```\n',
    '```js\ncode();\n',
    '- item\n',
    '**bold, text** ',
    '[a, b](http://c.d/e,f) ',
    '$29.50 ',
    'z. B. ',
    'Dr. ',
    '3. ',
    '| a | b |\n',
    '你好。',
    '😀',
    '\ud83d',
    ': ',
    ' — ',
  );
  const answer = array(oneof({ weight: 4, arbitrary: fragment }, { weight: 1, arbitrary: string({ maxLength: 12 }) }), {
    maxLength: 60,
  }).map((parts) => parts.join(''));
  const language = constantFrom('en', 'de', 'fr');

  it('never loses, repeats or reorders a character', () => {
    assert(
      property(answer, language, array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), (text, spoken, sizes) => {
        const clauses = cut(text, spoken, sizes);
        expect(clauses.map((clause) => clause.raw).join('')).toBe(text);
        let at = 0;
        for (const { rawStart, rawEnd, raw, speakable, sourceOffsets } of clauses) {
          expect([rawStart, rawEnd]).toEqual([at, at + raw.length]);
          expect(sourceOffsets).toHaveLength(speakable.length);
          expect(sourceOffsets).toEqual(sourceOffsets.toSorted((left, right) => left - right));
          expect(sourceOffsets.every((offset) => offset >= rawStart && offset < rawEnd)).toBe(true);
          at = rawEnd;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('cuts in the same places however the answer arrives', () => {
    assert(
      property(answer, language, array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), (text, spoken, sizes) => {
        expect(cut(text, spoken, sizes)).toEqual(cut(text, spoken, [text.length + 1]));
      }),
      { numRuns: 200 },
    );
  });
});
