import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanOutput, createOutputCleaner } from '../../../../../src-main/modules/tools/sandbox/output-cleaning.ts';

const ESC = '\u{1b}';

describe('cleanOutput', () => {
  it.each([
    ['colours', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['cursor moves and erasing', `a${ESC}[2K${ESC}[1Ab${ESC}[?25l`, 'ab'],
    ['a window title', `${ESC}]0;owned\u{7}x`, 'x'],
    ['a link, ended by ST', `${ESC}]8;;http://evil.example${ESC}\\text${ESC}]8;;${ESC}\\`, 'text'],
    ['a clipboard write', `${ESC}]52;c;ZXZpbA==\u{7}done`, 'done'],
    ['device control and its kin', `${ESC}Pq#0${ESC}\\a${ESC}_b${ESC}\\c${ESC}^d${ESC}\\e`, 'ace'],
    ['C1 forms of the same', 'a\u{9b}31mb\u{9d}0;t\u{9c}c', 'abc'],
    ['character sets and resets', `${ESC}(0a${ESC}cb`, 'ab'],
    ['control characters', 'a\0b\u{8}c\u{7}d\u{7f}e', 'abcde'],
    ['marks of direction', 'a\u{202e}b\u{2066}c\u{200f}d', 'abcd'],
    ['text in tags and selectors that nobody sees', 'a\u{e0041}\u{e0042}\u{e0100}b\u{200b}c\u{feff}', 'abc'],
    ['a line that overwrites another', 'secret\rharmless\r\nnext', 'secret\nharmless\nnext'],
  ])('takes out %s', (_what, dirty, clean) => expect(cleanOutput(dirty)).toBe(clean));

  it('keeps tabs, lines, languages and joined emoji', () => {
    const text = 'a\tb\nÄÖÜ שלום 日本語 👩‍💻 ने\n';
    expect(cleanOutput(text)).toBe(text);
  });

  it('shows a string that never ends instead of swallowing what follows', () => {
    expect(cleanOutput(`${ESC}]0;title\nrm -rf /`)).toBe('0;title\nrm -rf /');
    expect(cleanOutput(`${ESC}]${'x'.repeat(5000)}`).length).toBeGreaterThan(4900);
  });

  it('replaces bytes that are no UTF-8', () => expect(cleanOutput(Uint8Array.of(0x61, 0xff, 0xc3, 0x62))).toBe('a\u{fffd}\u{fffd}b'));

  it('gives the same for any text, however it is cut, and never a control character', () => {
    const alphabet = fc.constantFrom(
      ESC,
      '[',
      ']',
      '\\',
      '\u{7}',
      '\u{9b}',
      '\u{9d}',
      '\r',
      '\n',
      'm',
      '0',
      ';',
      'a',
      'ß',
      '\u{202e}',
      '😀',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 60 }), fc.nat(), (letters, cut) => {
        const text = letters.join('');
        const whole = cleanOutput(text);
        // Between characters: decoding has its own test.
        const at = letters.length === 0 ? 0 : cut % letters.length;
        const cleaner = createOutputCleaner();
        const pieces = cleaner.push(letters.slice(0, at).join('')) + cleaner.push(letters.slice(at).join('')) + cleaner.end();
        expect(pieces).toBe(whole);
        // oxlint-disable-next-line no-control-regex -- those are what must not be there
        expect(whole).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u);
      }),
      { numRuns: 2000 },
    );
  });
});
