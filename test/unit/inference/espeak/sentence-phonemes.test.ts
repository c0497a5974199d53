import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentenceSymbols } from '../../../../src-main/inference/espeak/sentence-phonemes.ts';
import { splitSentences } from '../../../../src-main/inference/synthesis/sentences.ts';
import { createScriptedEspeak } from '../../../doubles/scripted-espeak.ts';

/** Symbols of a text's first sentence, each with the word it belongs to: "h0 e0 _ w1". */
function symbolsOf(text: string, ipa: Record<string, string>): string {
  const espeak = createScriptedEspeak({
    phonemes: (asked) =>
      ipa[asked.trim()] ??
      asked
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\s]/gu, ''),
  });
  const [sentence] = splitSentences(text);
  if (!sentence) return '';
  return sentenceSymbols(espeak, 'en-us', text, sentence)
    .map(({ symbol, word }) => (symbol === ' ' ? '_' : symbol) + (word < 0 ? '' : String(word)))
    .join(' ');
}

describe('sentenceSymbols', () => {
  it('gives each sound to its word, stress to the sound behind it and length to the one before', () => {
    const ipa = { 'Hello there.': 'həlˈoʊ ðˈɛːɹ', Hello: 'həlˈoʊ', there: 'ðˈɛːɹ' };
    expect(symbolsOf('Hello there.', ipa)).toBe('h0 ə0 l0 ˈ0 o0 ʊ0 _ ð1 ˈ1 ɛ1 ː1 ɹ1 .');
  });

  it('finds the border of words that are run together', () => {
    const ipa = { 'of the sea': 'ʌvðə sˈiː', of: 'ʌv', the: 'ðə', sea: 'sˈiː' };
    expect(symbolsOf('of the sea', ipa)).toBe('ʌ0 v0 ð1 ə1 _ s2 ˈ2 i2 ː2');
  });

  it('keeps a number that is said in several groups with its one word', () => {
    const ipa = { 'at 42 now': 'æt fɔɹti tu naʊ', at: 'æt', '42': 'fɔɹti tu', now: 'naʊ' };
    expect(symbolsOf('at 42 now', ipa)).toBe('æ0 t0 _ f1 ɔ1 ɹ1 t1 i1 _ t1 u1 _ n2 a2 ʊ2');
  });

  it('finds words whose sounds change in a sentence', () => {
    const ipa = { 'the apple': 'ðɪ æpəl', the: 'ðə', apple: 'æpəl' };
    expect(symbolsOf('the apple', ipa)).toBe('ð0 ɪ0 _ æ1 p1 ə1 l1');
  });

  it('puts the mark behind each clause, and a blank between them', () => {
    expect(symbolsOf('One, two!', {})).toBe('o0 n0 e0 , _ t1 w1 o1 !');
  });

  it('takes sounds apart into the single code points that voices know', () => {
    expect(symbolsOf('an', { an: '\u00e3' })).toBe('a0 \u03030');
  });

  it('keeps every sound of every clause, in order, and gives none to a word that is not there', () => {
    const word = fc.constantFrom('a', 'to', 'the', 'sea', 'often', '42');
    const separator = fc.constantFrom(' ', ', ', '; ', ' – ');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, separator), { minLength: 1, maxLength: 12 }), (parts) => {
        const text = `${parts.map(([said, mark]) => said + mark).join('')}end.`;
        const [sentence] = splitSentences(text);
        if (!sentence) throw new Error('no sentence');
        const symbols = sentenceSymbols(createScriptedEspeak({}), 'en', text, sentence);
        const letters = symbols.filter(({ symbol }) => /\p{L}/u.test(symbol));
        expect(letters.map(({ symbol }) => symbol).join('')).toBe(text.replaceAll(/[^\p{L}]/gu, ''));
        let latest = 0;
        for (const { word: owner } of letters) {
          expect(owner).toBeGreaterThanOrEqual(latest);
          expect(owner).toBeLessThan(sentence.words.length);
          latest = owner;
        }
      }),
    );
  });
});
