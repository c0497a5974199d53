import Database from 'better-sqlite3';
import { AppError } from '../../base/errors.ts';

export type Connection = Database.Database;

/** Two connections that checkpoint at once can damage the file before this version (WAL-reset bug, sqlite.org, fixed 2026-03). */
const OLDEST_SQLITE = [3, 51, 3] as const;
/** A backup that is made beside us, or a tool of the owner that looks at the file. */
const BUSY_TIMEOUT_MS = 2_000;
const WAL_LIMIT_BYTES = 16 * 1024 * 1024;

export interface ConnectionOptions {
  /** Absolute path, or ':memory:'. */
  file: string;
  /** True = a file that is not there is an error, not a new and empty database. */
  mustExist?: boolean;
  /** A binary of better-sqlite3 that set-up built for a runtime with an older Node-API; undefined = its own. */
  nativeBinding: string | undefined;
  /** Looks at the file before anything in it is changed, and throws to refuse it. */
  accept?: (connection: Connection) => void;
}

/**
 * Opens SQLite as this app uses it. WAL with synchronous NORMAL: a commit survives a crash of the process (kill -9) and never corrupts the file; a power
 * cut may take the commits since the last checkpoint. Rows that are deleted are overwritten, and nothing goes to temporary files.
 */
export function openConnection({ file, mustExist = false, nativeBinding, accept }: ConnectionOptions): Connection {
  const binding = nativeBinding === undefined ? {} : { nativeBinding };
  const connection = new Database(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: mustExist, ...binding });
  try {
    requireVersion(connection);
    accept?.(connection);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL');
    connection.pragma('foreign_keys = ON');
    connection.pragma('secure_delete = ON');
    connection.pragma('temp_store = MEMORY');
    connection.pragma('trusted_schema = OFF');
    connection.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function requireVersion(connection: Connection): void {
  const version = String(connection.prepare<[], string>('SELECT sqlite_version()').pluck().get());
  const numbers = version.split('.').map(Number);
  for (const [index, oldest] of OLDEST_SQLITE.entries()) {
    const found = numbers[index] ?? 0;
    if (found > oldest) return;
    if (found < oldest) {
      throw new AppError(
        'store.old-sqlite',
        `SQLite ${version} has a fault that can damage the history. Run the set-up again (npm start).`,
        {
          details: { version },
        },
      );
    }
  }
}

/** Runs the work in one transaction that takes the write lock at once; nothing of it stays when it throws. */
export function inTransaction<Value>(connection: Connection, work: () => Value): Value {
  return connection.transaction(work).immediate();
}
