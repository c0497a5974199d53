import { describe, expect, it } from 'vitest';
import { sentimentOf } from '../../../../../src-main/modules/telephony/records/sentiment.ts';

const caller = (text: string) => [{ speaker: 'caller' as const, text }];

describe('sentimentOf', () => {
  it.each([
    ['Thank you so much, that was really helpful, great!', 1],
    ['Vielen Dank, das ist ja wunderbar, ich freue mich. Sehr freundlich, prima.', 1],
    ['This is unacceptable, I want to complain, the thing is broken again.', -1],
    ['Das ist eine Frechheit, ich bin enttäuscht, das Gerät ist kaputt.', -1],
  ])('tells the tone of "%s"', (text, mark) => {
    expect(sentimentOf(caller(text))).toBe(mark);
  });

  it('is careful with few words, turns negations, and does not take "no problem" for a complaint', () => {
    expect(sentimentOf(caller('Good.'))).toBeCloseTo(0.33);
    expect(sentimentOf(caller('That is not good at all.'))).toBeLessThan(0);
    expect(sentimentOf(caller('Das ist nicht schlecht.'))).toBe(0);
    expect(sentimentOf(caller('No problem. Kein Problem.'))).toBe(0);
  });

  it('looks only at the other end, and says nothing where it said nothing', () => {
    expect(sentimentOf([{ speaker: 'assistant', text: 'Great, wonderful, perfect!' }])).toBeNull();
    expect(sentimentOf(caller('The train leaves at seven.'))).toBe(0);
    expect(sentimentOf([])).toBeNull();
  });
});
