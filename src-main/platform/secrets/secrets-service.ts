import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { AppError, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { AuditLog } from '../observability/index.ts';
import type { CallInput } from '../../../src-preload/contract/index.ts';
import type { Keyring } from './keyring.ts';
import { sealingKeyId } from './sealed-box.ts';

/** Those that the owner enters, and the tokens of MCP servers that were signed in to. */
export type SecretName = CallInput<'secrets.set'>['name'] | `mcp.${string}`;

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

/** Names that this version does not know are kept: a newer one may have written them. */
const fileSchema = z.object({
  version: z.literal(1),
  secrets: z.record(z.string(), z.object({ version: z.number().int().positive(), sealed: z.base64() })),
});
type Entries = z.infer<typeof fileSchema>['secrets'];

export async function createSecrets(deps: {
  dataDirectory: string;
  keyring: Keyring;
  audit: Pick<AuditLog, 'record'>;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}): Promise<Secrets> {
  const file = join(deps.dataDirectory, 'secrets.json');
  const loaded = await load(file, deps.clock.wallMs());
  let entries = loaded.entries;
  let queue: Promise<void> = Promise.resolve();
  const listeners = new Set<() => void>();

  /** One change after the other, each from what the one before has left. */
  const change = (edit: (current: Entries) => Entries): Promise<void> => {
    const run = queue.then(async () => {
      if (loaded.unreadable) throw loaded.unreadable;
      const next = edit(entries);
      if (deps.keyring.protection !== 'none') await write(file, next);
      entries = next;
      for (const listener of listeners) listener();
    });
    queue = run.catch(() => undefined);
    return run;
  };
  const open = (name: string): string | undefined => {
    const entry = entries[name];
    return entry && deps.keyring.open(Buffer.from(entry.sealed, 'base64'), contextOf(name, entry.version));
  };
  const seal = (name: string, value: string, version: number): Entries[string] => {
    return { version, sealed: deps.keyring.seal(value, contextOf(name, version)).toString('base64') };
  };
  const isOld = (entry: Entries[string]): boolean => sealingKeyId(Buffer.from(entry.sealed, 'base64')) !== deps.keyring.activeKeyId();
  /** What lies under an old key is sealed again; what cannot be opened stays as it is. */
  const renew = (): void => {
    if (!Object.values(entries).some(isOld)) return;
    change((current) => {
      const next = { ...current };
      for (const [name, entry] of Object.entries(current)) {
        try {
          if (isOld(entry)) next[name] = seal(name, open(name) ?? '', entry.version + 1);
        } catch (error) {
          deps.log.warn('A secret could not be opened', { name, error });
        }
      }
      return next;
    }).catch((error: unknown) => deps.log.warn('Secrets could not be sealed again', { error }));
  };
  const unsubscribe = deps.keyring.onRotated(renew);
  if (deps.keyring.protection !== 'none') renew();

  return {
    get: open,
    stored: () => Object.keys(entries),
    values: () =>
      Object.keys(entries).flatMap((name) => {
        try {
          return open(name) ?? [];
        } catch {
          // Reported when it is used.
          return [];
        }
      }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    protection: deps.keyring.protection,
    problem: () => loaded.problem,
    async set(name, value) {
      await change((current) => {
        const { [name]: former, ...others } = current;
        return value === '' ? others : { ...others, [name]: seal(name, value, (former?.version ?? 0) + 1) };
      });
      await deps.audit.record({ action: value === '' ? 'secret.remove' : 'secret.set', subject: name });
    },
    async dispose() {
      unsubscribe();
      listeners.clear();
      await queue;
    },
  };
}

function contextOf(name: string, version: number): string {
  return JSON.stringify(['secrets', name, version]);
}

async function write(file: string, secrets: Entries): Promise<void> {
  try {
    await writeFileAtomically(file, `${JSON.stringify({ version: 1, secrets }, null, 2)}\n`);
  } catch (error) {
    throw new AppError(
      'secrets.not-written',
      `The key could not be saved in ${file}. Free some space on the disk, or make the folder writable.`,
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
      `The file with your service keys, ${file}, cannot be read. Allow your user account to read it and start again; it stays as it is.`,
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
      `The file with your service keys was damaged and is kept as ${aside}. Enter the keys again.`,
      {
        details: { file: aside },
      },
    );
    return { entries: {}, problem: toErrorData(problem) };
  }
}
