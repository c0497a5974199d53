import type { Migration } from './migration.ts';

/**
 * What the assistant's hands did, the owner's lasting answers about them, and timers. BLOB columns hold sealed JSON (secrets/sealed-box.ts); what is plain is
 * needed for ordering and filtering and tells nothing that was said. A call goes with its conversation when that leaves the bin for good.
 */
export const toolsMigration: Migration = {
  version: 3,
  name: 'tools',
  up(connection) {
    connection.exec(`
      CREATE TABLE tool_calls (
        id TEXT PRIMARY KEY NOT NULL,
        version INTEGER NOT NULL,
        conversation_id TEXT,
        state TEXT NOT NULL CHECK (
          state IN ('planned', 'waiting', 'running', 'background', 'done', 'failed', 'refused', 'cancelled', 'stopped')
        ),
        created_at_ms INTEGER NOT NULL,
        -- Everything else that a page is shown: tool, asker, plan, verdict, approval, result.
        content BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX tool_calls_by_time ON tool_calls (created_at_ms);
      CREATE INDEX tool_calls_by_conversation ON tool_calls (conversation_id, created_at_ms);
      CREATE TRIGGER tool_calls_go_with_conversation AFTER DELETE ON conversations
      BEGIN
        DELETE FROM tool_calls WHERE conversation_id = OLD.id;
      END;

      -- A yes that is kept: for exactly one argv, program and folder.
      CREATE TABLE remembered_approvals (
        id TEXT PRIMARY KEY NOT NULL,
        version INTEGER NOT NULL,
        content BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE tool_policies (
        tool TEXT PRIMARY KEY NOT NULL,
        policy TEXT NOT NULL CHECK (policy IN ('allow', 'ask', 'off'))
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE tool_timers (
        id TEXT PRIMARY KEY NOT NULL,
        version INTEGER NOT NULL,
        due_at_ms INTEGER NOT NULL,
        content BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
