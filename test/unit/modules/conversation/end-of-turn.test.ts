import { describe, expect, it } from 'vitest';
import { completionDelayMs, endOfTurnProfiles, readsAs } from '../../../../src-main/modules/conversation/end-of-turn.ts';

describe('readsAs', () => {
  it.each([
    ['What time is it?', 'en', 'question'],
    ['Which country has the most people,', 'en', 'question'],
    ['Turn on the light', 'en', 'unclear'],
    ['Turn on the light.', 'en', 'statement'],
    ['I want to', 'en', 'open'],
    ['So then I said and.', 'en', 'open'],
    ['First,', 'en', 'open'],
    ['I was thinking…', 'en', 'open'],
    ['Can you remind me?', 'en', 'open'],
    ['What is the difference between?', 'en', 'open'],
    ['If it rains tomorrow.', 'en', 'open'],
    ['If it rains tomorrow, what should we do?', 'en', 'question'],
    ['Ich möchte, dass', 'de', 'open'],
    ['Wie spät ist es?', 'de', 'question'],
    ['Kannst du mir sagen', 'de', 'open'],
    ['Wenn es morgen regnet', 'de', 'open'],
    ['Um', 'en', 'open'],
  ])('reads "%s" (%s) as %s', (text, language, reading) => {
    expect(readsAs(text, language)).toBe(reading);
  });
});

describe('completionDelayMs', () => {
  it('never waits shorter the less complete the turn sounds', () => {
    for (const profile of Object.values(endOfTurnProfiles)) {
      for (const text of ['What time is it?', 'Turn on the light.', 'Turn on the light', 'I want to']) {
        const delays = [0.99, 0.7, 0.3, 0.01].map((probability) => completionDelayMs({ probability, text, language: 'en' }, profile));
        expect(delays).toEqual(delays.toSorted((left, right) => left - right));
        expect(new Set(delays).size).toBe(2);
      }
    }
  });

  it('waits longer the more the words leave open', () => {
    const delays = ['What time is it?', 'Turn on the light.', 'I want to'].map((text) =>
      completionDelayMs({ probability: 0.95, text, language: 'en' }, endOfTurnProfiles.normal),
    );
    expect(delays).toEqual([
      endOfTurnProfiles.normal.surelyCompleteMs,
      endOfTurnProfiles.normal.openMs,
      endOfTurnProfiles.normal.incompleteMs,
    ]);
  });

  it('takes the middle way without a turn model', () => {
    expect(completionDelayMs({ probability: undefined, text: 'What time is it?', language: 'en' }, endOfTurnProfiles.normal)).toBe(
      endOfTurnProfiles.normal.completeMs,
    );
  });
});
