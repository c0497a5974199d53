import type { HandlersFor, Tell } from '../contract-host/index.ts';
import type { Config } from './config.ts';

/** The contract's side of the settings; every change is told to all pages, whoever made it. The subscription lives as long as the config. */
export function createSettingsHandlers(deps: {
  config: Config;
  tell: Tell;
}): HandlersFor<'settings.list' | 'settings.set' | 'settings.reset'> {
  const { config, tell } = deps;
  config.onChange((setting) => tell('settings.changed', setting));
  return {
    'settings.list': () => config.list(),
    'settings.set': ({ key, value }) => config.set(key, value),
    'settings.reset': ({ key }) => config.reset(key),
  };
}
