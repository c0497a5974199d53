import type { Migration } from './migration.ts';

/**
 * The off-switch: its present state beside the latch file, and every stop and lift. Plain text, because it must be readable when no key is; it tells
 * nothing that was said.
 */
export const killswitchMigration: Migration = {
  version: 2,
  name: 'killswitch',
  up(connection) {
    connection.exec(`
      CREATE TABLE killswitch_latch (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
        -- NULL = never engaged.
        trigger_name TEXT,
        reason TEXT NOT NULL,
        seq INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        language_cut_off INTEGER NOT NULL CHECK (language_cut_off IN (0, 1))
      ) STRICT;

      CREATE TABLE killswitch_events (
        id INTEGER PRIMARY KEY,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('engage', 'lift', 'cut-language', 'restore-language')),
        level INTEGER NOT NULL,
        -- The trigger of a stop, or who lifted it.
        source TEXT NOT NULL,
        reason TEXT NOT NULL,
        at_ms INTEGER NOT NULL
      ) STRICT;
    `);
  },
};
