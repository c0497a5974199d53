import type { HandlersFor } from '../contract-host/index.ts';
import type { Vault } from './vault.ts';

/** The contract's side of the vault: values go in and never come back. */
export function createVaultHandlers({ vault }: { vault: Vault }): HandlersFor<'vault.list' | 'vault.set' | 'vault.remove'> {
  return {
    'vault.list': () => vault.list(),
    'vault.set': ({ name, value, hosts }) => vault.set({ name, value: value.trim(), hosts }),
    'vault.remove': ({ name }) => vault.remove(name),
  };
}
