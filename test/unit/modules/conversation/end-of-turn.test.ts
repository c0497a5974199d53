import { describe, expect, it } from 'vitest';
import { completionDelayMs, endOfTurnProfiles, readsAs } from '../../../../src-main/modules/conversation/end-of-turn.ts';

describe('readsAs', () => {
  it.each([
    ['What time is it?', 'en', 'finished'],
    ['Turn on the light', 'en', 'unclear'],
    ['I want to', 'en', 'open'],
    ['So then I said and.', 'en', 'open'],
    ['First,', 'en', 'open'],
    ['I was thinking…', 'en', 'open'],
    ['Ich möchte, dass', 'de', 'open'],
    ['Wie spät ist es?', 'de', 'finished'],
    ['Um', 'en', 'open'],
  ])('reads "%s" (%s) as %s', (text, language, reading) => {
    expect(readsAs(text, language)).toBe(reading);
  });
});

describe('completionDelayMs', () => {
  const text = 'What time is it?';
  it('never waits shorter the less complete the turn sounds', () => {
    for (const profile of Object.values(endOfTurnProfiles)) {
      const delays = [0.99, 0.7, 0.3, 0.01].map((probability) => completionDelayMs({ probability, text, language: 'en' }, profile));
      expect(delays).toEqual(delays.toSorted((left, right) => left - right));
      expect(new Set(delays).size).toBe(4);
    }
  });

  it('lets open words outvote a voice that sounds complete', () => {
    expect(completionDelayMs({ probability: 0.99, text: 'I want to', language: 'en' }, endOfTurnProfiles.normal)).toBe(
      endOfTurnProfiles.normal.surelyIncompleteMs,
    );
  });

  it('takes the middle way without a turn model', () => {
    expect(completionDelayMs({ probability: undefined, text, language: 'en' }, endOfTurnProfiles.normal)).toBe(
      endOfTurnProfiles.normal.completeMs,
    );
  });
});
