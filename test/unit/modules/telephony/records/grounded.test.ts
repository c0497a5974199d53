import { describe, expect, it } from 'vitest';
import { isGrounded } from '../../../../../src-main/modules/telephony/records/grounded.ts';

describe('isGrounded', () => {
  it.each([
    ['en', 'wants to meet at 3 on Tuesday', 'can we meet tuesday at three', true],
    ['en', 'wants to meet at 4 on Tuesday', 'can we meet tuesday at three', false],
    ['en', 'wants to meet on Friday', 'can we meet tuesday', false],
    ['en', 'was told that Anna is ill', 'my wife Anna is ill', true],
    ['en', 'was told that Berta is ill', 'my wife Anna is ill', false],
    ['en', 'call back 030901820', 'my number is 030 901 820', true],
    ['de', 'möchte den Termin am Montag verschieben', 'geht es auch am Montag', true],
    ['de', 'möchte Frau Müller sprechen', 'geht es auch am Montag', false],
    ['de', 'das Fenster kostet 250 Euro', 'ein Fenster für 250', true],
    ['de', 'kommt um 12 Uhr', 'wir kommen um zwölf', true],
  ] as const)('%s: %j of %j is %j', (language, text, source, expected) => {
    expect(isGrounded(text, source, { language })).toBe(expected);
  });

  it('knows the roles by which people without a name are called', () => {
    expect(isGrounded('Anruferin', 'hallo', { language: 'de', allNames: true })).toBe(true);
    expect(isGrounded('Peter Lang', 'hallo', { language: 'de', allNames: true })).toBe(false);
  });
});
