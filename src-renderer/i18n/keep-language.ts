import type { i18n } from 'i18next';
import type { Services } from '../app/services.ts';
import { settingOf } from '../stores/settings-store.ts';
import { setUiLanguage, type UiLanguage } from './create-i18n.ts';

/** Follows the language of the core's snapshot and the address that German readers have chosen. Runs as long as the page. */
export function keepLanguage(words: i18n, { core, settings, view }: Services): void {
  let applying = Promise.resolve();
  // One after the other: loading a catalogue takes a moment, and the last wish has to win.
  const apply = (): void => {
    applying = applying.then(async () => {
      const wanted = wantedLanguage(core.getState().snapshot?.locale, settingOf(settings.getState(), 'appearance.germanAddress', 'du'));
      if (wanted !== undefined && wanted !== words.language) await setUiLanguage(words, wanted);
    }, view.getState().fail);
  };
  core.subscribe(apply);
  settings.subscribe(apply);
}

function wantedLanguage(locale: 'en' | 'de' | undefined, address: string): UiLanguage | undefined {
  return locale === 'de' && address === 'sie' ? 'de-formal' : locale;
}
