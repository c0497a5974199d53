import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { handsErrorsEn } from './hands-errors-en.ts';
import { ERRORS } from './error-text.ts';

/** `de-formal` is German with "Sie"; what it does not say is taken from `de`, and what that does not say from English. */
export type UiLanguage = 'en' | 'de' | 'de-formal';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
    returnNull: false;
  }
}

/** The page's words. English is part of the first bundle, other languages come when they are needed. */
export async function createI18n(language: UiLanguage): Promise<i18n> {
  const instance = createInstance();
  await instance.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en, [ERRORS]: handsErrorsEn } },
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  await setUiLanguage(instance, language);
  return instance;
}

export async function setUiLanguage(instance: i18n, language: UiLanguage): Promise<void> {
  if (language !== 'en' && !instance.hasResourceBundle('de', 'translation')) {
    const [{ de, deFormal }, { errorsDe }] = await Promise.all([import('./de.ts'), import('./errors-de.ts')]);
    instance.addResourceBundle('de', 'translation', de);
    instance.addResourceBundle('de-formal', 'translation', deFormal);
    instance.addResourceBundle('de', ERRORS, errorsDe);
  }
  if (instance.language !== language) await instance.changeLanguage(language);
  document.documentElement.lang = language === 'en' ? 'en' : 'de';
}
