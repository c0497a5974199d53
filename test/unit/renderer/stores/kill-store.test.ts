import { describe, expect, it } from 'vitest';
import { createKillStore, isSilenced, isStopped } from '../../../../src-renderer/stores/kill-store.ts';
import { KILL_RUNNING, KILL_STOPPED } from '../../../doubles/fake-core-hands-data.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

describe('createKillStore', () => {
  it('shows a stop that came from anywhere, and one that came while nobody listened', async () => {
    let now = KILL_RUNNING;
    const bridge = createScriptedBridge({ 'killswitch.snapshot': () => now });
    const store = createKillStore(bridge);
    await store.getState().load();
    expect(isStopped(store.getState().kill)).toBe(false);
    bridge.tell('killswitch.changed', KILL_STOPPED);
    expect(store.getState().kill).toEqual(KILL_STOPPED);
    bridge.tell('killswitch.changed', KILL_RUNNING);
    now = KILL_STOPPED;
    bridge.setConnection('lost');
    bridge.setConnection('open');
    await new Promise((resolve) => setTimeout(resolve));
    expect(store.getState().kill).toEqual(KILL_STOPPED);
  });

  it('stays stopped when lifting is refused', async () => {
    const refused = new Error('That is not the phrase.');
    const bridge = createScriptedBridge({ 'killswitch.snapshot': () => KILL_STOPPED, 'killswitch.lift': () => Promise.reject(refused) });
    const store = createKillStore(bridge);
    await store.getState().load();
    await expect(store.getState().lift({ token: 't', phrase: 'wrong' })).rejects.toBe(refused);
    expect(isStopped(store.getState().kill)).toBe(true);
  });
});

describe('isSilenced', () => {
  it('holds from the first level on, and when the language model alone is cut off', () => {
    expect(isSilenced(undefined)).toBe(false);
    expect(isSilenced(KILL_RUNNING)).toBe(false);
    expect(isSilenced({ ...KILL_RUNNING, level: 1 })).toBe(true);
    expect(isSilenced({ ...KILL_RUNNING, languageCutOff: true })).toBe(true);
  });
});
