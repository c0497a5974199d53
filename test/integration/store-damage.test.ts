import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createTemporaryKeyring } from '../../src-main/platform/secrets/index.ts';
import type { HistoryStore } from '../../src-main/platform/store/index.ts';
import { callRecord } from '../doubles/phone-call.ts';
import { createHistoryBench, messageOf, readAll, tellStore, thrownBy, type HistoryBench } from '../doubles/history-bench.ts';

const PAGE_BYTES = 4096;
/** Root pages of all tables and indexes lie before it. */
const FIRST_TEXT_PAGE = 32;
/** Enough to fill some hundred pages. */
const TEXTS = Array.from({ length: 160 }, (_value, index) => `Message ${index} about the lighthouse and its steps. `.repeat(40));

function overwrite(file: string, offset: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, offset, offset + length);
  writeFileSync(file, bytes);
}

/** Databases that were set aside. */
function asides(bench: HistoryBench): string[] {
  return readdirSync(bench.dataDirectory).filter((name) => /^history\.damaged-\d+\.db$/.test(name));
}

async function filledBench(): Promise<{ bench: HistoryBench; store: HistoryStore; before: ReturnType<typeof readAll> }> {
  const bench = await createHistoryBench();
  const store = await bench.open();
  tellStore(store, TEXTS, 'Lighthouse');
  await store.backUp();
  return { bench, store, before: readAll(store) };
}

/** The start after the damage was met: file set aside, owner told, new history in use, backup restores everything. */
async function expectRescue(bench: HistoryBench, before: ReturnType<typeof readAll>, damagedBytes: number): Promise<void> {
  await bench.clock.advance(1000);
  const store = await bench.open();
  const backup = store.backups()[0]?.fileName ?? '';
  expect(asides(bench)).toHaveLength(1);
  const aside = join(bench.dataDirectory, asides(bench)[0] ?? '');
  expect(statSync(aside).size).toBe(damagedBytes);
  expect(store.problem()).toEqual({
    code: 'store.damaged',
    message: `The history was damaged and is kept as ${aside}. A new one was started. Restore the last backup to have yours back.`,
    details: { file: aside, backup },
  });
  expect([store.isLasting(), store.listConversations()]).toEqual([true, []]);
  tellStore(store, ['life goes on']);
  await store.restoreBackup(backup);
  expect(readAll(store)).toEqual(before);
  expect(store.problem()).toBeUndefined();
  tellStore(store, ['and on']);
  await store.dispose();
  const again = await bench.open();
  expect([again.problem(), again.listConversations().length]).toEqual([undefined, 2]);
}

