import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phraseFor, spokenAnswer, spokenQuestion } from '../../../../src-main/modules/tools/spoken-answer.ts';

const plain = phraseFor(false, Math.random);
const numbered = phraseFor(true, () => 0.4);

describe('spokenAnswer', () => {
  it('takes the exact phrase in either language, however a recogniser writes it', () => {
    for (const words of ['Yes, run it.', 'yes run it', 'YES RUN IT!', 'Ja, ausführen.', 'ja ausfuehren', 'Okay, yes, run it.'])
      expect([words, spokenAnswer(words, plain)]).toEqual([words, 'yes']);
  });

  it('takes nothing but the whole phrase for a yes', () => {
    for (const words of [
      'yes',
      'run it',
      'ja',
      'yes, run it and delete everything',
      'he said yes run it',
      'sure',
      'ok',
      'yes, run number five',
      '',
    ])
      expect([words, spokenAnswer(words, plain)]).toEqual([words, undefined]);
  });

  it('wants the number of the question after text from outside', () => {
    expect(numbered).toEqual({ en: 'yes, run number five', de: 'ja, Nummer fünf ausführen' });
    for (const words of ['Yes, run number 5.', 'yes run number five', 'Ja, Nummer 5 ausführen.'])
      expect([words, spokenAnswer(words, numbered)]).toEqual([words, 'yes']);
    for (const words of ['yes, run it', 'yes, run number 6', 'yes run number four'])
      expect([words, spokenAnswer(words, numbered)]).toEqual([words, undefined]);
  });

  it('takes any plain no', () => {
    for (const words of ['No.', 'no thanks', "Don't do it.", 'Nein danke', 'Stop.', 'Abbrechen', 'Lass es!', 'cancel that'])
      expect([words, spokenAnswer(words, plain)]).toEqual([words, 'no']);
  });

  it('does not hear its own question as a yes, whatever end of it is caught', () => {
    for (const language of ['en', 'de']) {
      const words = spokenQuestion({ summary: 'Delete notes', details: [], sandboxed: false }, plain, language).split(' ');
      for (let from = 0; from < words.length; from += 1) expect(spokenAnswer(words.slice(from).join(' '), plain)).not.toBe('yes');
    }
  });

  it('says where the rest is of what is too long to be said', () => {
    const plan = { summary: 'Run cat a b c …', details: [], sandboxed: true };
    expect(spokenQuestion(plan, plain, 'en')).toContain('Run cat a b c … All of it is on the screen.');
  });

  it('never takes random words for a yes', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (words) => spokenAnswer(words, numbered) !== 'yes'));
  });
});
