import { describe, expect, it } from 'vitest';
import { inTransaction, openConnection, type Connection } from '../../../../../src-main/platform/store/connection.ts';
import { migrate, schemaVersion } from '../../../../../src-main/platform/store/migrate.ts';
import { historyMigration } from '../../../../../src-main/platform/store/migrations/0001-history.ts';

/** Columns as `name TYPE`, with `!` when they must not be NULL. */
function tablesOf(connection: Connection): Record<string, string[]> {
  const columns = connection
    .prepare<[], { table: string; column: string }>(
      `SELECT m.name AS "table", c.name || ' ' || c.type || iif(c."notnull" OR c.pk, '!', '') AS "column"
       FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`,
    )
    .all();
  return Object.fromEntries(
    [...new Set(columns.map(({ table }) => table))].map((table) => [
      table,
      columns.filter((row) => row.table === table).map((row) => row.column),
    ]),
  );
}

function migrated(): Connection {
  const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
  migrate(connection, [historyMigration], () => {
    throw new Error('There is nothing to back up in an empty file');
  });
  return connection;
}

const SEALED = Buffer.from('sealed');

describe('migration 1: history', () => {
  it('makes the tables of the first format out of an empty file', () => {
    const connection = migrated();
    expect(tablesOf(connection)).toEqual({
      conversations: [
        'id TEXT!',
        'version INTEGER!',
        'title BLOB!',
        'message_count INTEGER!',
        'last_seq INTEGER',
        'created_at_ms INTEGER!',
        'updated_at_ms INTEGER!',
        'deleted_at_ms INTEGER',
      ],
      messages: [
        'seq INTEGER!',
        'id TEXT!',
        'conversation_id TEXT!',
        'version INTEGER!',
        'role TEXT!',
        'text BLOB!',
        'medium TEXT!',
        'language TEXT!',
        'heard_chars INTEGER',
        'status TEXT!',
        'created_at_ms INTEGER!',
      ],
      meta: ['name TEXT!', 'value BLOB!'],
      search_filters: ['seq INTEGER!', 'filter BLOB!'],
      summaries: ['conversation_id TEXT!', 'version INTEGER!', 'text BLOB!', 'through_message_id TEXT!'],
    });
    expect(schemaVersion(connection)).toBe(1);
  });

  it('keeps rows as they were put in, and lets all that belongs to a conversation go with it', () => {
    const connection = migrated();
    const insert = (): void => {
      connection.prepare(`INSERT INTO conversations VALUES ('c', 1, ?, 1, 5, 10, 20, NULL)`).run(SEALED);
      connection.prepare(`INSERT INTO messages VALUES (5, 'm', 'c', 1, 'user', ?, 'voice', 'de', 3, 'complete', 20)`).run(SEALED);
      connection.prepare(`INSERT INTO summaries VALUES ('c', 1, ?, 'm')`).run(SEALED);
      connection.prepare('INSERT INTO search_filters VALUES (5, ?)').run(SEALED);
    };
    inTransaction(connection, insert);
    expect(connection.prepare('SELECT * FROM messages').all()).toEqual([
      {
        seq: 5,
        id: 'm',
        conversation_id: 'c',
        version: 1,
        role: 'user',
        text: SEALED,
        medium: 'voice',
        language: 'de',
        heard_chars: 3,
        status: 'complete',
        created_at_ms: 20,
      },
    ]);
    connection.exec(`DELETE FROM conversations WHERE id = 'c'`);
    for (const table of ['messages', 'summaries', 'search_filters'])
      expect(connection.prepare(`SELECT * FROM ${table}`).all(), table).toEqual([]);
  });

  it.each([
    [
      'a message without its conversation',
      `INSERT INTO messages VALUES (1, 'm', 'none', 1, 'user', x'00', 'text', 'en', NULL, 'complete', 1)`,
    ],
    ['a role it does not know', `INSERT INTO messages VALUES (1, 'm', 'c', 1, 'system', x'00', 'text', 'en', NULL, 'complete', 1)`],
    [
      'plain text in the place of sealed text',
      `INSERT INTO messages VALUES (1, 'm', 'c', 1, 'user', 'hi', 'text', 'en', NULL, 'complete', 1)`,
    ],
    [
      'two messages of a conversation at the same time',
      `INSERT INTO messages VALUES (2, 'm2', 'c', 1, 'user', x'00', 'text', 'en', NULL, 'complete', 7)`,
    ],
    ['two messages of the same id', `INSERT INTO messages VALUES (2, 'm1', 'c', 1, 'user', x'00', 'text', 'en', NULL, 'complete', 8)`],
  ])('refuses %s', (_what, sql) => {
    const connection = migrated();
    connection.prepare(`INSERT INTO conversations VALUES ('c', 1, ?, 0, NULL, 1, 1, NULL)`).run(SEALED);
    connection.exec(`INSERT INTO messages VALUES (7, 'm1', 'c', 1, 'user', x'00', 'text', 'en', NULL, 'complete', 7)`);
    expect(() => connection.exec(sql)).toThrow(/constraint|cannot store/i);
  });
});
