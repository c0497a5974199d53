import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { VaultEntry } from '../../../src-preload/contract/index.ts';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { AppError, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { AuditLog } from '../observability/index.ts';
import type { Keyring } from './keyring.ts';
import { sealingKeyId } from './sealed-box.ts';
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

const fileSchema = z.object({
  version: z.literal(1),
  secrets: z.record(
    z.string(),
    z.object({ version: z.number().int().positive(), hosts: z.array(z.string()), updatedAtMs: z.number(), sealed: z.base64() }),
  ),
});
type Entries = z.infer<typeof fileSchema>['secrets'];
type Entry = Entries[string];

const REFERENCE = /\{\{\s*secret:\s*([A-Za-z][A-Za-z0-9_.-]{0,59})\s*\}\}/g;

export async function createVault(deps: {
  dataDirectory: string;
  keyring: Keyring;
  audit: Pick<AuditLog, 'record'>;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}): Promise<Vault> {
  const { keyring, clock, log } = deps;
  const file = join(deps.dataDirectory, 'vault.json');
  const loaded = await load(file, clock.wallMs());
  let entries = loaded.entries;
  let queue: Promise<void> = Promise.resolve();
  const listeners = new Set<() => void>();

  /** One change after the other, each from what the one before has left. */
  const change = (edit: (current: Entries) => Entries): Promise<void> => {
    const run = queue.then(async () => {
      if (loaded.unreadable) throw loaded.unreadable;
      const next = edit(entries);
      if (keyring.protection !== 'none') await write(file, next);
      entries = next;
      for (const listener of listeners) listener();
    });
    queue = run.catch(() => undefined);
    return run;
  };
  const seal = (name: string, value: string, entry: Omit<Entry, 'sealed'>): Entry => {
    return { ...entry, sealed: keyring.seal(value, contextOf(name, entry)).toString('base64') };
  };
  const open = (name: string): string | undefined => {
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
    return entry && keyring.open(Buffer.from(entry.sealed, 'base64'), contextOf(name, entry));
  };
  const isOld = (entry: Entry): boolean => sealingKeyId(Buffer.from(entry.sealed, 'base64')) !== keyring.activeKeyId();
  /** What lies under an old key is sealed again; what cannot be opened stays as it is. */
  const renew = (): void => {
    if (!Object.values(entries).some(isOld)) return;
    change((current) => {
      const next = { ...current };
      for (const [name, entry] of Object.entries(current)) {
        try {
          if (isOld(entry)) next[name] = seal(name, open(name) ?? '', { ...entry, version: entry.version + 1 });
        } catch (error) {
          log.warn('A secret of the vault could not be opened', { error });
        }
      }
      return next;
    }).catch((error: unknown) => log.warn('The vault could not be sealed again', { error }));
  };
  const unsubscribe = keyring.onRotated(renew);
  if (keyring.protection !== 'none') renew();

  return {
    list: () => Object.entries(entries).map(([name, { hosts, updatedAtMs }]) => ({ name, hosts: [...hosts], updatedAtMs })),
    problem: () => loaded.problem,
    async set({ name, value, hosts }) {
      const allowed = checkedHosts(hosts);
      await change((current) => {
        const version = (current[name]?.version ?? 0) + 1;
        return { ...current, [name]: seal(name, value, { version, hosts: allowed, updatedAtMs: clock.wallMs() }) };
      });
      await deps.audit.record({ action: 'vault.set', subject: name, details: { hosts: allowed.join(' ').slice(0, 200) } });
    },
    async remove(name) {
      if (!Object.hasOwn(entries, name)) return;
      await change(({ [name]: _removed, ...others }) => others);
      await deps.audit.record({ action: 'vault.remove', subject: name });
    },
    resolve(template, { host }) {
      return template.replaceAll(REFERENCE, (_reference, name: string) => {
        const value = open(name);
        if (value === undefined) throw unknownSecret(name);
        if (host !== undefined && !isHostAllowed(entries[name]?.hosts ?? [], host)) throw hostRefused(name, host);
        return value;
      });
    },
    values() {
      return Object.keys(entries).flatMap((name) => {
        try {
          return open(name) ?? [];
        } catch {
          // Reported when it is used.
          return [];
        }
      });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async dispose() {
      unsubscribe();
      listeners.clear();
      await queue;
    },
  };
}

function contextOf(name: string, { version, hosts, updatedAtMs }: Omit<Entry, 'sealed'>): string {
  return JSON.stringify(['vault', name, version, hosts, updatedAtMs]);
}

async function write(file: string, secrets: Entries): Promise<void> {
  try {
    await writeFileAtomically(file, `${JSON.stringify({ version: 1, secrets }, null, 2)}\n`);
  } catch (error) {
    throw new AppError(
      'secrets.not-written',
      `The secret could not be saved in ${file}. Free some space on the disk, or make the folder writable.`,
      {
        cause: error,
        details: { file },
      },
    );
  }
}

interface Loaded {
  entries: Entries;
  problem: ErrorData | undefined;
  /** The file is there but cannot be read: it must not be written over. */
  unreadable?: AppError;
}

async function load(file: string, nowMs: number): Promise<Loaded> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { entries: {}, problem: undefined };
    const unreadable = new AppError(
      'secrets.file-unreadable',
      `The vault of your secrets, ${file}, cannot be read. Allow your user account to read it and start again; it stays as it is.`,
      { cause: error, details: { file } },
    );
    return { entries: {}, problem: toErrorData(unreadable), unreadable };
  }
  try {
    return { entries: fileSchema.parse(JSON.parse(text)).secrets, problem: undefined };
  } catch {
    const aside = file.replace(/\.json$/, `.damaged-${nowMs}.json`);
    await rename(file, aside).catch(() => undefined);
    const problem = new AppError(
      'secrets.file-damaged',
      `The vault of your secrets was damaged and is kept as ${aside}. Enter the secrets again.`,
      {
        details: { file: aside },
      },
    );
    return { entries: {}, problem: toErrorData(problem) };
  }
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
