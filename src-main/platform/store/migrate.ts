import { AppError } from '../../base/errors.ts';
import { inTransaction, type Connection } from './connection.ts';
import type { Migration } from './migrations/index.ts';

/** "OCLW": marks the file as ours, so that another program's database in this place is not written into. */
const APPLICATION_ID = 0x4f_43_4c_57;

export type MigrationOutcome = { state: 'current'; from: number; to: number } | { state: 'newer'; found: number; known: number };

/**
 * Brings the database to the format of the last migration. `backUp` runs before the first step that touches an older database (not an empty one).
 * Each step is one transaction together with its version, so a crash leaves either the format before it or after it.
 */
export function migrate(connection: Connection, migrations: readonly Migration[], backUp: (fromVersion: number) => void): MigrationOutcome {
  const known = migrations.at(-1)?.version ?? 0;
  const found = schemaVersion(connection);
  if (found > known) return { state: 'newer', found, known };
  if (found > 0 && found < known) backUp(found);
  for (const migration of migrations) {
    if (migration.version > found) runOne(connection, migration);
  }
  return { state: 'current', from: found, to: known };
}

export function schemaVersion(connection: Connection): number {
  return Number(connection.pragma('user_version', { simple: true }));
}

function runOne(connection: Connection, migration: Migration): void {
  inTransaction(connection, () => {
    // Another process may have been faster while this one waited for the lock.
    if (schemaVersion(connection) >= migration.version) return;
    migration.up(connection);
    const broken = connection.pragma('foreign_key_check');
    if (Array.isArray(broken) && broken.length > 0) {
      throw new AppError(
        'store.migration-failed',
        `Step ${migration.version} (${migration.name}) left rows without their parents; nothing was changed.`,
      );
    }
    connection.pragma(`user_version = ${migration.version}`);
    connection.pragma(`application_id = ${APPLICATION_ID}`);
  });
}

/** Throws `store.foreign-file` for a database that another program made. */
export function requireOurs(connection: Connection): void {
  const applicationId = Number(connection.pragma('application_id', { simple: true }));
  const tables = Number(connection.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get());
  const isNew = schemaVersion(connection) === 0 && tables === 0;
  if (isNew || applicationId === APPLICATION_ID) return;
  throw new AppError(
    'store.foreign-file',
    'The file in the place of the history belongs to another program. Move it away and start again.',
  );
}
