import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../../src-main/platform/observability/index.ts';
import { createTemporaryKeyring, type Keyring } from '../../../../src-main/platform/secrets/index.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

async function setUp() {
  const dataDirectory = await temporaryFolder();
  const file = join(dataDirectory, 'audit.jsonl');
  const keys = createTemporaryKeyring({ wallMs: () => 0 });
  const log = createRecordingLog();
  const failures: unknown[] = [];
  const open = (keyring: Keyring = keys) =>
    createAuditLog({
      dataDirectory,
      keys: keyring,
      clock: createVirtualClock(5000),
      log,
      onFailure: (error) => void failures.push(error),
    });
  const lines = (): string[] => readFileSync(file, 'utf8').trimEnd().split('\n');
  const rewrite = (edit: (all: string[]) => string[]): void => writeFileSync(file, `${edit(lines()).join('\n')}\n`);
  return { file, keys, log, failures, open, lines, rewrite };
}

async function filled() {
  const bench = await setUp();
  const audit = bench.open();
  for (const subject of ['first', 'second', 'third']) await audit.record({ action: 'conversation.delete', subject, details: { count: 1 } });
  return { ...bench, audit };
}

describe('createAuditLog', () => {
  it('writes one chained line per decision, for the owner only, and goes on after a restart', async () => {
    const { open, file } = await filled();
    const audit = open();
    await Promise.all([audit.record({ action: 'secret.set', subject: 'a' }), audit.record({ action: 'model.switch', subject: 'b' })]);
    const entries = await audit.read();
    expect(entries.map(({ seq, action, subject }) => [seq, action, subject])).toEqual([
      [1, 'conversation.delete', 'first'],
      [2, 'conversation.delete', 'second'],
      [3, 'conversation.delete', 'third'],
      [4, 'secret.set', 'a'],
      [5, 'model.switch', 'b'],
    ]);
    expect(entries[0]).toMatchObject({ atMs: 5000, details: { count: 1 } });
    expect(await audit.verify()).toEqual({ state: 'intact', count: 5 });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a changed line', 2, (all: string[]) => all.map((line) => line.replace('"second"', '"another"'))],
    ['a changed detail', 1, (all: string[]) => all.map((line) => line.replace('"count":1', '"count":2'))],
    ['a removed line', 2, (all: string[]) => all.toSpliced(1, 1)],
    ['a line put in', 2, (all: string[]) => all.toSpliced(1, 0, all[0] ?? '')],
    ['two lines in the other order', 1, (all: string[]) => [all[1] ?? '', all[0] ?? '', all[2] ?? '']],
    ['a removed line with the numbers mended', 2, (all: string[]) => [all[0] ?? '', (all[2] ?? '').replace('"seq":3', '"seq":2')]],
    ['a line of rubbish', 3, (all: string[]) => [...all.slice(0, 2), 'rubbish']],
  ])('finds %s', async (_what, atLine, edit) => {
    const { audit, rewrite } = await filled();
    rewrite(edit);
    expect(await audit.verify()).toEqual({ state: 'broken', atLine });
  });

  it('finds a line of another course of events, although it was once a true one', async () => {
    const { open, rewrite, lines } = await filled();
    const [, , former = ''] = lines();
    rewrite((all) => all.slice(0, 2));
    const audit = open();
    for (const subject of ['other', 'last']) await audit.record({ action: 'secret.set', subject });
    expect(await audit.verify()).toEqual({ state: 'intact', count: 4 });
    rewrite((all) => all.with(2, former));
    expect(await audit.verify()).toEqual({ state: 'broken', atLine: 4 });
  });

  it('says when the keys to check it are not there', async () => {
    const { open, keys } = await filled();
    expect(await open(createTemporaryKeyring({ wallMs: () => 0 })).verify()).toEqual({ state: 'unverifiable', atLine: 1 });
    await keys.rotate();
    const audit = open();
    await audit.record({ action: 'key.rotate', subject: 'keys' });
    expect(await audit.verify()).toEqual({ state: 'intact', count: 4 });
  });

  it('cuts off half a line that a crash has left, and goes on behind the last whole one', async () => {
    const { open, file } = await filled();
    appendFileSync(file, '{"seq":4,"atMs":50');
    const audit = open();
    expect(await audit.verify()).toEqual({ state: 'intact', count: 3 });
    await audit.record({ action: 'secret.set', subject: 'after' });
    expect([await audit.verify(), (await audit.read()).at(-1)?.subject]).toEqual([{ state: 'intact', count: 4 }, 'after']);
  });

  it('never stands in the way of a decision: a failure is logged and told, the next line is written', async () => {
    const { open, file, log, failures } = await setUp();
    mkdirSync(file);
    const audit = open();
    await audit.record({ action: 'secret.set', subject: 'lost' });
    expect([log.messages('error'), failures.length]).toEqual([['Audit line not written'], 1]);
    rmSync(file, { recursive: true });
    await audit.record({ action: 'secret.set', subject: 'kept' });
    expect([(await audit.read()).map(({ subject }) => subject), await audit.verify()]).toEqual([['kept'], { state: 'intact', count: 1 }]);
  });

  it('is empty and intact before the first decision', async () => {
    const { open } = await setUp();
    expect([await open().read(), await open().verify()]).toEqual([[], { state: 'intact', count: 0 }]);
  });
});
