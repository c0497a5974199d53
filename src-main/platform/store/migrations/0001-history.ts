import type { Migration } from './migration.ts';

/**
 * Conversations, their messages and summaries. BLOB columns hold sealed text (secrets/sealed-box.ts); `version` counts sealings of the row's text and is
 * part of what is authenticated. Roles, times and counts are plain: they are needed for ordering and tell nothing that was said.
 */
export const historyMigration: Migration = {
  version: 1,
  name: 'history',
  up(connection) {
    connection.exec(`
      CREATE TABLE meta (
        name TEXT PRIMARY KEY NOT NULL,
        value BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE conversations (
        id TEXT PRIMARY KEY NOT NULL,
        version INTEGER NOT NULL,
        title BLOB NOT NULL,
        message_count INTEGER NOT NULL,
        -- seq of the newest message; kept here so that the list needs one look-up per conversation.
        last_seq INTEGER,
        created_at_ms INTEGER NOT NULL,
        updated_at_ms INTEGER NOT NULL,
        -- Set while it lies in the bin.
        deleted_at_ms INTEGER
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE messages (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
        text BLOB NOT NULL,
        medium TEXT NOT NULL CHECK (medium IN ('voice', 'text')),
        language TEXT NOT NULL,
        heard_chars INTEGER,
        status TEXT NOT NULL CHECK (status IN ('complete', 'interrupted', 'failed')),
        created_at_ms INTEGER NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX messages_by_time ON messages (conversation_id, created_at_ms);

      CREATE TABLE summaries (
        conversation_id TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        text BLOB NOT NULL,
        through_message_id TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- What search looks at before it opens a text: see search-filter.ts.
      CREATE TABLE search_filters (
        seq INTEGER PRIMARY KEY REFERENCES messages (seq) ON DELETE CASCADE,
        filter BLOB NOT NULL
      ) STRICT;
    `);
  },
};