describe('a damaged history', () => {
  it.each([
    ['its header was overwritten', (file: string) => overwrite(file, 0, 100)],
    ['its end was cut off', (file: string) => truncateSync(file, statSync(file).size - 3 * PAGE_BYTES - 17)],
    ['it was emptied', (file: string) => truncateSync(file, 0)],
    ['it became some other file', (file: string) => writeFileSync(file, 'Dear diary, '.repeat(1000))],
    ['the root of its tables was overwritten', (file: string) => overwrite(file, 100, PAGE_BYTES - 100)],
  ])('is set aside at the start and the last backup brings everything back when %s', async (_what, damage) => {
    const { bench, store, before } = await filledBench();
    await store.dispose();
    damage(bench.file);
    await expectRescue(bench, before, statSync(bench.file).size);
  });

  it('is met in the middle of use when a page is garbage: said clearly, and set aside at the next start', async () => {
    const { bench, store, before } = await filledBench();
    await store.dispose();
    // Pages behind the first few: the schema can be read, messages cannot.
    const sizeBytes = statSync(bench.file).size;
    overwrite(bench.file, FIRST_TEXT_PAGE * PAGE_BYTES, sizeBytes - FIRST_TEXT_PAGE * PAGE_BYTES);
    const unaware = await bench.open();
    expect(unaware.problem()).toBeUndefined();
    const error = thrownBy(() => readAll(unaware));
    expect(error).toMatchObject({ code: 'store.damaged', message: expect.stringContaining('Restart the app') });
    await unaware.dispose();
    await expectRescue(bench, before, sizeBytes);
  });

  it('is noted for the next start also when only the search has met it', async () => {
    const { bench, store } = await filledBench();
    await store.dispose();
    overwrite(bench.file, FIRST_TEXT_PAGE * PAGE_BYTES, statSync(bench.file).size - FIRST_TEXT_PAGE * PAGE_BYTES);
    const unaware = await bench.open();
    await expect(unaware.searchMessages('lighthouse')).rejects.toMatchObject({ code: 'store.damaged' });
    await unaware.dispose();
    expect((await bench.open()).problem()?.code).toBe('store.damaged');
  });

  it('is noted for the next start also when only the log of calls has met it, and the backup brings the calls back', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    for (let index = 0; index < 60; index += 1) {
      const segments = [{ speaker: 'caller' as const, text: TEXTS[index] ?? '', startMs: 0, endMs: 1 }];
      store.phone.saveCall(callRecord(`c${index}`, { segments }, { startedAtMs: index }), true);
    }
    await store.backUp();
    const before = await store.phone.list({ limit: 200 });
    await store.dispose();
    overwrite(bench.file, FIRST_TEXT_PAGE * PAGE_BYTES, statSync(bench.file).size - FIRST_TEXT_PAGE * PAGE_BYTES);
    const unaware = await bench.open();
    await expect(unaware.phone.list({ limit: 200, query: 'lighthouse' })).rejects.toMatchObject({ code: 'store.damaged' });
    await unaware.dispose();
    const again = await bench.open();
    expect([again.problem()?.code, await again.phone.list({ limit: 200 })]).toEqual(['store.damaged', []]);
    await again.restoreBackup(again.backups()[0]?.fileName ?? '');
    expect(await again.phone.list({ limit: 200 })).toEqual(before);
  });

  it('takes its unfinished log along when the main file is lost after a crash', async () => {
    for (const lose of [(file: string) => truncateSync(file, 0), (file: string) => rmSync(file)]) {
      const bench = await createHistoryBench();
      const store = await bench.open();
      tellStore(store, ['only in the log yet']);
      const log = readFileSync(`${bench.file}-wal`);
      await store.dispose();
      writeFileSync(`${bench.file}-wal`, log);
      lose(bench.file);
      const again = await bench.open();
      expect(again.problem()?.code).toBe('store.damaged');
      const kept = readdirSync(bench.dataDirectory).find((name) => /^history\.damaged-\d+\.db-wal$/.test(name)) ?? '';
      expect(readFileSync(join(bench.dataDirectory, kept))).toEqual(log);
      tellStore(again, ['goes on']);
    }
  });

  it('that is missing although there are backups is reported, and the backup brings it back', async () => {
    const { bench, store, before } = await filledBench();
    await store.dispose();
    rmSync(bench.file);
    const again = await bench.open();
    expect(again.problem()).toMatchObject({ code: 'store.missing', details: { file: bench.file, backup: again.backups()[0]?.fileName } });
    await again.restoreBackup(again.backups()[0]?.fileName ?? '');
    expect([readAll(again), again.problem()]).toEqual([before, undefined]);
  });

  it('without any backup says that there is none yet', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    tellStore(store, ['hello']);
    await store.dispose();
    overwrite(bench.file, 0, 100);
    const again = await bench.open();
    expect(again.problem()).toMatchObject({ message: expect.stringContaining('there is no backup yet'), details: { backup: '' } });
  });

  it('is no damage when the last start was cut off by a crash: the log is read and nothing is reported', async () => {
    const { bench, store, before } = await filledBench();
    const { conversation } = tellStore(store, ['in the log']);
    const crashed = await createHistoryBench();
    for (const name of readdirSync(bench.dataDirectory).filter((entry) => statSync(join(bench.dataDirectory, entry)).isFile()))
      copyFileSync(join(bench.dataDirectory, name), join(crashed.dataDirectory, name));
    const again = await crashed.open();
    expect(again.problem()).toBeUndefined();
    expect(crashed.log.messages('info')).toContain('History examined');
    expect(again.listMessages(conversation.id, { limit: 5 }).map(({ text }) => text)).toEqual(['in the log']);
    expect(readAll(again).filter(({ id }) => id !== conversation.id)).toEqual(before);
  });

  it('keeps every commit before the place where a power cut ended the log', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    await store.dispose();
    const busy = await bench.open();
    const { conversation } = tellStore(busy, []);
    const texts = Array.from({ length: 20 }, (_value, index) => `message ${index}`);
    for (const text of texts) busy.insertMessage(messageOf(conversation.id, text));
    const log = readFileSync(`${bench.file}-wal`);
    const kept: number[] = [];
    for (const share of [0.15, 0.4, 0.65, 0.9, 1]) {
      const cut = await createHistoryBench();
      for (const name of ['history.db', 'keys.json', 'keys.copy.json'])
        copyFileSync(join(bench.dataDirectory, name), join(cut.dataDirectory, name));
      writeFileSync(`${cut.file}-wal`, log.subarray(0, Math.floor(log.length * share)));
      const again = await cut.open();
      expect(again.problem()).toBeUndefined();
      const found = again.listMessages(conversation.id, { limit: 50 }).map(({ text }) => text);
      expect(found).toEqual(texts.slice(0, found.length));
      await again.dispose();
      expect(cut.raw((database) => database.pragma('integrity_check', { simple: true }))).toBe('ok');
      kept.push(found.length);
    }
    expect(kept).toEqual(kept.toSorted((left, right) => left - right));
    expect(kept.at(-1)).toBe(20);
  });
});

