import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { AuditLog } from '../observability/index.ts';
import type { CallInput } from '../../../src-preload/contract/index.ts';
import type { Keyring } from './keyring.ts';
import { openSealedFile } from './sealed-file.ts';

/** Those that the owner enters, the tokens of MCP servers that were signed in to, and what the telephone needs: passwords of trunks and phones, the PIN's hash. */
export type SecretName = CallInput<'secrets.set'>['name'] | `mcp.${string}` | `phone.${string}` | `trunk.${string}`;

/** The owner's keys for other services, sealed in `secrets.json`. They are read in this process only and never told to a page or a log. */
export interface Secrets extends Disposable {
  /** Undefined when none is stored. Throws `secrets.key-missing` or `secrets.tampered` when it cannot be opened. */
  get(name: SecretName): string | undefined;
  /** An empty value removes it. Resolves when it is on disk; rejects with `secrets.not-written` or `secrets.file-unreadable`, and the former value stays. */
  set(name: SecretName, value: string): Promise<void>;
  stored(): string[];
  /** All that can be opened, for the redactor. */
  values(): string[];
  /** After each change that is on disk. */
  onChange(listener: () => void): Unsubscribe;
  readonly protection: Keyring['protection'];
  /** What went wrong at load, if anything. */
  problem(): ErrorData | undefined;
}

export async function createSecrets(deps: {
  dataDirectory: string;
  keyring: Keyring;
  audit: Pick<AuditLog, 'record'>;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}): Promise<Secrets> {
  const { keyring, clock, log } = deps;
  // Names that this version does not know are kept: a newer one may have written them.
  const sealed = await openSealedFile({
    file: join(deps.dataDirectory, 'secrets.json'),
    entry: z.object({ version: z.number().int().positive(), sealed: z.base64() }),
    contextOf: (name, { version }) => JSON.stringify(['secrets', name, version]),
    words: { saved: 'The key', file: 'The file with your service keys', again: 'Enter the keys again.' },
    keyring,
    clock,
    log,
  });
  return {
    get: sealed.open,
    stored: () => Object.keys(sealed.entries()),
    values: sealed.values,
    onChange: sealed.onChange,
    protection: keyring.protection,
    problem: sealed.problem,
    async set(name, value) {
      await sealed.change((current) => {
        const { [name]: former, ...others } = current;
        return value === '' ? others : { ...others, [name]: sealed.seal(name, value, { version: (former?.version ?? 0) + 1 }) };
      });
      await deps.audit.record({ action: value === '' ? 'secret.remove' : 'secret.set', subject: name });
    },
    dispose: sealed.dispose,
  };
}
