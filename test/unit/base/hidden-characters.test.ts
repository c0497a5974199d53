import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasHidden, showHidden, withoutHidden } from '../../../src-main/base/hidden-characters.ts';

const tag = String.fromCodePoint(0xe0041);
const selector = String.fromCodePoint(0xe0110);

describe('hidden characters', () => {
  it.each([
    ['a letter of no width', 'a\u200Bb', 'a⟨U+200B⟩b', 'ab'],
    ['a change of direction', 'a\u202Eb\u2066', 'a⟨U+202E⟩b⟨U+2066⟩', 'ab'],
    ['tags', `a${tag}b`, 'a⟨U+E0041⟩b', 'ab'],
    ['variation selectors', `a\uFE0Fb${selector}`, 'a⟨U+FE0F⟩b⟨U+E0110⟩', 'ab'],
    ['fillers of Hangul', 'a\u3164\u115F\uFFA0', 'a⟨U+3164⟩⟨U+115F⟩⟨U+FFA0⟩', 'a'],
    ['a soft hyphen', 'a\u00ADb', 'a⟨U+00AD⟩b', 'ab'],
    ['a blank that is no space', 'rm\u00A0-rf\u3000x\u2800', 'rm⟨U+00A0⟩-rf⟨U+3000⟩x⟨U+2800⟩', 'rm -rf x '],
    ['control characters and half characters', 'a\u001B[2K\r\uD800', 'a⟨U+001B⟩[2K⟨U+000D⟩⟨U+D800⟩', 'a[2K'],
  ])('are found, shown and taken out: %s', (_what, text, shown, without) => {
    expect(hasHidden(text)).toBe(true);
    expect(showHidden(text)).toBe(shown);
    expect(withoutHidden(text)).toBe(without);
  });

  it.each(['ls -la\t~/notes\nwc\r\n', 'Grüße, 世界! עברית', 'Danke ❤️ 👍🏽 👩‍💻 👨‍👩‍👧 1️⃣'])('are not in what people write: %s', (text) => {
    expect(hasHidden(text)).toBe(false);
    expect(showHidden(text)).toBe(text);
  });

  it('are gone once they are shown', () => {
    const anyCharacter = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
    fc.assert(fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (text) => !hasHidden(showHidden(text))));
  });
});