describe('a history that must not be touched', () => {
  it('of a newer format is refused with both ways back, byte for byte as it was, while the app runs on one in memory', async () => {
    const { bench, store, before } = await filledBench();
    await store.dispose();
    const backup = readdirSync(join(bench.dataDirectory, 'backups'))[0] ?? '';
    const beforeUpdate = backup.replace('daily', 'before-update');
    copyFileSync(join(bench.dataDirectory, 'backups', backup), join(bench.dataDirectory, 'backups', beforeUpdate));
    bench.raw((database) => database.pragma('user_version = 9'));
    const bytes = readFileSync(bench.file);
    const older = await bench.open();
    expect(older.problem()).toEqual({
      code: 'store.newer-schema',
      message:
        'The history was written by a newer version of the app (format 9, this one knows 5). Install the newer version again, ' +
        `or restore the backup ${beforeUpdate} from before the update. Nothing was changed.`,
      details: { found: 9, known: 5, backup: beforeUpdate },
    });
    expect(older.isLasting()).toBe(false);
    tellStore(older, ['for now']);
    await expect(older.backUp()).rejects.toMatchObject({ code: 'store.not-lasting' });
    expect(readFileSync(bench.file)).toEqual(bytes);
    await older.restoreBackup(beforeUpdate);
    expect([readAll(older), older.isLasting(), older.problem()]).toEqual([before, true, undefined]);
    const newest = older.backups()[0]?.fileName ?? '';
    expect(readFileSync(join(bench.dataDirectory, 'backups', newest))).toEqual(bytes);
  });

  it('of another program is refused and not even converted', async () => {
    const bench = await createHistoryBench();
    const foreign = new Database(bench.file);
    foreign.exec(`CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('Apfelstrudel')`);
    foreign.close();
    const bytes = readFileSync(bench.file);
    const store = await bench.open();
    expect(store.problem()).toMatchObject({ code: 'store.foreign-file', message: expect.stringContaining('Move it away') });
    tellStore(store, ['for now']);
    await store.dispose();
    expect(readFileSync(bench.file)).toEqual(bytes);
    expect(asides(bench)).toEqual([]);
  });

  it('of other keys is refused; with its own keys it opens as it was', async () => {
    const { bench, store, before } = await filledBench();
    await store.dispose();
    const keys = readFileSync(join(bench.dataDirectory, 'keys.json'));
    for (const name of ['keys.json', 'keys.copy.json']) rmSync(join(bench.dataDirectory, name));
    const strange = await bench.open();
    expect(strange.problem()).toMatchObject({
      code: 'store.key-missing',
      message: expect.stringMatching(/^The history was encrypted .* Put back the keys\.json/),
    });
    await expect(strange.restoreBackup(strange.backups()[0]?.fileName ?? '')).rejects.toMatchObject({ code: 'store.key-missing' });
    await strange.dispose();
    for (const name of ['keys.json', 'keys.copy.json']) writeFileSync(join(bench.dataDirectory, name), keys);
    const again = await bench.open();
    expect([readAll(again), again.problem()]).toEqual([before, undefined]);
  });

  it('stays untouched when its folder cannot be written', async () => {
    const bench = await createHistoryBench();
    const keyring = await bench.keyring();
    writeFileSync(join(bench.dataDirectory, 'file'), '');
    const store = await bench.open({ keyring, dataDirectory: join(bench.dataDirectory, 'file') });
    expect(store.isLasting()).toBe(false);
    expect(store.problem()).toMatchObject({ message: expect.stringMatching(/\w/) });
    tellStore(store, ['for now']);
    expect(existsSync(bench.file)).toBe(false);
  });

  it('stays untouched while the keys cannot be had: the app runs on one in memory', async () => {
    const { bench, store, before } = await filledBench();
    await store.dispose();
    const bytes = readFileSync(bench.file);
    const without = await bench.open({ keyring: createTemporaryKeyring(bench.clock) });
    expect([without.isLasting(), without.problem(), without.listConversations()]).toEqual([false, undefined, []]);
    tellStore(without, ['for now']);
    await without.dispose();
    expect(readFileSync(bench.file)).toEqual(bytes);
    expect(readAll(await bench.open())).toEqual(before);
  });
});
