import { describe, expect, it } from 'vitest';
import { textLanguage } from '../../../../src-main/modules/conversation/text-language.ts';

describe('textLanguage', () => {
  it.each([
    ['What is the capital of France?', 'de', 'en'],
    ['Was ist die Hauptstadt von Frankreich?', 'en', 'de'],
    ['Quelle est la capitale de la France ?', 'en', 'fr'],
    ['¿Cuál es la capital de Francia?', 'en', 'es'],
    ['Paris', 'de', 'de'],
    ['12345', 'en', 'en'],
    ['', 'de', 'de'],
  ])('finds the language of "%s" (fallback %s): %s', (text, fallback, language) => {
    expect(textLanguage(text, fallback)).toBe(language);
  });
});
