import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapText, type MappedText } from '../../../../src-main/modules/conversation/mapped-text.ts';
import { amountOf, applySpeechPatterns } from '../../../../src-main/modules/conversation/speech-patterns.ts';
import type { SpeechPattern } from '../../../../src-preload/contract/index.ts';

const ENGLISH = 'Yes, I think that the beautiful morning was perfect, because nobody called and the coffee tasted of chocolate.';
const GERMAN = 'Ja, ich glaube, dass der schöne Morgen perfekt war, weil niemand anrief und der Kaffee nach Schokolade schmeckte.';

const pattern = (kind: SpeechPattern['kind'], amount = 1): SpeechPattern => ({ kind, amount, description: '' });
const say = (text: string, kinds: readonly SpeechPattern[], language = 'en', seed = 'utt_1'): MappedText =>
  applySpeechPatterns(mapText(text, 0), kinds, { language, seed });

/** What was put in, taken out again: characters that stand at the same place in the original. */
const written = ({ text, offsets }: MappedText, original: string): boolean => {
  let at = 0;
  for (const [index, offset] of offsets.entries()) if (offset === at && text[index] === original[at]) at += 1;
  return at === original.length;
};

describe('applySpeechPatterns', () => {
  it('stutters at the first sound of words that carry the sense, as a syllable that a voice can say', () => {
    const { text } = say(ENGLISH, [pattern('stutter')]);
    const stuttered = [...text.matchAll(/((?:\p{L}+uh-)+)(\p{L}+)/gu)].map(([, start = '', word = '']) => [start.split('-')[0], word]);
    expect(stuttered.length).toBeGreaterThan(0);
    for (const [start = '', word = ''] of stuttered) expect(start.replace(/uh$/u, '')).toBe(soundOf(word, start));
    expect(text.replaceAll(/\p{L}+uh-/gu, '')).toBe(ENGLISH);
  });

  it('stutters in German with the vowel of the word', () => {
    const { text } = say(GERMAN, [pattern('stutter')], 'de', 'utt_3');
    const [match = '', start = '', word = ''] = /(\p{L}+)-(?:\p{L}+-)?(\p{L}+)/u.exec(text) ?? [];
    expect(match).not.toBe('');
    expect(word.toLowerCase().startsWith(start)).toBe(true);
    expect(start).toMatch(/[aeiouäöü]$/u);
  });

  it('repeats small words', () => {
    const { text } = say(ENGLISH, [pattern('repeats')]);
    const repeated = [...text.matchAll(/(?<!\p{L})(\p{L}+), \1(?!\p{L})/giu)].map(([, word = '']) => word.toLowerCase());
    expect(repeated.length).toBeGreaterThan(0);
    expect(repeated.every((word) => ['i', 'that', 'the', 'was', 'and', 'of'].includes(word))).toBe(true);
  });

  it.each([
    ['en', ENGLISH, /, (?:um|uh|well|you know),/u],
    ['de', GERMAN, /, (?:äh|ähm|na ja|also),/u],
  ])('fills the gaps before new thoughts (%s)', (language, text, filler) => {
    const said = [1, 2, 3, 4].map((seed) => say(text, [pattern('fillers')], language, `utt_${seed}`).text);
    expect(said.some((each) => filler.test(each))).toBe(true);
    expect(said.every((each) => !/,\s*,/u.test(each))).toBe(true);
  });

  it('pauses at the borders of phrases', () => {
    const { text } = say(ENGLISH, [pattern('pauses')]);
    const pauses = [...text.matchAll(/[,;]?\n\s(\p{L}+)/gu)].map(([, word]) => word);
    expect(pauses.length).toBeGreaterThan(1);
    expect(pauses.every((word) => ['I', 'because', 'and', 'that', 'of'].includes(word ?? ''))).toBe(true);
  });

  it('says more the more of it is wanted, nothing with none, and the same with the same seed', () => {
    const added = (amount: number): number =>
      Array.from(
        { length: 30 },
        (_, seed) => say(ENGLISH, [pattern('stutter', amount)], 'en', `utt_${seed}`).text.length - ENGLISH.length,
      ).reduce((sum, each) => sum + each, 0);
    const [none, some, much] = [added(0), added(0.3), added(1)];
    expect(none).toBe(0);
    expect(some).toBeGreaterThan(0);
    expect(much).toBeGreaterThan(some * 1.5);
    expect(say(ENGLISH, [pattern('stutter')])).toEqual(say(ENGLISH, [pattern('stutter')]));
  });

  it('leaves alone what lives in the sound, what cannot be stuttered, and other languages', () => {
    expect(say(ENGLISH, [pattern('glitch'), pattern('drawl')]).text).toBe(ENGLISH);
    const numbers = 'The USA, NATO, 1984 and 3.5 are psychology.';
    expect(say(numbers, [pattern('stutter')]).text).toBe(numbers);
    const french = 'Le matin était parfait, parce que personne ne m’a appelé.';
    expect(say(french, [pattern('stutter'), pattern('fillers')], 'fr').text).toBe(french);
  });

  it('keeps every written character at its place, whatever is written and however much is put in', () => {
    const words = fc.array(
      fc.constantFrom('because', 'the', 'Morning', 'und', 'Kaffee', 'I', '42', 'U.S.', "don't", '—', ',', '…', '😀', 'x'),
      { maxLength: 25 },
    );
    const kinds = fc.subarray(['stutter', 'pauses', 'repeats', 'fillers', 'drawl', 'glitch'] as const);
    fc.assert(
      fc.property(words, kinds, fc.constantFrom('en', 'de', 'fr'), fc.string({ maxLength: 5 }), (list, chosen, language, seed) => {
        const text = list.join(' ');
        const said = say(
          text,
          chosen.map((kind) => pattern(kind)),
          language,
          seed,
        );
        expect(said.offsets).toHaveLength(said.text.length);
        expect(said.offsets.every((offset, index) => offset >= (said.offsets[index - 1] ?? 0) && offset < Math.max(1, text.length))).toBe(
          true,
        );
        expect(written(said, text)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('amountOf', () => {
  it('is that of the strongest pattern of a kind', () => {
    const patterns = [pattern('stutter', 0.2), pattern('stutter', 0.6), pattern('pauses', 0.9)];
    expect([amountOf(patterns, 'stutter'), amountOf(patterns, 'fillers')]).toEqual([0.6, 0]);
  });
});

/** The letters of a word that its stuttered syllable must begin with, or stand for. */
function soundOf(word: string, start: string): string {
  const sound = start.replace(/uh$/u, '');
  const letters: Record<string, string> = { k: 'c', f: 'ph', kw: 'qu', w: 'wh', sk: 'sch' };
  const small = word.toLowerCase();
  return small.startsWith(sound) || small.startsWith(letters[sound] ?? '?') ? sound : `not ${sound}`;
}
