import { readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { AppError, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Keyring } from './keyring.ts';
import { sealingKeyId } from './sealed-box.ts';

/** A sealed text with what is authenticated beside it. `version` counts its sealings; `sealed` is base64. */
export interface SealedEntry {
  version: number;
  sealed: string;
}
type Plain<Entry extends SealedEntry> = Omit<Entry, 'sealed'>;
type Entries<Entry> = Readonly<Record<string, Entry>>;

/** Sealed texts by name in one JSON file, all of them in memory, written atomically, one change after the other. */
export interface SealedFile<Entry extends SealedEntry> extends Disposable {
  entries(): Entries<Entry>;
  /** Undefined when there is none. Throws `secrets.key-missing` or `secrets.tampered` when it cannot be opened. */
  open(name: string): string | undefined;
  seal(name: string, value: string, plain: Plain<Entry>): Entry;
  /** All that can be opened. */
  values(): string[];
  /** From what the change before has left. Rejects with `secrets.not-written` or `secrets.file-unreadable`; the former entries stay then. */
  change(edit: (current: Entries<Entry>) => Entries<Entry>): Promise<void>;
  /** After each change that is on disk. */
  onChange(listener: () => void): Unsubscribe;
  /** What went wrong at load, if anything. */
  problem(): ErrorData | undefined;
}

export interface SealedFileOptions<Entry extends SealedEntry> {
  file: string;
  entry: z.ZodType<Entry>;
  /** What is authenticated along with the text, so that nobody moves or widens an entry in the file. */
  contextOf: (name: string, plain: Plain<Entry>) => string;
  /** In sentences: "The file with your service keys", "Enter the keys again." */
  words: { saved: string; file: string; again: string };
  keyring: Keyring;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}

/** Never rejects: what cannot be read is a problem, and a damaged file is set aside. Texts under an old key are sealed again, now and after each rotation. */
export async function openSealedFile<Entry extends SealedEntry>(options: SealedFileOptions<Entry>): Promise<SealedFile<Entry>> {
  const { contextOf, keyring, log } = options;
  const loaded = await load(options);
  let entries = loaded.entries;
  let queue: Promise<void> = Promise.resolve();
  const listeners = new Set<() => void>();

  const change: SealedFile<Entry>['change'] = (edit) => {
    const run = queue.then(async () => {
      if (loaded.unreadable) throw loaded.unreadable;
      const next = edit(entries);
      if (keyring.protection !== 'none') await write(options, next);
      entries = next;
      for (const listener of listeners) listener();
    });
    queue = run.catch(() => undefined);
    return run;
  };
  const seal: SealedFile<Entry>['seal'] = (name, value, plain) =>
    ({ ...plain, sealed: keyring.seal(value, contextOf(name, plain)).toString('base64') }) as Entry;
  const open = (name: string): string | undefined => {
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
    return entry && keyring.open(Buffer.from(entry.sealed, 'base64'), contextOf(name, entry));
  };
  const isOld = (entry: Entry): boolean => sealingKeyId(Buffer.from(entry.sealed, 'base64')) !== keyring.activeKeyId();
  /** What cannot be opened stays as it is. */
  const renew = (): void => {
    if (!Object.values(entries).some(isOld)) return;
    change((current) => {
      const next = { ...current };
      for (const [name, entry] of Object.entries(current)) {
        try {
          if (isOld(entry)) next[name] = seal(name, open(name) ?? '', { ...entry, version: entry.version + 1 });
        } catch (error) {
          log.warn('A secret could not be opened', { error });
        }
      }
      return next;
    }).catch((error: unknown) => log.warn('Secrets could not be sealed again', { error }));
  };
  const unsubscribe = keyring.onRotated(renew);
  if (keyring.protection !== 'none') renew();

  return {
    entries: () => entries,
    open,
    seal,
    change,
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
    problem: () => loaded.problem,
    async dispose() {
      unsubscribe();
      listeners.clear();
      await queue;
    },
  };
}

async function write<Entry extends SealedEntry>({ file, words }: SealedFileOptions<Entry>, secrets: Entries<Entry>): Promise<void> {
  try {
    await writeFileAtomically(file, `${JSON.stringify({ version: 1, secrets }, null, 2)}\n`);
  } catch (cause) {
    const message = `${words.saved} could not be saved in ${file}. Free some space on the disk, or make the folder writable.`;
    throw new AppError('secrets.not-written', message, { cause, details: { file } });
  }
}

interface Loaded<Entry> {
  entries: Entries<Entry>;
  problem: ErrorData | undefined;
  /** The file is there but cannot be read: it must not be written over. */
  unreadable?: AppError;
}

async function load<Entry extends SealedEntry>({ file, entry, words, clock }: SealedFileOptions<Entry>): Promise<Loaded<Entry>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return { entries: {}, problem: undefined };
    const message = `${words.file}, ${file}, cannot be read. Allow your user account to read it and start again; it stays as it is.`;
    const unreadable = new AppError('secrets.file-unreadable', message, { cause, details: { file } });
    return { entries: {}, problem: toErrorData(unreadable), unreadable };
  }
  try {
    const schema = z.object({ version: z.literal(1), secrets: z.record(z.string(), entry) });
    return { entries: schema.parse(JSON.parse(text)).secrets, problem: undefined };
  } catch {
    const aside = file.replace(/\.json$/, `.damaged-${clock.wallMs()}.json`);
    await rename(file, aside).catch(() => undefined);
    const message = `${words.file} was damaged and is kept as ${aside}. ${words.again}`;
    return { entries: {}, problem: toErrorData(new AppError('secrets.file-damaged', message, { details: { file: aside } })) };
  }
}
