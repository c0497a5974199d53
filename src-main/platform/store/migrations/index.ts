import { historyMigration } from './0001-history.ts';
import type { Migration } from './migration.ts';

export type { Migration } from './migration.ts';

/** All migrations in order; the last one is the format this version writes. */
export const migrations: readonly Migration[] = [historyMigration];
