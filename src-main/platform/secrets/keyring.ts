import { createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import { AppError, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { createKeyFile, KEY_BYTES, type KeyFile, type KeyFileContent } from './key-file.ts';
import { openText, sealingKeyId, sealText } from './sealed-box.ts';
import type { SystemKeyStore } from './system-key-store.ts';

/** The keys that encrypt what lasts. The data keys themselves never leave it; users seal, open and derive. */
export interface Keyring {
  /** Who guards the keys: the system's key store, a file that only the owner may read, or nobody ('none': in memory until the process ends). */
  readonly protection: 'system' | 'file' | 'none';
  /** What the owner should know about the keys; told once after the start. */
  readonly problems: readonly ErrorData[];
  /** The key for everything sealed from now on: 8 hex digits. */
  activeKeyId(): string;
  has(keyId: string): boolean;
  /** AES-256-GCM with a fresh nonce. `context` says where the value belongs and must be given again to open it. Lone surrogates become U+FFFD. */
  seal(text: string, context: string): Buffer;
  /** Throws `secrets.key-missing` (sealed with a key that is not here) or `secrets.tampered` (changed, or from another context). */
  open(sealed: Uint8Array, context: string): string;
  /** A key for another purpose, from the data key by HKDF-SHA256; one does not give away the other. */
  derive(purpose: string, keyId?: string): KeyObject;
  /** A new key for what is sealed from now on; old ones stay to open what they sealed. Resolves with its id when it is on disk. */
  rotate(): Promise<string>;
  /** After a rotation: time to seal again what lies under old keys. */
  onRotated(listener: () => void): Unsubscribe;
}

interface DataKey {
  id: string;
  createdAtMs: number;
  bytes: Buffer;
}

export interface KeyringDependencies {
  dataDirectory: string;
  /** Absent where there is none (no window, server). */
  systemKeyStore?: SystemKeyStore;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}

/**
 * Opens the keyring, or makes one at the first start. Never weaker than before: keys that the system's store has guarded are refused
 * (`secrets.key-locked`, `secrets.key-unreadable`) rather than replaced when the store does not answer, and a damaged key file without a good
 * copy is `secrets.key-damaged`, one that cannot be read `secrets.key-file-unreadable`; nothing is deleted in any of these cases. Stronger by itself: keys in a file move into the system's store
 * as soon as there is one, and because they had lain in the open a new key follows.
 */
export async function createKeyring(deps: KeyringDependencies): Promise<Keyring> {
  const file = createKeyFile({ directory: deps.dataDirectory, wallMs: deps.clock.wallMs });
  const guard = await chooseGuard(deps.systemKeyStore);
  let reading = await file.read();
  if (reading.state === 'absent') {
    const first = newKey(deps.clock.wallMs());
    const content = await toContent(guard, [first], first.id);
    await mkdir(deps.dataDirectory, { recursive: true, mode: 0o700 })
      .then(() => file.create(content))
      .catch((error: unknown) => {
        throw keysNotWritten(deps.dataDirectory, error);
      });
    reading = await file.read();
  }
  if (reading.state === 'unreadable') throw keyFileUnreadable(reading.file, reading.cause);
  if (reading.state !== 'read') throw keyDamaged(reading.state === 'damaged' ? reading.file : deps.dataDirectory);

  const { content, restored, exposure } = reading;
  const { keys, resealAdvised } = await openKeys(content, guard);
  const problems: ErrorData[] = [];
  if (restored) problems.push(toErrorData(keyFileRestored()));
  if (exposure !== 'none') problems.push(toErrorData(keyFileOpen(exposure)));
  const wasExposed = exposure === 'closed-now' || (content.protection === 'file' && guard.protection === 'system');
  const next = wasExposed ? newKey(deps.clock.wallMs()) : undefined;
  let opened = { keys, activeKeyId: content.activeKeyId, protection: content.protection };
  if (next || resealAdvised) {
    const stronger = { keys: next ? [...keys, next] : keys, activeKeyId: next?.id ?? content.activeKeyId, protection: guard.protection };
    try {
      await file.write(await toContent(guard, stronger.keys, stronger.activeKeyId));
      opened = stronger;
    } catch (error) {
      deps.log.warn('Keys could not be moved to a safer place', { error });
      problems.push(toErrorData(keysNotWritten(deps.dataDirectory, error)));
    }
  }
  if (guard.protection === 'file') problems.push(toErrorData(fileProtection(guard.reason)));
  deps.log.info('Keyring open', { protection: opened.protection, keyCount: opened.keys.length, isNewKey: next !== undefined });
  return buildKeyring({ ...opened, problems, clock: deps.clock, save: saver(file, guard) });
}

/**
 * {@link createKeyring} for an app that must run all the same: when the keys cannot be had, the keyring is a temporary one (protection 'none') with the
 * refusal as its first problem. The store then keeps the history in memory, and what is on disk stays as it is.
 */
export async function openKeyring(deps: KeyringDependencies): Promise<Keyring> {
  try {
    return await createKeyring(deps);
  } catch (error) {
    deps.log.error('The keys cannot be used', { error });
    return createTemporaryKeyring(deps.clock, [toErrorData(error)]);
  }
}

/** A keyring that is gone with the process. */
export function createTemporaryKeyring(clock: Pick<Clock, 'wallMs'>, problems: ErrorData[] = []): Keyring {
  const key = newKey(clock.wallMs());
  return buildKeyring({ keys: [key], activeKeyId: key.id, problems, protection: 'none', clock, save: () => Promise.resolve() });
}

function buildKeyring(deps: {
  keys: DataKey[];
  activeKeyId: string;
  problems: ErrorData[];
  protection: Keyring['protection'];
  clock: Pick<Clock, 'wallMs'>;
  save: (keys: DataKey[], activeKeyId: string) => Promise<void>;
}): Keyring {
  const keys = new Map(deps.keys.map((key) => [key.id, key]));
  const derived = new Map<string, KeyObject>();
  const listeners = new Set<() => void>();
  let activeKeyId = deps.activeKeyId;
  let rotating: Promise<unknown> = Promise.resolve();

  const derive = (purpose: string, keyId = activeKeyId): KeyObject => {
    const name = `${keyId} ${purpose}`;
    const known = derived.get(name);
    if (known) return known;
    const key = keys.get(keyId);
    if (!key) throw keyMissing(keyId);
    const made = createSecretKey(Buffer.from(hkdfSync('sha256', key.bytes, '', `openclaw-desktop/${purpose}`, KEY_BYTES)));
    derived.set(name, made);
    return made;
  };

  return {
    protection: deps.protection,
    problems: deps.problems,
    activeKeyId: () => activeKeyId,
    has: (keyId) => keys.has(keyId),
    derive,
    seal: (text, context) => sealText(text, derive('seal'), activeKeyId, context),
    open(sealed, context) {
      const keyId = sealingKeyId(sealed);
      const text = keyId === undefined ? undefined : openText(sealed, derive('seal', keyId), context);
      if (text === undefined) throw tampered(context);
      return text;
    },
    rotate() {
      // One after the other: each file holds every key that came before.
      const run = rotating.then(async () => {
        const next = newKey(deps.clock.wallMs());
        await deps.save([...keys.values(), next], next.id);
        keys.set(next.id, next);
        activeKeyId = next.id;
        for (const listener of listeners) listener();
        return next.id;
      });
      rotating = run.catch(() => undefined);
      return run;
    },
    onRotated(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Who guards the keys on this machine, now. */
type Guard = { protection: 'system'; backend: string; store: SystemKeyStore } | { protection: 'file'; reason: string };

async function chooseGuard(store: SystemKeyStore | undefined): Promise<Guard> {
  if (!store) return { protection: 'file', reason: 'there is no key store without a desktop session' };
  const status = await store.status().catch((error: unknown) => ({ protected: false as const, reason: `it failed (${String(error)})` }));
  return status.protected ? { protection: 'system', backend: status.backend, store } : { protection: 'file', reason: status.reason };
}

async function openKeys(content: KeyFileContent, guard: Guard): Promise<{ keys: DataKey[]; resealAdvised: boolean }> {
  if (content.protection === 'system' && guard.protection === 'file') throw keyLocked(content.backend ?? 'system', guard.reason);
  const store = content.protection === 'system' && guard.protection === 'system' ? guard.store : undefined;
  const keys: DataKey[] = [];
  let resealAdvised = false;
  for (const { id, createdAtMs, material } of content.keys) {
    const stored = Buffer.from(material, 'base64');
    let bytes = stored;
    if (store) {
      const opened = await store.open(stored).catch((error: unknown) => {
        throw keyUnreadable(content.backend ?? 'system', error);
      });
      bytes = Buffer.from(opened.text, 'base64');
      resealAdvised ||= opened.resealAdvised;
    }
    if (bytes.length !== KEY_BYTES) throw keyUnreadable(content.backend ?? 'system');
    keys.push({ id, createdAtMs, bytes });
  }
  return { keys, resealAdvised };
}

async function toContent(guard: Guard, keys: readonly DataKey[], activeKeyId: string): Promise<KeyFileContent> {
  const stored: KeyFileContent['keys'] = [];
  for (const { id, createdAtMs, bytes } of keys) {
    const text = bytes.toString('base64');
    const material = guard.protection === 'system' ? (await guard.store.seal(text)).toString('base64') : text;
    stored.push({ id, createdAtMs, material });
  }
  const backend = guard.protection === 'system' ? { backend: guard.backend } : {};
  return { version: 1, protection: guard.protection, ...backend, activeKeyId, keys: stored };
}

function saver(file: KeyFile, guard: Guard) {
  return async (keys: DataKey[], activeKeyId: string): Promise<void> => file.write(await toContent(guard, keys, activeKeyId));
}

function newKey(createdAtMs: number): DataKey {
  return { id: randomBytes(4).toString('hex'), createdAtMs, bytes: randomBytes(KEY_BYTES) };
}

function keyMissing(keyId: string): AppError {
  return new AppError(
    'secrets.key-missing',
    `This was encrypted with a key (${keyId}) that is not in keys.json. Put back the keys.json that belongs to this data folder; nothing was changed.`,
    { details: { keyId } },
  );
}

function tampered(context: string): AppError {
  return new AppError('secrets.tampered', 'An encrypted value was changed or moved and was not opened. Restore a backup.', {
    details: { context },
  });
}

function keyDamaged(file: string): AppError {
  return new AppError(
    'secrets.key-damaged',
    `The key file ${file} is damaged and has no good copy. Put back keys.json from a backup of your data folder; the history stays as it is until then.`,
    { details: { file } },
  );
}

function keyFileUnreadable(file: string, cause: unknown): AppError {
  return new AppError(
    'secrets.key-file-unreadable',
    `The key file ${file} cannot be read. Allow your user account to read it and start again; nothing was changed.`,
    { cause, details: { file } },
  );
}

function keysNotWritten(dataDirectory: string, cause: unknown): AppError {
  return new AppError(
    'secrets.not-written',
    `The keys could not be written into ${dataDirectory}. Make the folder writable and free some space on its disk.`,
    { cause, details: { file: dataDirectory } },
  );
}

function keyLocked(backend: string, reason: string): AppError {
  return new AppError(
    'secrets.key-locked',
    `The keys of the history lie in the key store of the system (${backend}), which cannot be used now: ${reason}. Unlock it or start from your desktop session; nothing was changed.`,
    { details: { backend, reason } },
  );
}

function keyUnreadable(backend: string, cause?: unknown): AppError {
  return new AppError(
    'secrets.key-unreadable',
    `The key store of the system (${backend}) did not give back the keys of the history. Unlock it, or sign in as the user who made them; nothing was changed.`,
    { cause, details: { backend } },
  );
}

function keyFileRestored(): AppError {
  return new AppError(
    'secrets.key-file-restored',
    'The key file was missing or damaged; its copy has taken its place and nothing is lost.',
  );
}

function keyFileOpen(exposure: 'closed-now' | 'open'): AppError {
  const next =
    exposure === 'open'
      ? 'Move your data folder to a disk that knows file permissions.'
      : 'Access was closed and a new key is used from now on.';
  return new AppError('secrets.key-file-open', `Other users of this computer could read the key file. ${next}`, { details: { exposure } });
}

function fileProtection(reason: string): AppError {
  return new AppError(
    'secrets.file-protection',
    `The keys of your history lie in a file that only your user account may read, because ${reason}. Whoever can read your files can read the history.`,
    { details: { reason } },
  );
}
