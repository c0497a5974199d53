import type { i18n } from 'i18next';
import type { Services } from '../app/services.ts';
import { settingOf } from '../stores/settings-store.ts';
import { setUiLanguage, type UiLanguage } from './create-i18n.ts';

/** Follows the language of the core's snapshot and the address that German readers have chosen. Runs as long as the page. */
export function keepLanguage(words: i18n, { core, settings, view }: Services): void {
  const apply = (): void => {
    const locale = core.getState().snapshot?.locale;
    if (locale === undefined) return;
    const isFormal = settingOf(settings.getState(), 'appearance.germanAddress', 'du') === 'sie';
    const language: UiLanguage = locale === 'de' && isFormal ? 'de-formal' : locale;
    if (words.language !== language) setUiLanguage(words, language).catch(view.getState().fail);
  };
  core.subscribe(apply);
  settings.subscribe(apply);
}
