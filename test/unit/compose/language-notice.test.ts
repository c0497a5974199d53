import { describe, expect, it } from 'vitest';
import { createLanguageNotice } from '../../../src-main/compose/language-notice.ts';
import { createNoticeBoard } from '../../../src-main/platform/notices/index.ts';

function setUp(languages: readonly string[] | undefined) {
  const model = { name: 'Tiny', languages };
  const notices = createNoticeBoard({ tell: () => undefined });
  return { model, notices, answered: createLanguageNotice({ model, notices }), shown: () => notices.snapshot().notices };
}

describe('createLanguageNotice', () => {
  it('names the model that was not made for the language, with the way to another', () => {
    const { answered, shown } = setUp(['en']);
    answered('de');
    expect(shown()).toMatchObject([{ code: 'language.not-its-own', details: { model: 'Tiny' }, action: 'open-models' }]);
  });

  it('says nothing about a language that the model knows, nor about a model of which nothing is known', () => {
    for (const languages of [['en', 'de'], undefined]) {
      const { answered, shown } = setUp(languages);
      answered('de');
      expect(shown()).toEqual([]);
    }
  });

  it('does not come back once it was dismissed, except for another model', () => {
    const { model, notices, answered, shown } = setUp(['en']);
    answered('de');
    notices.dismiss(shown()[0]?.id ?? '');
    answered('de');
    expect(shown()).toEqual([]);
    model.name = 'Other';
    answered('de');
    expect(shown()).toHaveLength(1);
  });
});
