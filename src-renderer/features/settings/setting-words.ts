import { useTranslation } from 'react-i18next';
import type { Setting } from '../../../src-preload/contract/index.ts';

export interface SettingWords {
  title: string;
  hint: string;
  /** Name of a choice; the choice itself where the catalogue has none (ids of voices, codes). */
  choice: (choice: string) => string;
  /** "days" in the reader's language; signs such as % are the same in all. */
  unit: (unit: string) => string;
}

/** Words of a setting by its key. A setting of a newer core that the catalogue does not know goes by its key. */
export function useSettingWords(): (setting: Setting) => SettingWords {
  const { t, i18n } = useTranslation();
  // Keys come from the core at run time; the i18n test holds them against the settings of all modules.
  const text = (key: string): string | undefined => (i18n.exists(key) ? String(t(key as never)) : undefined);
  return (setting) => ({
    title: text(`settings.${setting.key}.title`) ?? setting.key,
    hint: text(`settings.${setting.key}.hint`) ?? '',
    choice: (choice) => text(`settings.${setting.key}.choices.${choice}`) ?? choice,
    unit: (unit) => text(`settings.units.${unit}`) ?? unit,
  });
}
