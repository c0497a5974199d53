import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Character } from '../../src-preload/contract/index.ts';

/** Everyone who could be on the stage. */
export interface CharactersState {
  /** Shipped ones first, then by name, as the core lists them. */
  characters: readonly Character[];
  status: 'unknown' | 'loading' | 'ready' | 'failed';
  /** Asks for the list, once at a time; rejects when the core does not answer. */
  load(): Promise<void>;
  /** Puts a changed or new one into the list without asking for all. */
  put(character: Character): void;
}

/** Whom a session begins with that has never heard of another. */
export const FIRST_CHARACTER = 'default';

export function createCharactersStore(bridge: Bridge): StoreApi<CharactersState> {
  let asked = 0;
  const store = createStore<CharactersState>()((set) => ({
    characters: [],
    status: 'unknown',
    async load() {
      asked += 1;
      const own = asked;
      set(({ status }) => ({ status: status === 'ready' ? 'ready' : 'loading' }));
      try {
        const characters = await bridge.call('characters.list', {});
        // An answer that a later question has overtaken is older than what is known.
        if (own === asked) set({ characters, status: 'ready' });
      } catch (error) {
        if (own === asked) set(({ status }) => ({ status: status === 'ready' ? 'ready' : 'failed' }));
        throw error;
      }
    },
    put: (character) => set(({ characters }) => ({ characters: withCharacter(characters, character) })),
  }));
  bridge.on('characters.changed', () => {
    // The next visit or the next change asks again; nobody waits for this one.
    if (store.getState().status !== 'unknown')
      store
        .getState()
        .load()
        .catch(() => undefined);
  });
  return store;
}

function withCharacter(characters: readonly Character[], changed: Character): readonly Character[] {
  return characters.some(({ id }) => id === changed.id)
    ? characters.map((character) => (character.id === changed.id ? changed : character))
    : [...characters, changed];
}

/** The one with that id; while the list is on its way, or when it was deleted elsewhere, undefined. */
export function characterOf({ characters }: CharactersState, id: string): Character | undefined {
  return characters.find((character) => character.id === id);
}
