import { describe, expect, it } from 'vitest';
import type { Character } from '../../../../src-preload/contract/index.ts';
import { characterOf, createCharactersStore } from '../../../../src-renderer/stores/characters-store.ts';
import { inventedCharacter } from '../../../doubles/fake-core-characters.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

const nova = inventedCharacter('default', 'Nova', {});
const rex = inventedCharacter('rex', 'Rex', {});
const ids = (characters: readonly Character[]): string[] => characters.map(({ id }) => id);

describe('createCharactersStore', () => {
  it('asks for the list and finds who is in it', async () => {
    const store = createCharactersStore(createScriptedBridge({ 'characters.list': () => [nova, rex] }));
    expect(store.getState().status).toBe('unknown');
    await store.getState().load();
    expect(store.getState().status).toBe('ready');
    expect(characterOf(store.getState(), 'rex')).toEqual(rex);
    expect(characterOf(store.getState(), 'nobody')).toBeUndefined();
  });

  it('says when the list cannot be had, and keeps the one it has', async () => {
    let works = false;
    const bridge = createScriptedBridge({
      'characters.list': () => {
        if (!works) throw new Error('refused');
        return [nova];
      },
    });
    const store = createCharactersStore(bridge);
    await expect(store.getState().load()).rejects.toThrow('refused');
    expect(store.getState().status).toBe('failed');
    works = true;
    await store.getState().load();
    works = false;
    await expect(store.getState().load()).rejects.toThrow('refused');
    expect(store.getState()).toMatchObject({ status: 'ready', characters: [nova] });
  });

  it('asks again when the core tells of a change, but not before the first visit', async () => {
    let list = [nova];
    const bridge = createScriptedBridge({ 'characters.list': () => list });
    const store = createCharactersStore(bridge);
    bridge.tell('characters.changed', { characterId: null });
    expect(bridge.calls).toEqual([]);
    await store.getState().load();
    list = [nova, rex];
    bridge.tell('characters.changed', { characterId: 'rex' });
    await expect.poll(() => ids(store.getState().characters)).toEqual(['default', 'rex']);
  });

  it('shows the answer to the last question when an older one comes late', async () => {
    const answers: ((characters: Character[]) => void)[] = [];
    const bridge = createScriptedBridge({ 'characters.list': () => new Promise<Character[]>((resolve) => answers.push(resolve)) });
    const store = createCharactersStore(bridge);
    const both = [store.getState().load(), store.getState().load()];
    answers[1]?.([nova, rex]);
    answers[0]?.([nova]);
    await Promise.all(both);
    expect(ids(store.getState().characters)).toEqual(['default', 'rex']);
  });

  it('puts a changed one in its place and a new one at the end', async () => {
    const store = createCharactersStore(createScriptedBridge({ 'characters.list': () => [nova, rex] }));
    await store.getState().load();
    store.getState().put({ ...nova, name: 'Nova 2' });
    store.getState().put(inventedCharacter('ada', 'Ada', {}));
    expect(store.getState().characters.map(({ name }) => name)).toEqual(['Nova 2', 'Rex', 'Ada']);
  });
});
