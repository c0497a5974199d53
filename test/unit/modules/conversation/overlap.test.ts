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
    ['on', 'en', 'words'],
  ])('takes "%s" (%s) for %s', (text, language, meaning) => {
    expect(overlapMeaning(text, language, SPOKEN)).toBe(meaning);
  });

  it('takes the same words for words when nothing was spoken', () => {
    expect(overlapMeaning('capital of France is Paris', 'en', '')).toBe('words');
  });
});
