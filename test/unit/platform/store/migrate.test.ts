import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openConnection, type Connection } from '../../../../src-main/platform/store/connection.ts';
import { migrate, requireOurs, schemaVersion } from '../../../../src-main/platform/store/migrate.ts';
import { migrations, type Migration } from '../../../../src-main/platform/store/migrations/index.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../../..');

const first: Migration = { version: 1, name: 'notes', up: (connection) => connection.exec('CREATE TABLE notes (text TEXT) STRICT') };
const second: Migration = {
  version: 2,
  name: 'stars',
  up: (connection) => connection.exec('ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 0'),
};
const noBackUp = (): void => undefined;
const fail = (): never => {
  throw new Error('disk full');
};

async function openFile(): Promise<{ file: string; connection: Connection }> {
  const file = join(await temporaryFolder(), 'history.db');
  const connection = openConnection({ file, nativeBinding: undefined });
  onTestFinished(() => void connection.close());
  return { file, connection };
}

describe('migrations', () => {
  it('are numbered without gaps, and each has a test of its own', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_migration, index) => index + 1));
    const files = readdirSync(join(ROOT, 'src-main/platform/store/migrations')).filter((name) => /^\d{4}-/.test(name));
    expect(files).toEqual(migrations.map(({ version, name }) => `${String(version).padStart(4, '0')}-${name}.ts`));
    const untested = files.filter((name) => !existsSync(join(import.meta.dirname, 'migrations', name.replace(/\.ts$/, '.test.ts'))));
    expect(untested).toEqual([]);
  });
});

describe('migrate', () => {
  it('goes from an empty file to the last format without a backup', async () => {
    const { connection } = await openFile();
    let backups = 0;
    expect(migrate(connection, [first, second], () => (backups += 1))).toEqual({ state: 'current', from: 0, to: 2 });
    expect(migrate(connection, [first, second], () => (backups += 1))).toEqual({ state: 'current', from: 2, to: 2 });
    expect([schemaVersion(connection), backups]).toEqual([2, 0]);
  });

  it('backs up an older format before it touches it, and keeps what is in it', async () => {
    const { connection } = await openFile();
    migrate(connection, [first], noBackUp);
    connection.exec(`INSERT INTO notes VALUES ('kept')`);
    const seen: unknown[] = [];
    migrate(connection, [first, second], (from) => seen.push(from, schemaVersion(connection)));
    expect(seen).toEqual([1, 1]);
    expect(connection.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept', stars: 0 }]);
  });

  it('touches nothing when the backup fails', async () => {
    const { connection } = await openFile();
    migrate(connection, [first], noBackUp);
    expect(() => migrate(connection, [first, second], fail)).toThrow('disk full');
    expect(schemaVersion(connection)).toBe(1);
  });

  it('leaves the format before a step that fails, whole', async () => {
    const { connection } = await openFile();
    migrate(connection, [first], noBackUp);
    connection.exec(`INSERT INTO notes VALUES ('kept')`);
    const failing: Migration = {
      version: 3,
      name: 'failing',
      up(target) {
        target.exec(`DELETE FROM notes; CREATE TABLE half (x);`);
        throw new Error('half way');
      },
    };
    expect(() => migrate(connection, [first, second, failing], noBackUp)).toThrow('half way');
    expect(schemaVersion(connection)).toBe(2);
    expect(connection.prepare('SELECT text FROM notes').all()).toEqual([{ text: 'kept' }]);
    expect(connection.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).all()).toEqual([]);
  });

  it('undoes a step that leaves rows without their parents', async () => {
    const { connection } = await openFile();
    const orphaning: Migration = {
      version: 1,
      name: 'orphaning',
      up(target) {
        target.exec(`CREATE TABLE parents (id INTEGER PRIMARY KEY);
          CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
          INSERT INTO children VALUES (9);`);
      },
    };
    expect(() => migrate(connection, [orphaning], noBackUp)).toThrow(
      expect.objectContaining({ code: 'store.migration-failed', message: expect.stringContaining('nothing was changed') }),
    );
    expect([schemaVersion(connection), connection.prepare('SELECT * FROM sqlite_schema').all()]).toEqual([0, []]);
  });

  it('does a step once when two processes start at the same time', async () => {
    const { file, connection } = await openFile();
    const other = openConnection({ file, nativeBinding: undefined });
    onTestFinished(() => void other.close());
    migrate(connection, [first], noBackUp);
    // The other one is through after this one has looked at the version and before it takes the lock.
    const backUp = (): void => void migrate(other, [first, second], noBackUp);
    expect(migrate(connection, [first, second], backUp)).toEqual({ state: 'current', from: 1, to: 2 });
    expect([schemaVersion(connection), schemaVersion(other)]).toEqual([2, 2]);
  });

  it('only says so when the format is newer than it knows', async () => {
    const { connection } = await openFile();
    migrate(connection, [first, second], noBackUp);
    expect(migrate(connection, [first], noBackUp)).toEqual({ state: 'newer', found: 2, known: 1 });
    expect(schemaVersion(connection)).toBe(2);
  });
});

describe('requireOurs', () => {
  it('lets an empty file and our own pass, also an older or newer one', async () => {
    const { connection } = await openFile();
    requireOurs(connection);
    migrate(connection, [first], noBackUp);
    requireOurs(connection);
    connection.pragma('user_version = 99');
    requireOurs(connection);
  });

  it.each([['CREATE TABLE recipes (name TEXT)'], ['PRAGMA user_version = 3']])('refuses what another program made: %s', async (sql) => {
    const { connection } = await openFile();
    connection.exec(sql);
    expect(() => requireOurs(connection)).toThrow(
      expect.objectContaining({ code: 'store.foreign-file', message: expect.stringContaining('Move it away') }),
    );
  });
});
