import type { Migration } from './migration.ts';

/**
 * The call log. BLOB columns hold sealed JSON (secrets/sealed-box.ts): `content` what a line of the log shows, `transcript` what was said, apart from it because
 * lists do without. `filter` is the blind index of search-filter.ts. What is plain is needed for ordering and filtering and tells neither who nor what.
 */
export const phoneMigration: Migration = {
  version: 5,
  name: 'phone',
  up(connection) {
    connection.exec(`
      CREATE TABLE phone_calls (
        id TEXT PRIMARY KEY NOT NULL,
        version INTEGER NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
        answered_by TEXT NOT NULL CHECK (answered_by IN ('owner', 'mobile', 'assistant', 'message', 'nobody')),
        ended INTEGER NOT NULL CHECK (ended IN (0, 1)),
        started_at_ms INTEGER NOT NULL,
        content BLOB NOT NULL,
        transcript BLOB NOT NULL,
        -- NULL while the call goes on: search then opens it.
        filter BLOB
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX phone_calls_by_time ON phone_calls (started_at_ms, id);
    `);
  },
};
