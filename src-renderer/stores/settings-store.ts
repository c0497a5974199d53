import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Setting, SettingValue } from '../../src-preload/contract/index.ts';

export interface SettingsState {
  settings: readonly Setting[];
  load(): Promise<void>;
  /** Shows the new value at once; takes it back and rejects when the core refuses it. */
  set(key: string, value: SettingValue): Promise<void>;
  reset(key: string): Promise<void>;
}

export function createSettingsStore(bridge: Bridge): StoreApi<SettingsState> {
  const store = createStore<SettingsState>()((set, get) => ({
    settings: [],
    async load() {
      set({ settings: await bridge.call('settings.list', {}) });
    },
    async set(key, value) {
      const before = get().settings.find((setting) => setting.key === key);
      if (before) put({ ...before, value });
      try {
        put(await bridge.call('settings.set', { key, value }));
      } catch (error) {
        if (before) put(before);
        throw error;
      }
    },
    async reset(key) {
      put(await bridge.call('settings.reset', { key }));
    },
  }));
  const put = (changed: Setting): void =>
    store.setState(({ settings }) => ({ settings: settings.map((setting) => (setting.key === changed.key ? changed : setting)) }));
  bridge.on('settings.changed', put);
  return store;
}

/** `'system'` → string: what is stored may be any value of that kind. */
export type Widened<Value extends SettingValue> = Value extends string ? string : Value extends number ? number : boolean;

/** Value of a setting, or `fallback` while the list is not loaded or where this core does not know the key. */
export function settingOf<Value extends SettingValue>(state: SettingsState, key: string, fallback: Value): Widened<Value> {
  const value = state.settings.find((setting) => setting.key === key)?.value;
  return (typeof value === typeof fallback ? value : fallback) as Widened<Value>;
}
