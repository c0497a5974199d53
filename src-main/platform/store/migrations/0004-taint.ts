import type { Migration } from './migration.ts';

/** Which messages are, or were written after reading, text from outside; and which summaries hold some of it. What was written before this step is the owner's and the model's own. */
export const taintMigration: Migration = {
  version: 4,
  name: 'taint',
  up(connection) {
    connection.exec(`
      ALTER TABLE messages ADD COLUMN tainted INTEGER NOT NULL DEFAULT 0 CHECK (tainted IN (0, 1));
      ALTER TABLE summaries ADD COLUMN tainted INTEGER NOT NULL DEFAULT 0 CHECK (tainted IN (0, 1));
    `);
  },
};
