import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../../../src-main/modules/mcp/clean-text.ts';

/** Also halves of pairs, controls and what nobody has assigned. (The library's own `binary` takes seconds to make.) */
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

describe('cleanText', () => {
  it('keeps what people write, in any script, with its lines', () => {
    const text = 'Grüße, 世界! עברית 👍\n\tsecond line';
    expect(cleanText(text, { maxLength: 100 })).toBe(text);
  });

  it.each([
    ['terminal codes', 'a\u001B[31mb\u001B]0;title\u0007c\u009B2Jd', 'abcd'],
    ['overrides of direction', 'a\u202Eb\u2066c', 'abc'],
    ['letters without width', 'a\u200Bb\u2060c\uFEFFd\u3164e', 'abcde'],
    ['tags that spell in secret', `a${String.fromCodePoint(0xe0041, 0xe0042)}b`, 'ab'],
    ['variation selectors that carry bytes', `a\uFE01${String.fromCodePoint(0xe0110)}b`, 'ab'],
    ['private characters and halves of pairs', 'a\uE000\uD800b', 'ab'],
    ['other ends of line', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
  ])('takes out %s', (_what, text, cleaned) => {
    expect(cleanText(text, { maxLength: 100 })).toBe(cleaned);
  });

  it('never returns more than was asked for, nor anything hidden', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (text, maxLength) => {
        const cleaned = cleanText(text, { maxLength, oneLine: true });
        expect(cleaned.length).toBeLessThanOrEqual(maxLength);
        // oxlint-disable-next-line no-control-regex
        expect(cleaned).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u{E0000}-\u{E0FFF}]/u);
      }),
    );
  });
});
