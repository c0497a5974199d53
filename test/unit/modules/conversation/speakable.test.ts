import { assert, constantFrom, array, property, string, oneof } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeBlockPhrase, speakableText } from '../../../../src-main/modules/conversation/speakable.ts';

const spoken = (raw: string, language = 'en'): string => speakableText(raw, { language, rawStart: 0, atLineStart: true }).text;

describe('speakableText', () => {
  it.each([
    ['**Bold** and *it* and _em_ `code` ~~no~~', 'Bold and it and em code no'],
    ['***both*** and snake_case_name', 'both and snake_case_name'],
    ['# Title\n- one\n- two **x**\n1. first\n', 'Title. one. two x. 1, first.'],
    ['- [x] done\n', 'done.'],
    ['| a | b |\n|---|---|\n| 1 | 2 |\n', 'a, b. 1, 2.'],
    ['> quoted\n---\nend', 'quoted, end'],
    ['See [the docs](https://example.com/a_(b)) now', 'See the docs now'],
    ['![a cat](cat.png)', 'a cat'],
    ['[text][1] and a source [2, 3] and [^4].', 'text and a source and.'],
    ['Go to https://www.example.com/path?q=1.', 'Go to example dot com.'],
    ['mail me@home.com', 'mail me at home dot com'],
    ['<b>hi</b><br>&amp; &lt;3 &#39;x&#39;', "hi & <3 'x'"],
    ['😀 hi 👨‍👩‍👧 there 🇩🇪 1️⃣!', 'hi there!'],
    ['5 * 3 is 15', '5 times 3 is 15'],
    [String.raw`2 \* 3 and \[x\]`, '2 times 3 and x'],
    ['He said "ok".', 'He said "ok".'],
    ['control\u0001\u0000 chars\u200b', 'control chars'],
  ])('takes away what is there for the eye: %j', (raw, expected) => {
    expect(spoken(raw)).toBe(expected);
  });

  it.each([
    ['Dr. Smith met Ms. Jones vs. Prof. X', 'Doctor Smith met Miz Jones versus Professor X'],
    ['e.g. this, i.e. that, etc. and', 'for example this, that is that, et cetera and'],
    ['It costs $42.50, $1, $0.99 or $3.00.', 'It costs 42 dollars and 50 cents, 1 dollar, 99 cents or 3 dollars.'],
    ['$1,000 and $1.5 million and $5M', '1,000 dollars and 1.5 million dollars and 5 million dollars'],
    ['€5, £5.01 and $5-10', '5 euros, 5 pounds and 1 penny and 5 to 10 dollars'],
    ['On 2026-10-03 or 10/03/2026 or Oct 3', 'On October 3rd, 20 26 or October 3rd, 20 26 or October 3rd'],
    ['at 10:00, 14:30 and 3:05 p.m. we', "at 10 o'clock, 14 30 and 3 oh 5 PM we"],
    ['at 3 p.m. We go', 'at 3 PM. We go'],
    ['In 1999, in 1905 and in 2005', 'In 19 99, in 19 oh 5 and in 2005'],
    ['the 1990s', 'the 19 nineties'],
    ['5 km, 1 km, 20°C, 100 km/h, 20 m²', '5 kilometers, 1 kilometer, 20 degrees Celsius, 100 kilometers per hour, 20 square meters'],
    ['10–20 and 5-10 but 555-1234', '10 to 20 and 5 to 10 but 555-1234'],
    ['1/2 cup, 24/7, 5/10', 'one half cup, 24 7, 5 out of 10'],
    ['C# and No. 5 and #1', 'C sharp and number 5 and number 1'],
    ['x² + y^2', 'x squared + y to the power of 2'],
    ['version 3.5.1 costs 3.14', 'version 3.5.1 costs 3.14'],
  ])('writes out what an English voice gets wrong: %j', (raw, expected) => {
    expect(spoken(raw)).toBe(expected);
  });

  it.each([
    ['Dr. Müller, z. B. hier, d. h. so, u. a. Autos', 'Doktor Müller, zum Beispiel hier, das heißt so, unter anderem Autos'],
    ['Tiere usw. Dann kam er, bzw. ca. zehn', 'Tiere und so weiter. Dann kam er, beziehungsweise circa zehn'],
    ['42,50 €, 1 €, 0,99 €, 1.000 € und $5', '42 Euro 50, ein Euro, 99 Cent, 1.000 Euro und 5 Dollar'],
    ['am 3.10.2026, 3. Oktober, der 2. Versuch', 'am dritten Oktober 2026, dritter Oktober, der zweite Versuch'],
    ['im 21. Jahrhundert, in der 3. Klasse, ein 3. Mal', 'im einundzwanzigsten Jahrhundert, in der dritten Klasse, ein drittes Mal'],
    ['um 14:30 Uhr, 09:05 Uhr und 14:00', 'um 14 Uhr 30, 9 Uhr 5 und 14 Uhr'],
    ['1999 waren es 3 Mio. Euro', '19 hundert 99 waren es 3 Millionen Euro'],
    ['5 km bei 20 °C, 100 km/h, 5 Min. warten', '5 Kilometer bei 20 Grad Celsius, 100 Kilometer pro Stunde, 5 Minuten warten'],
    ['10–20 oder 1/2 Liter', '10 bis 20 oder ein halb Liter'],
    ['die EU, S. 5, Hauptstr. 5', 'die E U, Seite 5, Hauptstraße 5'],
    ['auf www.test.de', 'auf test Punkt D E'],
    ['Er hat 3. Dann ging er.', 'Er hat 3. Dann ging er.'],
  ])('writes out what a German voice gets wrong: %j', (raw, expected) => {
    expect(spoken(raw, 'de')).toBe(expected);
  });

  it('takes a number for that of a list only at the beginning of a line', () => {
    expect(speakableText('2. Then', { language: 'en', rawStart: 9, atLineStart: false }).text).toBe('2. Then');
    expect(speakableText('2. Then', { language: 'en', rawStart: 9, atLineStart: true }).text).toBe('2, Then');
  });

  it('leaves plain words of any language as they are', () => {
    for (const text of ['Bonjour, ça va bien ?', 'Привет, как дела?', '你好，世界。', 'مرحبا'])
      expect(spoken(text, 'fr')).toBe(text.replace(' ?', '?'));
  });

  it('says where each character came from', () => {
    const { text, offsets } = speakableText('**Hi** [you](http://a.b)!', { language: 'en', rawStart: 100, atLineStart: true });
    expect({ text, offsets }).toEqual({ text: 'Hi you!', offsets: [102, 103, 106, 108, 109, 110, 124] });
  });

  it('keeps offsets in order and within the text, whatever the text is', () => {
    const fragment = constantFrom(
      '**',
      '[a](b)',
      '```',
      '$42.50 ',
      '3. Oktober ',
      '# ',
      '\n',
      '- ',
      '| x |',
      'z. B. ',
      '5 km',
      '😀',
      '&amp;',
      'https://a.de/x',
      '\ud800',
      '14:30',
      'word ',
    );
    const language = constantFrom('en', 'de', 'fr');
    assert(
      property(array(oneof(fragment, string())), language, (parts, spokenIn) => {
        const raw = parts.join('');
        const { text, offsets } = speakableText(raw, { language: spokenIn, rawStart: 50, atLineStart: true });
        expect(offsets).toHaveLength(text.length);
        expect(offsets).toEqual(offsets.toSorted((left, right) => left - right));
        for (const offset of offsets) expect(offset >= 50 && offset < 50 + raw.length).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('codeBlockPhrase', () => {
  it('speaks the language, English where it has no words', () => {
    expect([codeBlockPhrase('en'), codeBlockPhrase('de'), codeBlockPhrase('xx')]).toEqual(['Code block.', 'Codeblock.', 'Code block.']);
  });
});
