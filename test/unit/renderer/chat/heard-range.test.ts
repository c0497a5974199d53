import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../../src-renderer/features/chat/heard-range.ts';

/** The rendered text that was heard, pieces joined. */
function heard(raw: string, pieces: string[], heardText: string): string {
  const heardChars = raw.indexOf(heardText) + heardText.length;
  const place = placeOf(raw, heardChars, pieces);
  if (!place) return pieces.join('');
  return pieces.slice(0, place.piece).join('') + (pieces[place.piece] ?? '').slice(0, place.offset);
}

describe('placeOf', () => {
  it('finds the place in plain text', () => {
    expect(heard('The sea is young.', ['The sea is young.'], 'The sea')).toBe('The sea ');
  });

  it('steps over marks that are not rendered', () => {
    const raw = 'It is **very** wide, and `deep` too.';
    const pieces = ['It is ', 'very', ' wide, and ', 'deep', ' too.'];
    expect(heard(raw, pieces, 'It is **ve')).toBe('It is ve');
    expect(heard(raw, pieces, 'wide, and `deep`')).toBe('It is very wide, and deep ');
  });

  it('does not look for words in addresses', () => {
    const raw = 'Read [the docs](https://example.com/and/then/more) and then stop.';
    expect(heard(raw, ['Read ', 'the docs', ' and then stop.'], 'and then')).toBe('Read the docs and then ');
  });

  it('keeps its place at signs that the renderer made', () => {
    expect(heard('- one\n- two\n', ['•', 'one', '•', 'two'], '- one')).toBe('•one•');
  });

  it('says nothing when all was heard, and begins at the first word when nothing was', () => {
    expect(placeOf('All heard.', 10, ['All heard.'])).toBeUndefined();
    expect(placeOf('**None** heard.', 0, ['None', ' heard.'])).toEqual({ piece: 0, offset: 0 });
  });
});
