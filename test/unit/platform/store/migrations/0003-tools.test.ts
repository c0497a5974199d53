import { describe, expect, it } from 'vitest';
import { openConnection } from '../../../../../src-main/platform/store/connection.ts';
import { migrate, schemaVersion } from '../../../../../src-main/platform/store/migrate.ts';
import { historyMigration } from '../../../../../src-main/platform/store/migrations/0001-history.ts';
import { killswitchMigration } from '../../../../../src-main/platform/store/migrations/0002-killswitch.ts';
import { toolsMigration } from '../../../../../src-main/platform/store/migrations/0003-tools.ts';

const SEALED = Buffer.from('sealed');

describe('migration 3: tools', () => {
  it('leaves every row of the history as it was, and makes the tables of the tools', () => {
    const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
    migrate(connection, [historyMigration, killswitchMigration], () => undefined);
    connection
      .prepare(`INSERT INTO conversations VALUES ('c1', 1, ?, 1, 1, 5, 5, NULL), ('c2', 1, ?, 0, NULL, 6, 6, 7)`)
      .run(SEALED, SEALED);
    connection.prepare(`INSERT INTO messages VALUES (1, 'm1', 'c1', 1, 'user', ?, 'voice', 'de', 3, 'complete', 5)`).run(SEALED);
    const before = [connection.prepare('SELECT * FROM conversations').all(), connection.prepare('SELECT * FROM messages').all()];
    let backups = 0;
    migrate(connection, [historyMigration, killswitchMigration, toolsMigration], () => (backups += 1));
    expect([schemaVersion(connection), backups]).toEqual([3, 1]);
    expect([connection.prepare('SELECT * FROM conversations').all(), connection.prepare('SELECT * FROM messages').all()]).toEqual(before);
    for (const table of ['tool_calls', 'remembered_approvals', 'tool_policies', 'tool_timers'])
      expect(connection.prepare(`SELECT * FROM ${table}`).all()).toEqual([]);
    connection.close();
  });

  it('lets calls go with their conversation, knows only real states, and keeps calls without a conversation', () => {
    const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
    migrate(connection, [historyMigration, killswitchMigration, toolsMigration], () => undefined);
    connection.prepare(`INSERT INTO conversations VALUES ('c1', 1, ?, 0, NULL, 5, 5, NULL)`).run(SEALED);
    const insert = connection.prepare(`INSERT INTO tool_calls VALUES (?, 1, ?, ?, 5, ?)`);
    insert.run('a', 'c1', 'done', SEALED);
    insert.run('b', null, 'done', SEALED);
    insert.run('d', 'another', 'stopped', SEALED);
    expect(() => insert.run('e', null, 'lifted', SEALED)).toThrow(/CHECK/);
    connection.exec(`DELETE FROM conversations WHERE id = 'c1'`);
    expect(connection.prepare<[], string>('SELECT id FROM tool_calls ORDER BY id').pluck().all()).toEqual(['b', 'd']);
    connection.close();
  });
});
