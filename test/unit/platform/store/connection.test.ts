import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inTransaction, openConnection } from '../../../../src-main/platform/store/connection.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const refuse = (): never => {
  throw new Error('refused');
};

describe('openConnection', () => {
  it('opens SQLite so that commits outlive a crash, deleted rows are overwritten and nothing goes to temporary files', async () => {
    const connection = openConnection({ file: join(await temporaryFolder(), 'x.db'), nativeBinding: undefined });
    onTestFinished(() => void connection.close());
    const pragmas = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'temp_store', 'trusted_schema'];
    expect(pragmas.map((name) => connection.pragma(name, { simple: true }))).toEqual(['wal', 1, 1, 1, 2, 0]);
  });

  it('leaves a file that is refused as it was, and closed', async () => {
    const file = join(await temporaryFolder(), 'x.db');
    expect(() => openConnection({ file, nativeBinding: undefined, accept: refuse })).toThrow('refused');
    const database = new Database(file);
    onTestFinished(() => void database.close());
    expect(database.pragma('journal_mode', { simple: true })).toBe('delete');
  });
});

describe('inTransaction', () => {
  it('keeps all or nothing', () => {
    const connection = openConnection({ file: ':memory:', nativeBinding: undefined });
    connection.exec('CREATE TABLE notes (text)');
    expect(inTransaction(connection, () => connection.prepare(`INSERT INTO notes VALUES ('a')`).run().changes)).toBe(1);
    const failing = (): void => {
      connection.exec(`INSERT INTO notes VALUES ('b')`);
      throw new Error('half way');
    };
    expect(() => inTransaction(connection, failing)).toThrow('half way');
    expect(connection.prepare('SELECT text FROM notes').pluck().all()).toEqual(['a']);
    connection.close();
  });
});
