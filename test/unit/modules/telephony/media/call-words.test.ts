import { describe, expect, it } from 'vitest';
import { greeting, machineMessage } from '../../../../../src-main/modules/telephony/media/call-words.ts';

const names = { assistant: 'Nova', owner: 'Max' };
const out = (purpose: string, language: 'en' | 'de' = 'en', owner = 'Max'): string =>
  greeting({ direction: 'out', role: 'assistant', purpose }, { ...names, owner }, '', language);

describe('greeting', () => {
  it.each([
    ['en', 'an appointment next week', 'It is about an appointment next week.'],
    ['en', 'Ask for an appointment next week. Tuesday is best.', 'I would like to ask for an appointment next week.'],
    ['en', 'Call the dentist and book a cleaning', 'I would like to book a cleaning.'],
    ['en', 'please reserve a table for two', 'I would like to reserve a table for two.'],
    ['en', 'Invoice 4711', 'It is about this: Invoice 4711.'],
    ['de', 'einen Termin nächste Woche', 'Es geht um einen Termin nächste Woche.'],
    ['de', 'Einen Tisch für zwei bestellen.', 'Ich möchte einen Tisch für zwei bestellen.'],
    ['de', 'Frag nach einem Termin', 'Ich möchte nach einem Termin fragen.'],
    ['de', 'Rechnung 4711', 'Es geht um Folgendes: Rechnung 4711.'],
  ] as const)('of a call that goes out (%s, %j) says what it is about', (language, purpose, about) => {
    const first =
      language === 'de'
        ? 'Guten Tag, hier ist Nova, eine digitale Assistenz. Ich rufe im Auftrag von Max an.'
        : 'Hello, this is Nova, a digital assistant. I am calling for Max.';
    expect(out(purpose, language)).toBe(`${first} ${about}`);
  });

  it('names nobody whose name is not known, and says no more than a breath of a long purpose', () => {
    expect(out('', 'en', '')).toBe('Hello, this is Nova, a digital assistant. I am calling on somebody’s behalf.');
    expect(out('', 'de', '')).toBe('Guten Tag, hier ist Nova, eine digitale Assistenz. Ich rufe im Auftrag an.');
    expect(out('word '.repeat(200)).length).toBeLessThan(230);
  });

  it("of a call that comes in is the owner's own, if there is one", () => {
    expect(greeting({ direction: 'in', role: 'assistant', purpose: '' }, names, 'Max here.', 'en')).toBe('Max here.');
    expect(greeting({ direction: 'in', role: 'screening', purpose: '' }, names, 'Max here.', 'en')).toContain('Who is calling');
  });
});

describe('machineMessage', () => {
  it('says who called, for whom, why, and asks to call back', () => {
    expect(machineMessage('the invoice', names, 'en')).toBe(
      'Hello, this is Nova, a digital assistant. I am calling for Max. It is about the invoice. Please call back. Goodbye.',
    );
  });
});
