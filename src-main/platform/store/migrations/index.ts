import { historyMigration } from './0001-history.ts';
import { killswitchMigration } from './0002-killswitch.ts';
import { toolsMigration } from './0003-tools.ts';
import { taintMigration } from './0004-taint.ts';
import { phoneMigration } from './0005-phone.ts';
import type { Migration } from './migration.ts';

export type { Migration } from './migration.ts';

/** All migrations in order; the last one is the format this version writes. */
export const migrations: readonly Migration[] = [historyMigration, killswitchMigration, toolsMigration, taintMigration, phoneMigration];
