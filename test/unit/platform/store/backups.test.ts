import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Keyring } from '../../../../src-main/platform/secrets/index.ts';
import { createBackups } from '../../../../src-main/platform/store/backups.ts';
import { BENCH_START_MS, createHistoryBench, messageOf, readAll, tellStore, thrownBy } from '../../../doubles/history-bench.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

vi.setConfig({ testTimeout: 30_000 });

const HOUR_MS = 60 * 60 * 1000;

async function setUp(keepCount = 2) {
  const folder = await temporaryFolder();
  const file = join(folder, 'history.db');
  const database = new Database(file);
  database.exec('CREATE TABLE notes (text); PRAGMA user_version = 1');
  onTestFinished(() => void database.close());
  const clock = createVirtualClock(BENCH_START_MS);
  const directory = join(folder, 'backups');
  return {
    clock,
    directory,
    database,
    backups: createBackups({ file, directory, nativeBinding: undefined, clock, keepCount: () => keepCount }),
  };
}

/** A history and a backup of an earlier state; of the openings that restoring it takes, those with the numbers given fail. */
async function withFailingOpenings(failing: readonly number[]) {
  const bench = await createHistoryBench();
  const keyring = await bench.keyring();
  let openings = -Infinity;
  const failingKeyring: Keyring = {
    ...keyring,
    open(sealed, context) {
      if (context === 'key-check') openings += 1;
      if (failing.includes(openings)) throw new Error('the disk went away');
      return keyring.open(sealed, context);
    },
  };
  const store = await bench.open({ keyring: failingKeyring });
  tellStore(store, ['then']);
  const backup = await store.backUp();
  const saved = readAll(store);
  tellStore(store, ['since then']);
  const restoreFailing = (): Promise<void> => {
    openings = 0;
    return store.restoreBackup(backup.fileName);
  };
  return { bench, store, backup, saved, before: readAll(store), restoreFailing };
}

