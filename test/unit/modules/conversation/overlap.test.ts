import { describe, expect, it } from 'vitest';
import { overlapMeaning } from '../../../../src-main/modules/conversation/overlap.ts';

const SPOKEN = 'The capital of France is Paris. It lies on the Seine and has two million inhabitants.';

describe('overlapMeaning', () => {
  it.each([
    ['', 'en', 'nothing'],
    [' … ', 'en', 'nothing'],
    ['Mhm.', 'en', 'backchannel'],
    ['uh-huh', 'en', 'backchannel'],
    ['Yeah, okay, I see.', 'en', 'backchannel'],
    ['Ja, genau.', 'de', 'backchannel'],
    ['Ach so', 'de', 'backchannel'],
    ['mhm', 'fr', 'backchannel'],
    ['Stop.', 'en', 'stop'],
    ['Halt!', 'de', 'stop'],
    ['Sei still', 'de', 'stop'],
    ['stop', 'de', 'stop'],
    ['Stop the timer at five', 'en', 'words'],
    ['No', 'en', 'words'],
    ['Wait, what about Spain?', 'en', 'words'],
    ['yeah okay right sure really', 'en', 'words'],
    ['capital of France is Paris', 'en', 'echo'],
    ['The capital of Franz is Paris', 'en', 'echo'],
    ['It lies on the Seine', 'en', 'echo'],
    ['inhabitants', 'en', 'echo'],
    ['Tell me more about the Seine please', 'en', 'words'],
    ['Is Paris the capital', 'en', 'words'],
    ['on', 'en', 'echo'],
    ['Of Franz is', 'en', 'echo'],
    ['has two million in habit', 'en', 'echo'],
    ['The the the the', 'en', 'echo'],
    ['Cheese', 'en', 'backchannel'],
    ['You', 'en', 'backchannel'],
    ['Warum?', 'de', 'words'],
  ])('takes "%s" (%s) for %s', (text, language, meaning) => {
    expect(overlapMeaning({ text, language, voicedMs: 500, spoken: SPOKEN })).toBe(meaning);
  });

  it('takes the same words for words when nothing was spoken', () => {
    expect(overlapMeaning({ text: 'capital of France is Paris', language: 'en', voicedMs: 500, spoken: '' })).toBe('words');
  });

  it('takes a lone word for words when nothing was spoken', () => {
    expect(overlapMeaning({ text: 'Cheese.', language: 'en', voicedMs: 500, spoken: '' })).toBe('words');
  });

  it('takes words without a voice for nothing over an answer, and when it was silent only if they are few', () => {
    const guess = { text: 'You can use it', language: 'en', voicedMs: 64 };
    expect(overlapMeaning({ ...guess, spoken: SPOKEN })).toBe('nothing');
    expect(overlapMeaning({ ...guess, spoken: '' })).toBe('words');
    expect(overlapMeaning({ ...guess, text: 'Thank you.', spoken: '' })).toBe('nothing');
  });

  it('stops even when the assistant has just said the word itself', () => {
    expect(overlapMeaning({ text: 'Stop!', language: 'en', voicedMs: 300, spoken: 'The bus will stop here.' })).toBe('stop');
  });
});
