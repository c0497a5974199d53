import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanTranscript, joinTexts } from '../../../../src-main/inference/recognition/transcript-cleaning.ts';

describe('cleanTranscript', () => {
  it.each([
    ['', ''],
    ['   ', ''],
    ['.', ''],
    ['…!?', ''],
    ['♪', ''],
    ['[BLANK_AUDIO]', ''],
    [' (wind blowing) ', ''],
    ['[Music] [Applause]', ''],
    ['you you you you you you you', ''],
    ["I'm I'm I'm I'm I'm I'm", ''],
    ['ha. Ha! HA, ha; ha ha', ''],
    ['the end the end the end', ''],
  ])('makes nothing of %j', (text, cleaned) => {
    expect(cleanTranscript(text)).toBe(cleaned);
  });

  it.each([
    ['  Hello   there. ', 'Hello there.'],
    ['[MUSIC] Good morning!', 'Good morning!'],
    ['No, no, no, no!', 'No, no, no, no!'],
    ['Ja.', 'Ja.'],
    ['42', '42'],
    ['Где моя книга?', 'Где моя книга?'],
    ['今日は', '今日は'],
    ['I say no no no no no no', 'I say no no no no no no'],
  ])('keeps the words of %j', (text, cleaned) => {
    expect(cleanTranscript(text)).toBe(cleaned);
  });

  it('is the same when it is done twice, and never ends in blanks', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = cleanTranscript(text);
        expect(cleanTranscript(once)).toBe(once);
        expect(once).toBe(once.trim());
      }),
    );
  });
});

describe('joinTexts', () => {
  it('joins the pieces of a speech with single blanks and leaves empty ones out', () => {
    expect(joinTexts(['One two.', '', 'Three.'])).toBe('One two. Three.');
    expect(joinTexts([])).toBe('');
  });
});
