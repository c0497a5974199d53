import type { InputMode } from '../../src-preload/contract/index.ts';
import { settingOf, type SettingsState } from '../stores/settings-store.ts';

/** How the owner wants to talk, as the settings say it. */
export function talkMode(settings: SettingsState): InputMode {
  return settingOf(settings, 'talk.mode', 'hands-free') === 'push-to-talk' ? 'push-to-talk' : 'hands-free';
}
