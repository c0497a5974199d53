import { describe, expect, it } from 'vitest';
import type { CallSegment } from '../../../../../src-preload/contract/index.ts';
import { plainSummary, withCallBack } from '../../../../../src-main/modules/telephony/records/plain-summary.ts';

const caller = (text: string): CallSegment => ({ speaker: 'caller', text, startMs: 0, endMs: 1 });
const record = (segments: CallSegment[], name = '', number = '') => ({ segments, call: { party: { name, number } } });

describe('plainSummary', () => {
  it('says who it was, what they want, and how to reach them', () => {
    const said = [
      { ...caller('Hello, how can I help?'), speaker: 'assistant' as const },
      caller('Hello.'),
      caller('My name is Anna Weber. The weather is nice. I would like to move my appointment to Thursday.'),
      caller('My number is 030 901 820. Please call me back.'),
    ];
    expect(plainSummary(record(said), 'en')).toEqual({
      summary: 'Anna Weber: I would like to move my appointment to Thursday. My number is 030 901 820. Please call me back.',
      tasks: ['Please call me back.'],
    });
    expect(
      plainSummary(
        record([caller('Hier ist die Werkstatt. Der Wagen ist fertig. Rufen Sie uns bitte zurück.')], 'Auto Lang', '+4930'),
        'de',
      ),
    ).toEqual({
      summary: 'Auto Lang: Hier ist die Werkstatt. Der Wagen ist fertig. Rufen Sie uns bitte zurück. Rückruf: +4930',
      tasks: ['Rufen Sie uns bitte zurück.'],
    });
  });

  it('takes sentences with days and numbers before others, and what this side has promised', () => {
    const said = [
      caller('This is nice weather we have today here. How are you all doing? The heating was checked by us. It was a lot of work.'),
      caller('The appointment has to be moved to Thursday at nine.'),
      { ...caller('Is that all? I will tell him that it is Thursday at nine. Goodbye.'), speaker: 'assistant' as const },
    ];
    expect(plainSummary(record(said), 'en').summary).toBe(
      'This is nice weather we have today here. How are you all doing? The appointment has to be moved to Thursday at nine. Agreed: I will tell him that it is Thursday at nine.',
    );
    const german = [
      caller('Am Mittwoch kommt der Monteur um zehn Uhr.'),
      { ...caller('Ich richte es gern aus.'), speaker: 'owner' as const },
    ];
    expect(plainSummary(record(german, 'Frau Schulze'), 'de').summary).toBe(
      'Frau Schulze: Am Mittwoch kommt der Monteur um zehn Uhr. Vereinbart: Ich richte es gern aus.',
    );
  });

  it('finds the name where they introduce themselves, also when it is not among what they wish', () => {
    const long = [
      'This is Doctor Brown.',
      'I have a question.',
      'I need the drawings today.',
      'I want them on paper.',
      'The office closes at five today.',
    ];
    expect(plainSummary(record([caller(long.join(' '))]), 'en').summary).toMatch(/^Doctor Brown: /);
    expect(plainSummary(record([caller('Hier spricht Frau Özdemir. Es geht um das Dach.')]), 'de').summary).toBe(
      'Hier spricht Frau Özdemir. Es geht um das Dach.',
    );
  });

  it('hears a number that is said digit by digit, and names it once', () => {
    const said = record([caller('Call me on zero three zero nine zero one please')]);
    expect(withCallBack('Anna called.', said, 'en')).toBe('Anna called. Call back: 030901');
    expect(withCallBack('Anna called, 030 901.', said, 'en')).toBe('Anna called, 030 901.');
    expect(withCallBack('Anna rief an.', record([caller('Danke.')], '', '+4930'), 'de')).toBe('Anna rief an.');
  });

  it('takes no sum, date or number of a paper for one to call back', () => {
    const other = [
      'The repair costs 12,500 euros.',
      'I am calling about invoice 20241187.',
      'I am calling about the offer of 24.12.2026.',
      'Es geht um die Rechnungsnummer 4711 0815.',
      'It was built in 1988 and 1992.',
    ];
    for (const text of other) expect(withCallBack('Short.', record([caller(text)], '', '+4930'), 'en')).toBe('Short.');
    const asked = [caller(`${other.join(' ')} Please call me back on 24.12.2026.`)];
    expect(withCallBack('Short.', record(asked, '', '+4930'), 'en')).toBe('Short. Call back: +4930');
  });

  it('takes the number that follows where a number was spoken of, also by this side', () => {
    const follows = [caller('Please call me back. It is 030 901 820.')];
    expect(withCallBack('Short.', record(follows), 'en')).toBe('Short. Call back: 030901820');
    const question: CallSegment = { ...caller('Unter welcher Nummer sind Sie zu erreichen?'), speaker: 'assistant' };
    expect(withCallBack('Kurz.', record([question, caller('030 901 820.')]), 'de')).toBe('Kurz. Rückruf: 030901820');
    expect(withCallBack('Kurz.', record([caller('Ich bin unter 0171 555 0199 erreichbar.')]), 'de')).toBe('Kurz. Rückruf: 01715550199');
  });

  it('has nothing of a call in which the other end said nothing', () => {
    expect(plainSummary(record([], 'Anna', '+4930'), 'en')).toEqual({ summary: '', tasks: [] });
    expect(plainSummary(record([caller('Hello?')]), 'en')).toEqual({ summary: 'Hello?', tasks: [] });
  });

  it('stays short and quick whatever is said', () => {
    const endless = ['please call '.repeat(20_000), 'bitte '.repeat(20_000), 'one two '.repeat(20_000), 'This is A'.repeat(20_000)].map(
      caller,
    );
    const { summary, tasks } = plainSummary(record(endless), 'en');
    expect(summary.length).toBeLessThanOrEqual(800);
    expect(tasks.every((task) => task.length <= 200)).toBe(true);
  });
});
