import { describe, expect, it } from 'vitest';
import { openConnection } from '../../../../../src-main/platform/store/connection.ts';
import { migrate, schemaVersion } from '../../../../../src-main/platform/store/migrate.ts';
import { phoneMigration } from '../../../../../src-main/platform/store/migrations/0005-phone.ts';
import { migrations } from '../../../../../src-main/platform/store/migrations/index.ts';

const SEALED = Buffer.from('sealed');
const through = (version: number) => migrations.filter((migration) => migration.version <= version);

describe('migration 5: phone', () => {
  it('leaves every row of the history as it was, and makes an empty log', () => {
    const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
    migrate(connection, through(phoneMigration.version - 1), () => undefined);
    connection.prepare(`INSERT INTO conversations VALUES ('c1', 1, ?, 1, 1, 5, 5, NULL)`).run(SEALED);
    connection.prepare(`INSERT INTO messages VALUES (1, 'm1', 'c1', 1, 'user', ?, 'voice', 'de', 3, 'complete', 5, 1)`).run(SEALED);
    connection.prepare(`INSERT INTO tool_calls VALUES ('t', 1, 'c1', 'done', 5, ?)`).run(SEALED);
    const tables = ['conversations', 'messages', 'summaries', 'search_filters', 'tool_calls', 'tool_timers', 'killswitch_events'];
    const all = (): unknown[] => tables.map((table) => connection.prepare(`SELECT * FROM ${table}`).all());
    const before = all();
    migrate(connection, through(phoneMigration.version), () => undefined);
    expect(schemaVersion(connection)).toBe(5);
    expect(all()).toEqual(before);
    expect(connection.prepare('SELECT * FROM phone_calls').all()).toEqual([]);
    connection.close();
  });

  it('knows only real directions and who may have answered', () => {
    const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
    migrate(connection, through(phoneMigration.version), () => undefined);
    const insert = connection.prepare(`INSERT INTO phone_calls VALUES (?, 1, ?, ?, 1, 5, ?, ?, NULL)`);
    insert.run('a', 'in', 'nobody', SEALED, SEALED);
    expect(() => insert.run('b', 'sideways', 'nobody', SEALED, SEALED)).toThrow(/CHECK/);
    expect(() => insert.run('b', 'out', 'somebody', SEALED, SEALED)).toThrow(/CHECK/);
    connection.close();
  });
});
