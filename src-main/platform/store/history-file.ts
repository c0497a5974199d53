import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { AppError } from '../../base/errors.ts';
import { toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { sealingKeyId, type Keyring } from '../secrets/index.ts';
import type { Backups } from './backups.ts';
import { openConnection, type Connection } from './connection.ts';
import { createMessageStore, type MessageStore } from './message-store.ts';
import { migrate, requireOurs } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { createPrivateFile, moveDatabase, runFileTask } from './store-files.ts';
import { isDamage, keyMissing, newerSchema, setAside } from './store-errors.ts';

export interface HistoryFileDependencies {
  /** `history.db` in the data directory. */
  file: string;
  backups: Backups;
  keyring: Keyring;
  nativeBinding: string | undefined;
  clock: Pick<Clock, 'nowMs' | 'wallMs'>;
  log: Log;
}

/** An open history. `problem`: what the owner should know about how it came to be open. */
export interface OpenHistory {
  connection: Connection;
  messages: MessageStore;
  problem: ErrorData | undefined;
}

/**
 * Opens the history, or starts one. A damaged file is set aside as `history.damaged-<time>.db` and a new one started: `problem` says so and names the last backup.
 * Throws, without having changed anything, when the file is of a newer format, of a key that is not here, of another program, busy, or not writable.
 */
export async function openHistoryFile(deps: HistoryFileDependencies): Promise<OpenHistory> {
  const { file, log } = deps;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let problem = await setAsideIfBroken(deps);
  createPrivateFile(file);
  try {
    return { ...openAndMigrate(deps), problem };
  } catch (error) {
    if (!isDamage(error)) throw error;
    log.error('The history is damaged', { error });
    problem = toErrorData(putAside(deps));
    createPrivateFile(file);
    return { ...openAndMigrate(deps), problem };
  }
}

/** A history in memory, for the time when the one on disk cannot be used: nothing of it is kept. */
export function openTemporaryHistory(
  deps: Pick<HistoryFileDependencies, 'keyring' | 'nativeBinding' | 'clock' | 'log'>,
): Omit<OpenHistory, 'problem'> {
  const { keyring, clock, log } = deps;
  const connection = openConnection({ file: ':memory:', nativeBinding: deps.nativeBinding });
  migrate(connection, migrations, () => undefined);
  return { connection, messages: createMessageStore({ connection, keyring, clock, log }) };
}

/** Notes that a call has met damage, so that the next start examines the file before it uses it. */
export function markSuspect(file: string): void {
  try {
    writeFileSync(suspectMark(file), '');
  } catch {
    // The disk is in trouble anyway; the start after a crash examines the file all the same.
  }
}

function suspectMark(file: string): string {
  return `${file}.suspect`;
}

/**
 * Before the file is opened for use. After an orderly end there is no WAL file and nothing to examine; after a crash or met damage the whole file is read
 * in a thread, half a second for a year of talk. An empty or missing file is damage too when there are backups of what was in it.
 */
async function setAsideIfBroken(deps: HistoryFileDependencies): Promise<ErrorData | undefined> {
  const { file, backups } = deps;
  const sizeBytes = sizeOf(file);
  const walBytes = sizeOf(`${file}-wal`) ?? 0;
  const wasUsed = backups.list().length > 0;
  if (sizeBytes === undefined || sizeBytes === 0) {
    // SQLite would throw away a log whose file is gone.
    if (walBytes > 0 || (sizeBytes === 0 && wasUsed)) return toErrorData(putAside(deps));
    return wasUsed ? toErrorData(setAside('missing', file, latestBackup(deps))) : undefined;
  }
  if (walBytes === 0 && !existsSync(suspectMark(file))) return undefined;
  const reply = await runFileTask({ task: 'check', file, nativeBinding: deps.nativeBinding });
  const isBroken = reply.ok ? reply.verdict !== 'ok' : isDamageCode(reply.code);
  deps.log.info('History examined', { status: isBroken ? 'damaged' : 'sound' });
  if (isBroken) return toErrorData(putAside(deps));
  rmSync(suspectMark(file), { force: true });
  return undefined;
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

function isDamageCode(code: string): boolean {
  return isDamage(Object.assign(new Error(code), { code }));
}

function putAside(deps: HistoryFileDependencies): AppError {
  const { file, clock } = deps;
  const aside = join(dirname(file), `history.damaged-${clock.wallMs()}.db`);
  moveDatabase(file, aside);
  rmSync(suspectMark(file), { force: true });
  return setAside('damaged', aside, latestBackup(deps));
}

function latestBackup({ backups }: Pick<HistoryFileDependencies, 'backups'>): string {
  return backups.list()[0]?.fileName ?? '';
}

/** The way back from a newer format: the copy made when that format was introduced. */
function backupBeforeUpdate({ backups }: Pick<HistoryFileDependencies, 'backups'>): string {
  return backups.list().find(({ fileName }) => fileName.includes('before-update'))?.fileName ?? '';
}

/** Opens a file that is known to exist. Also serves to try out a copy before it takes the place of the real one. */
export function openAndMigrate(deps: HistoryFileDependencies): Omit<OpenHistory, 'problem'> {
  const { file, backups, keyring, nativeBinding, clock, log } = deps;
  const connection = openConnection({ file, mustExist: true, nativeBinding, accept: requireOurs });
  try {
    const outcome = migrate(connection, migrations, (fromVersion) => {
      const path = backups.newPath('before-update');
      connection.prepare<[string]>('VACUUM INTO ?').run(path);
      log.info('History backed up before the update of its format', { from: fromVersion });
    });
    if (outcome.state === 'newer') throw newerSchema({ found: outcome.found, known: outcome.known, backup: backupBeforeUpdate(deps) });
    if (outcome.from !== outcome.to) log.info('History format', { from: outcome.from, to: outcome.to });
    const messages = createMessageStore({ connection, keyring, clock, log });
    requireKey(messages, keyring);
    return { connection, messages };
  } catch (error) {
    connection.close();
    throw error;
  }
}

const KEY_CHECK = 'key-check';

/** A known text sealed when the history was made. If its key is not here, this is another installation's keyring: refused before a row is written. */
function requireKey({ queries }: MessageStore, keyring: Keyring): void {
  const sealed = queries.getMeta.get(KEY_CHECK);
  if (!sealed) {
    queries.setMeta.run(KEY_CHECK, keyring.seal(KEY_CHECK, KEY_CHECK));
    return;
  }
  const keyId = sealingKeyId(sealed) ?? 'unknown';
  if (!keyring.has(keyId)) throw keyMissing(keyId);
  keyring.open(sealed, KEY_CHECK);
}