describe('createBackups', () => {
  it('names a backup after its time, lists the newest first and no other file', async () => {
    const { backups, clock, directory } = await setUp();
    expect(backups.list()).toEqual([]);
    const first = await backups.make('daily');
    await clock.advance(HOUR_MS);
    const second = await backups.make('daily');
    for (const name of ['notes.txt', 'history.db', 'history-20260301T120000000Z-daily.db.new']) writeFileSync(join(directory, name), '');
    expect(first).toEqual({ fileName: 'history-20260301T120000000Z-daily.db', createdAtMs: BENCH_START_MS, sizeBytes: 8192 });
    expect(backups.list()).toEqual([second, first]);
  });

  it('keeps as many daily ones as wanted, and the latest three of each other kind', async () => {
    const { backups, clock } = await setUp(2);
    for (let day = 0; day < 4; day += 1) {
      await backups.make('before-restore');
      await backups.make('daily');
      await clock.advance(24 * HOUR_MS);
    }
    const kinds = backups.list().map(({ fileName }) => /Z-(.*)\.db$/.exec(fileName)?.[1]);
    expect(kinds.toSorted()).toEqual(['before-restore', 'before-restore', 'before-restore', 'daily', 'daily']);
    expect(backups.list()[0]?.createdAtMs).toBe(BENCH_START_MS + 3 * 24 * HOUR_MS);
  });

  it('is due a day after the last daily one, and when the clock was set back; never when none are wanted', async () => {
    const { backups, clock } = await setUp();
    expect(backups.isDue()).toBe(true);
    await backups.make('daily');
    await clock.advance(23 * HOUR_MS);
    expect(backups.isDue()).toBe(false);
    await backups.make('before-update');
    await clock.advance(HOUR_MS);
    expect(backups.isDue()).toBe(true);
    const unwanted = await setUp(0);
    expect(unwanted.backups.isDue()).toBe(false);
    const inFuture = await setUp();
    mkdirSync(inFuture.directory);
    writeFileSync(join(inFuture.directory, 'history-20990101T000000000Z-daily.db'), '');
    expect(inFuture.backups.isDue()).toBe(true);
  });

  it('makes one at a time: who asks meanwhile gets the same', async () => {
    const { backups } = await setUp();
    const [one, two] = await Promise.all([backups.make('daily'), backups.make('daily')]);
    expect([one, backups.list().length]).toEqual([two, 1]);
  });

  it('holds what was committed, while others go on writing', async () => {
    const { backups, database, directory } = await setUp();
    database.pragma('journal_mode = WAL');
    database.exec(`INSERT INTO notes VALUES ('committed'); BEGIN; INSERT INTO notes VALUES ('not yet')`);
    const { fileName } = await backups.make('daily');
    database.exec('COMMIT');
    const copy = new Database(join(directory, fileName), { readonly: true });
    onTestFinished(() => void copy.close());
    expect(copy.prepare('SELECT text FROM notes').pluck().all()).toEqual(['committed']);
  });

  it('leaves nothing behind and says what to do when it fails', async () => {
    const { directory, clock } = await setUp();
    const absent = createBackups({ file: join(directory, 'none.db'), directory, nativeBinding: undefined, clock, keepCount: () => 1 });
    await expect(absent.make('daily')).rejects.toMatchObject({
      code: 'store.backup-failed',
      message: expect.stringMatching(/could not be backed up .* Check the free space/),
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each(['../keys.json', '/etc/hosts', 'history.db', 'history-20200101T000000000Z-daily.db', ''])(
    'gives out no other file, whatever name a page asks for: %j',
    async (name) => {
      const { backups } = await setUp();
      expect(thrownBy(() => backups.pathOf(name))).toMatchObject({
        code: 'store.no-backup',
        message: expect.stringContaining('Choose another'),
      });
    },
  );
});

describe('restoreBackup', () => {
  it('puts a backup in the place of the history, keeps the present one as a backup, and tells it', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    tellStore(store, ['then']);
    const backup = await store.backUp();
    const then = readAll(store);
    await bench.clock.advance(HOUR_MS);
    tellStore(store, ['since then']);
    const now = readAll(store);
    let replaced = 0;
    const leave = store.onReplaced(() => (replaced += 1));
    await store.restoreBackup(backup.fileName);
    expect([readAll(store), replaced]).toEqual([then, 1]);
    const [former] = store.backups();
    expect(former?.fileName).toMatch(/before-restore\.db$/);
    await bench.clock.advance(HOUR_MS);
    leave();
    await store.restoreBackup(former?.fileName ?? '');
    expect([readAll(store), replaced]).toEqual([now, 1]);
    await store.dispose();
    expect(readAll(await bench.open())).toEqual(now);
  });

  it('changes nothing when the backup is damaged, of a newer format or gone', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { conversation } = tellStore(store, ['then']);
    const backup = await store.backUp();
    const path = join(bench.dataDirectory, 'backups', backup.fileName);
    const newer = path.replace('daily', 'before-update');
    writeFileSync(newer, readFileSync(path));
    const database = new Database(newer);
    database.pragma('user_version = 99');
    database.close();
    writeFileSync(path, readFileSync(path).fill(0x5a, 0, 3000));
    store.insertMessage(messageOf(conversation.id, 'since then'));
    const before = readAll(store);
    const names = store.backups().map(({ fileName }) => fileName);
    for (const fileName of names) {
      await expect(store.restoreBackup(fileName)).rejects.toMatchObject({
        code: 'store.backup-unusable',
        message: expect.stringContaining('Choose another one'),
      });
    }
    await expect(store.restoreBackup('../history.db')).rejects.toMatchObject({ code: 'store.no-backup' });
    expect([readAll(store), store.backups().map(({ fileName }) => fileName)]).toEqual([before, names]);
    expect(existsSync(`${bench.file}.restoring`)).toBe(false);
    store.insertMessage(messageOf(conversation.id, 'and on'));
  });

  it('is refused while another program holds the history, and works when it has let go', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    tellStore(store, ['then']);
    const backup = await store.backUp();
    const then = readAll(store);
    tellStore(store, ['since then']);
    const other = new Database(bench.file);
    other.prepare('SELECT * FROM messages').all();
    await expect(store.restoreBackup(backup.fileName)).rejects.toMatchObject({
      code: 'store.busy',
      message: expect.stringContaining('Close other copies'),
    });
    tellStore(store, ['still works']);
    other.close();
    await store.restoreBackup(backup.fileName);
    expect(readAll(store)).toEqual(then);
  });

  it('goes back to the history before when the copy does not open in its place after all', async () => {
    // The first opening is the trial beside the history, the second the one in its place, the third the way back.
    const { bench, store, before, restoreFailing } = await withFailingOpenings([2]);
    await expect(restoreFailing()).rejects.toThrow('the disk went away');
    expect([readAll(store), store.isLasting(), store.backups().length]).toEqual([before, true, 1]);
    tellStore(store, ['and on']);
    await store.dispose();
    expect((await bench.open()).listConversations()).toHaveLength(3);
  });

  it('restores one after the other when two are asked for at once, and keeps a copy of each state before', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    tellStore(store, ['one']);
    const one = await store.backUp();
    await bench.clock.advance(HOUR_MS);
    tellStore(store, ['two']);
    const two = await store.backUp();
    const wanted = readAll(store);
    tellStore(store, ['since then']);
    await bench.clock.advance(HOUR_MS);
    await Promise.all([store.restoreBackup(one.fileName), store.restoreBackup(two.fileName)]);
    expect([readAll(store), store.backups()]).toEqual([wanted, expect.objectContaining({ length: 4 })]);
    await store.dispose();
    expect(readAll(await bench.open())).toEqual(wanted);
  });

  it('restores also after an attempt that failed', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    tellStore(store, ['then']);
    const backup = await store.backUp();
    const then = readAll(store);
    tellStore(store, ['since then']);
    const [failed] = await Promise.allSettled([store.restoreBackup('../history.db'), store.restoreBackup(backup.fileName)]);
    expect([failed.status, readAll(store)]).toEqual(['rejected', then]);
  });

  it('changes nothing when its copy is gone before it takes the place of the history', async () => {
    const bench = await createHistoryBench();
    const keyring = await bench.keyring();
    let takeAway = false;
    const store = await bench.open({
      keyring: {
        ...keyring,
        open(sealed, context) {
          // The last thing that is read when the copy is tried out.
          if (takeAway && context === 'key-check') rmSync(`${bench.file}.restoring`);
          return keyring.open(sealed, context);
        },
      },
    });
    tellStore(store, ['then']);
    const backup = await store.backUp();
    tellStore(store, ['since then']);
    const before = readAll(store);
    takeAway = true;
    await expect(store.restoreBackup(backup.fileName)).rejects.toMatchObject({ code: 'store.draft-gone' });
    takeAway = false;
    expect([readAll(store), store.isLasting()]).toEqual([before, true]);
    tellStore(store, ['and on']);
    await store.dispose();
    expect((await bench.open()).listConversations()).toHaveLength(3);
  });

  it('goes on in memory when neither the copy nor the history before can be opened, and loses neither', async () => {
    const { bench, store, backup, saved, before, restoreFailing } = await withFailingOpenings([2, 3]);
    let replaced = 0;
    store.onReplaced(() => (replaced += 1));
    await expect(restoreFailing()).rejects.toMatchObject({
      code: 'store.not-reopened',
      message: expect.stringContaining('restart the app'),
    });
    expect([store.isLasting(), store.problem()?.code, readAll(store), replaced]).toEqual([false, 'store.not-reopened', [], 1]);
    tellStore(store, ['only for now']);
    await store.restoreBackup(backup.fileName);
    expect([store.isLasting(), store.problem(), readAll(store), replaced]).toEqual([true, undefined, saved, 2]);
    await bench.clock.advance(HOUR_MS);
    await store.restoreBackup(store.backups().find(({ fileName }) => fileName.includes('before-restore'))?.fileName ?? '');
    expect(readAll(store)).toEqual(before);
  });
});
