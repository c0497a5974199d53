import { describe, expect, it } from 'vitest';
import { textLanguage, withText } from '../../../../src-renderer/features/characters/localized.ts';

describe('withText', () => {
  it('changes both languages as long as they say the same', () => {
    expect(withText({ en: 'Ada', de: 'Ada' }, 'de', 'Frau Ada')).toEqual({ en: 'Frau Ada', de: 'Frau Ada' });
  });

  it('changes one language once they differ', () => {
    expect(withText({ en: 'Warm.', de: 'Warm und ruhig.' }, 'en', 'Cold.')).toEqual({ en: 'Cold.', de: 'Warm und ruhig.' });
  });

  it('fills a language that has no words', () => {
    expect(withText({ en: 'Warm.', de: '' }, 'en', 'Cold.')).toEqual({ en: 'Cold.', de: 'Cold.' });
  });
});

describe('textLanguage', () => {
  it('takes both ways of addressing for German', () => {
    expect(['en', 'de', 'de-formal', 'fr'].map(textLanguage)).toEqual(['en', 'de', 'de', 'en']);
  });
});
