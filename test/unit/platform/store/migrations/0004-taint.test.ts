import { describe, expect, it } from 'vitest';
import { openConnection } from '../../../../../src-main/platform/store/connection.ts';
import { migrate, schemaVersion } from '../../../../../src-main/platform/store/migrate.ts';
import { taintMigration } from '../../../../../src-main/platform/store/migrations/0004-taint.ts';
import { migrations } from '../../../../../src-main/platform/store/migrations/index.ts';

const SEALED = Buffer.from('sealed');

function olderDatabase() {
  const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
  const before = migrations.filter(({ version }) => version < taintMigration.version);
  migrate(connection, before, () => undefined);
  connection.prepare(`INSERT INTO conversations VALUES ('c', 1, ?, 2, 6, 10, 20, NULL)`).run(SEALED);
  const insert = connection.prepare(
    `INSERT INTO messages (seq, id, conversation_id, version, role, text, medium, language, heard_chars, status, created_at_ms)
     VALUES (?, ?, 'c', 1, ?, ?, 'voice', 'de', ?, ?, ?)`,
  );
  insert.run(5, 'm', 'user', SEALED, null, 'complete', 19);
  insert.run(6, 'n', 'assistant', Buffer.alloc(0), 0, 'interrupted', 20);
  connection.prepare(`INSERT INTO summaries (conversation_id, version, text, through_message_id) VALUES ('c', 3, ?, 'm')`).run(SEALED);
  return connection;
}

describe('migration 4: taint', () => {
  it('leaves every row as it was, with nothing from outside in it', () => {
    const connection = olderDatabase();
    const messages = connection.prepare<[], object>('SELECT * FROM messages ORDER BY seq').all();
    const summaries = connection.prepare<[], object>('SELECT * FROM summaries').all();
    migrate(
      connection,
      migrations.filter(({ version }) => version <= taintMigration.version),
      () => undefined,
    );
    expect(schemaVersion(connection)).toBe(4);
    expect(connection.prepare('SELECT * FROM messages ORDER BY seq').all()).toEqual(messages.map((row) => ({ ...row, tainted: 0 })));
    expect(connection.prepare('SELECT * FROM summaries').all()).toEqual(summaries.map((row) => ({ ...row, tainted: 0 })));
  });

  it('takes yes and no and nothing else', () => {
    const connection = olderDatabase();
    migrate(
      connection,
      migrations.filter(({ version }) => version <= taintMigration.version),
      () => undefined,
    );
    connection.prepare(`UPDATE messages SET tainted = 1 WHERE id = 'm'`).run();
    expect(() => connection.prepare(`UPDATE messages SET tainted = 2 WHERE id = 'm'`).run()).toThrow(/CHECK/);
  });
});
