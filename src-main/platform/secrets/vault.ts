import { join } from 'node:path';
import { z } from 'zod';
import type { VaultEntry } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { AppError, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { AuditLog } from '../observability/index.ts';
import type { Keyring } from './keyring.ts';
import { openSealedFile } from './sealed-file.ts';
import { checkedHosts, isHostAllowed } from './vault-hosts.ts';

/**
 * Secrets under names that the owner chooses, for connectors: `{{secret:NAME}}` in a header or a variable. Sealed in `vault.json`; the hosts that a secret may be
 * sent to are authenticated with it, so that nobody widens them in the file. Values leave this process only inside of a request that asks for them
 * by name; never to a page, a log, a model.
 */
export interface Vault extends Disposable {
  list(): VaultEntry[];
  /** Rejects with `vault.bad-host`, `secrets.not-written` or `secrets.file-unreadable`; the former value stays then. */
  set(entry: { name: string; value: string; hosts: readonly string[] }): Promise<void>;
  remove(name: string): Promise<void>;
  /**
   * The template with the secrets filled in. Without a host: for a process on this machine. Throws `vault.unknown-secret`, `vault.host-refused` for a host that
   * the secret is not meant for, `secrets.key-missing` or `secrets.tampered`.
   */
  resolve(template: string, target: { host?: string }): string;
  /** All that can be opened, for the redactor. */
  values(): string[];
  onChange(listener: () => void): Unsubscribe;
  /** What went wrong at load, if anything. */
  problem(): ErrorData | undefined;
}

const REFERENCE = /\{\{\s*secret:\s*([A-Za-z][A-Za-z0-9_.-]{0,59})\s*\}\}/g;

export async function createVault(deps: {
  dataDirectory: string;
  keyring: Keyring;
  audit: Pick<AuditLog, 'record'>;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}): Promise<Vault> {
  const { keyring, clock, log } = deps;
  const sealed = await openSealedFile({
    file: join(deps.dataDirectory, 'vault.json'),
    entry: z.object({ version: z.number().int().positive(), hosts: z.array(z.string()), updatedAtMs: z.number(), sealed: z.base64() }),
    contextOf: (name, { version, hosts, updatedAtMs }) => JSON.stringify(['vault', name, version, hosts, updatedAtMs]),
    words: { saved: 'The secret', file: 'The vault of your secrets', again: 'Enter the secrets again.' },
    keyring,
    clock,
    log,
  });

  return {
    list: () => Object.entries(sealed.entries()).map(([name, { hosts, updatedAtMs }]) => ({ name, hosts: [...hosts], updatedAtMs })),
    problem: sealed.problem,
    async set({ name, value, hosts }) {
      const allowed = checkedHosts(hosts);
      await sealed.change((current) => {
        const version = (current[name]?.version ?? 0) + 1;
        return { ...current, [name]: sealed.seal(name, value, { version, hosts: allowed, updatedAtMs: clock.wallMs() }) };
      });
      await deps.audit.record({ action: 'vault.set', subject: name, details: { hosts: allowed.join(' ').slice(0, 200) } });
    },
    async remove(name) {
      if (!Object.hasOwn(sealed.entries(), name)) return;
      await sealed.change(({ [name]: _removed, ...others }) => others);
      await deps.audit.record({ action: 'vault.remove', subject: name });
    },
    resolve(template, { host }) {
      return template.replaceAll(REFERENCE, (_reference, name: string) => {
        const value = sealed.open(name);
        if (value === undefined) throw unknownSecret(name);
        if (host !== undefined && !isHostAllowed(sealed.entries()[name]?.hosts ?? [], host)) throw hostRefused(name, host);
        return value;
      });
    },
    values: sealed.values,
    onChange: sealed.onChange,
    dispose: sealed.dispose,
  };
}

function unknownSecret(name: string): AppError {
  return new AppError(
    'vault.unknown-secret',
    `There is no secret named ${name} in the vault. Add it in the settings, or correct the name.`,
    {
      details: { name },
    },
  );
}

function hostRefused(name: string, host: string): AppError {
  return new AppError(
    'vault.host-refused',
    `The secret ${name} may not be sent to ${host}. Add this host to the secret in the settings if it should.`,
    {
      details: { name, host },
    },
  );
}
