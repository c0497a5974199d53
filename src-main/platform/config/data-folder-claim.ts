import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { errorCode } from '../../base/atomic-file.ts';
import type { Disposable } from '../../base/dispose.ts';
import { AppError } from '../../base/errors.ts';

/**
 * Makes this core the only one on its data folder until it is disposed. Settings, keys and audit log are kept in memory and written as a whole, so a
 * second core would undo what the first one saves. Throws `core.already-running` when another core holds the folder.
 *
 * The claim is SQLite's lock on an empty database, because that is a lock of the operating system: it ends with the process, however that
 * ends, and whatever file is left behind holds nothing. Nobody else may open `core.lock`: on POSIX, closing it anywhere in the process gives the lock up.
 */
export function claimDataFolder(options: { dataDirectory: string; nativeBinding: string | undefined }): Disposable {
  const { dataDirectory, nativeBinding } = options;
  let lock: Database.Database | undefined;
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    lock = new Database(join(dataDirectory, 'core.lock'), { timeout: 0, ...(nativeBinding === undefined ? {} : { nativeBinding }) });
    // Nothing is ever written, so no journal has to lie on the disk.
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (errorCode(error)?.startsWith('SQLITE_BUSY')) throw alreadyRunning(dataDirectory);
    // A folder that cannot be written has nothing to lose, and one without SQLite has no history: the store says so, the app goes on.
    lock = undefined;
  }
  return { dispose: () => void lock?.close() };
}

function alreadyRunning(folder: string): AppError {
  return new AppError(
    'core.already-running',
    `OpenClaw Desktop is running already with the data folder ${folder}. Bring its window to the front with "openclaw show", open its page with "openclaw link", end it with "openclaw quit", or set OPENCLAW_DATA_DIR to another folder for a second one.`,
    { details: { folder } },
  );
}
