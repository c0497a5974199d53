import type { Connection } from '../connection.ts';

/** One step from one format of the database to the next. Never changed after a release; each has a test of its own. */
export interface Migration {
  /** `PRAGMA user_version` afterwards: 1, 2, 3 … without gaps. */
  version: number;
  name: string;
  /** Runs inside a transaction that also sets the version. It has no keys: encrypted columns are copied, not opened. */
  up(connection: Connection): void;
}
