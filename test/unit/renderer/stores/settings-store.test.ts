import { describe, expect, it } from 'vitest';
import type { Setting } from '../../../../src-preload/contract/index.ts';
import { createSettingsStore, settingOf } from '../../../../src-renderer/stores/settings-store.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

const VOLUME: Setting = { key: 'voice.volume', subject: 'voice', kind: 'number', level: 'common', value: 100, defaultValue: 100 };

describe('createSettingsStore', () => {
  it('shows a change at once and keeps what the core answers', async () => {
    const bridge = createScriptedBridge({
      'settings.list': () => [VOLUME],
      'settings.set': ({ value }) => ({ ...VOLUME, value: Math.round(Number(value)) }),
    });
    const settings = createSettingsStore(bridge);
    await settings.getState().load();
    const setting = settings.getState().set('voice.volume', 49.6);
    expect(settingOf(settings.getState(), 'voice.volume', 0)).toBe(49.6);
    await setting;
    expect(settingOf(settings.getState(), 'voice.volume', 0)).toBe(50);
  });

  it('takes a change back that the core refuses', async () => {
    const settings = createSettingsStore(createScriptedBridge({ 'settings.list': () => [VOLUME] }));
    await settings.getState().load();
    await expect(settings.getState().set('voice.volume', 1000)).rejects.toThrow();
    expect(settingOf(settings.getState(), 'voice.volume', 0)).toBe(100);
  });

  it('follows changes from elsewhere', async () => {
    const bridge = createScriptedBridge({ 'settings.list': () => [VOLUME] });
    const settings = createSettingsStore(bridge);
    await settings.getState().load();
    bridge.tell('settings.changed', { ...VOLUME, value: 20 });
    expect(settingOf(settings.getState(), 'voice.volume', 0)).toBe(20);
  });
});

describe('settingOf', () => {
  it('gives the fallback for a key that this core does not know, and for a value of another kind', async () => {
    const settings = createSettingsStore(createScriptedBridge({ 'settings.list': () => [{ ...VOLUME, value: 'loud' }] }));
    await settings.getState().load();
    expect([settingOf(settings.getState(), 'voice.volume', 70), settingOf(settings.getState(), 'no.such', true)]).toEqual([70, true]);
  });
});
