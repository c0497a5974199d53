import type { LanguageCode, LanguageModel } from '../inference/contracts/index.ts';
import type { NoticeBoard } from '../platform/notices/index.ts';

/**
 * Tells the owner, once for each model and language, that the answers they hear are poor because the model was not made for that language.
 * Returns what is to be called after each answer.
 */
export function createLanguageNotice(deps: {
  model: Pick<LanguageModel, 'name' | 'languages'>;
  notices: Pick<NoticeBoard, 'raise'>;
}): (language: LanguageCode) => void {
  const told = new Set<string>();
  return (language) => {
    const { name, languages } = deps.model;
    const key = `${name}|${language}`;
    if (languages === undefined || languages.includes(language) || told.has(key)) return;
    told.add(key);
    deps.notices.raise({
      level: 'info',
      code: 'language.not-its-own',
      message: `${name} was not made for the language you speak, so its answers are poor. Choose another model on the Models page.`,
      details: { model: name },
      action: 'open-models',
      part: 'language',
    });
  };
}
