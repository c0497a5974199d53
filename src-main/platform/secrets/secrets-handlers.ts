import type { HandlersFor } from '../contract-host/index.ts';
import type { Secrets } from './secrets-service.ts';

/** The contract's side of the secrets: they go in and never come back. */
export function createSecretsHandlers(deps: { secrets: Secrets }): HandlersFor<'secrets.set' | 'secrets.status'> {
  const { secrets } = deps;
  return {
    'secrets.set': ({ name, value }) => secrets.set(name, value.trim()),
    'secrets.status': () => ({ stored: secrets.stored(), protection: secrets.protection === 'system' ? 'system' : 'file' }),
  };
}
