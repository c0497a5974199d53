/** Words in both languages of the app. */
export interface Localized {
  en: string;
  de: string;
}

/** i18next's language (`de-formal` too) as one of the two that characters have. */
export function textLanguage(uiLanguage: string): keyof Localized {
  return uiLanguage.startsWith('de') ? 'de' : 'en';
}

/**
 * `words` with the text of one language changed. An own character says the same in both languages until somebody makes them differ: so a change goes
 * into both as long as they are alike.
 */
export function withText(words: Localized, language: keyof Localized, text: string): Localized {
  return words.en === words.de || words[language === 'en' ? 'de' : 'en'] === '' ? { en: text, de: text } : { ...words, [language]: text };
}
