import type { Config } from '../../platform/config/index.ts';
import type { Desktop } from './shell.ts';
import { locale } from './window-config.ts';

/** The language of the user interface: the owner's choice, else the system's, else English. */
export function uiLocale(config: Config, desktop: Pick<Desktop, 'systemLocale'> | undefined): 'en' | 'de' {
  const chosen = config.get<'system' | 'en' | 'de'>(locale);
  if (chosen !== 'system') return chosen;
  const system = desktop?.systemLocale() ?? Intl.DateTimeFormat().resolvedOptions().locale;
  return system.toLowerCase().startsWith('de') ? 'de' : 'en';
}
