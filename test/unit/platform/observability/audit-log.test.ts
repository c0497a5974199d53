import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entryMac } from '../../../../src-main/platform/observability/audit-chain.ts';
import { createAuditHandlers, createAuditLog, verifyAudit } from '../../../../src-main/platform/observability/index.ts';
import { createTemporaryKeyring, type Keyring } from '../../../../src-main/platform/secrets/index.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

async function setUp() {
  const dataDirectory = await temporaryFolder();
  const file = join(dataDirectory, 'audit.jsonl');
  const headFile = join(dataDirectory, 'audit-head.json');
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
  return { dataDirectory, file, headFile, keys, log, failures, open, lines, rewrite };
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
    expect(await audit.verify()).toEqual({ state: 'intact', count: 5, atLine: null });
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
    expect(await audit.verify()).toMatchObject({ state: 'broken', atLine });
  });

  it('finds a line of another course of events, although it was once a true one', async () => {
    const { open, rewrite, lines, headFile } = await filled();
    const [, , former = ''] = lines();
    rewrite((all) => all.slice(0, 2));
    // Whoever cuts the file takes the sealed end away as well; see below for what is found then.
    rmSync(headFile);
    const audit = open();
    for (const subject of ['other', 'last']) await audit.record({ action: 'secret.set', subject });
    expect(await audit.verify()).toEqual({ state: 'cut', count: 5, atLine: 3 });
    rewrite((all) => all.with(2, former));
    expect(await audit.verify()).toMatchObject({ state: 'broken', atLine: 4 });
  });

  it('says when the keys to check it are not there', async () => {
    const { open, keys } = await filled();
    expect(await open(createTemporaryKeyring({ wallMs: () => 0 })).verify()).toMatchObject({ state: 'unverifiable', atLine: 1 });
    await keys.rotate();
    const audit = open();
    await audit.record({ action: 'key.rotate', subject: 'keys' });
    expect(await audit.verify()).toEqual({ state: 'intact', count: 4, atLine: null });
  });

  it('cuts off half a line that a crash has left, and goes on behind the last whole one', async () => {
    const { open, file } = await filled();
    appendFileSync(file, '{"seq":4,"atMs":50');
    const audit = open();
    expect(await audit.verify()).toEqual({ state: 'intact', count: 3, atLine: null });
    await audit.record({ action: 'secret.set', subject: 'after' });
    expect([await audit.verify(), (await audit.read()).at(-1)?.subject]).toEqual([{ state: 'intact', count: 4, atLine: null }, 'after']);
  });

  it('never stands in the way of a decision: a failure is logged and told, the next line is written', async () => {
    const { open, file, log, failures } = await setUp();
    mkdirSync(file);
    const audit = open();
    await audit.record({ action: 'secret.set', subject: 'lost' });
    expect([log.messages('error'), failures.length]).toEqual([['Audit line not written'], 1]);
    rmSync(file, { recursive: true });
    await audit.record({ action: 'secret.set', subject: 'kept' });
    expect([(await audit.read()).map(({ subject }) => subject), await audit.verify()]).toEqual([
      ['kept'],
      { state: 'intact', count: 1, atLine: null },
    ]);
  });

  it('keeps a decision from taking effect when its line cannot be written', async () => {
    const { open, file, failures } = await setUp();
    mkdirSync(file);
    await expect(open().recordForSure({ action: 'killswitch.lift', subject: 'level-5' })).rejects.toMatchObject({ code: 'EISDIR' });
    expect(failures).toEqual([]);
  });

  it('gives the latest lines first, page by page, also from a file larger than it reads at once', async () => {
    const { open } = await setUp();
    const audit = open();
    for (let number = 1; number <= 60; number += 1)
      await audit.record({ action: 'tool.run', subject: `${'ü'.repeat(900)}-${number}`, details: { number } });
    const first = await audit.list({ limit: 3 });
    const second = await audit.list({ limit: 2, beforeSeq: first.at(-1)?.seq });
    const last = await audit.list({ limit: 500, beforeSeq: 3 });
    expect([first, second, last].map((page) => page.map(({ seq, subject }) => [seq, subject.replaceAll('ü', '')]))).toEqual([
      [
        [60, '-60'],
        [59, '-59'],
        [58, '-58'],
      ],
      [
        [57, '-57'],
        [56, '-56'],
      ],
      [
        [2, '-2'],
        [1, '-1'],
      ],
    ]);
    expect([await audit.verify(), (await audit.read()).length]).toEqual([{ state: 'intact', count: 60, atLine: null }, 60]);
  });

  it('is empty and intact before the first decision', async () => {
    const { open } = await setUp();
    expect([await open().read(), await open().verify()]).toEqual([[], { state: 'intact', count: 0, atLine: null }]);
  });
});

describe('the sealed end of the audit log', () => {
  it.each([
    ['one line', 3, (all: string[]) => all.slice(0, 2)],
    ['two lines', 2, (all: string[]) => all.slice(0, 1)],
  ])('finds that %s were cut off', async (_what, atLine, edit) => {
    const { audit, rewrite } = await filled();
    rewrite(edit);
    expect(await audit.verify()).toEqual({ state: 'cut', count: atLine - 1, atLine });
  });

  it('finds that the whole file is gone, that the sealed end is gone, and that it was forged', async () => {
    const { audit, file, headFile } = await filled();
    const text = readFileSync(file, 'utf8');
    rmSync(file);
    expect(await audit.verify()).toEqual({ state: 'cut', count: 0, atLine: 1 });
    writeFileSync(file, text);
    const head = readFileSync(headFile, 'utf8');
    for (const forged of [head.replace('"seq":3', '"seq":2'), 'rubbish', undefined]) {
      if (forged === undefined) rmSync(headFile);
      else writeFileSync(headFile, forged);
      expect(await audit.verify()).toEqual({ state: 'cut', count: 3, atLine: 4 });
    }
  });

  it('never heals: what comes after a cut is marked, told, and the cut is reported for ever', async () => {
    const { open, rewrite, failures, log, lines } = await filled();
    rewrite((all) => all.slice(0, 1));
    const audit = open();
    await audit.record({ action: 'secret.set', subject: 'after' });
    await audit.record({ action: 'secret.set', subject: 'later' });
    expect(lines().length).toBe(4);
    expect(await audit.verify()).toEqual({ state: 'cut', count: 4, atLine: 2 });
    expect(await open().verify()).toEqual({ state: 'cut', count: 4, atLine: 2 });
    expect((await audit.read()).map(({ seq, action, subject }) => [seq, action, subject])).toEqual([
      [1, 'conversation.delete', 'first'],
      [4, 'audit.break', 'cut'],
      [5, 'secret.set', 'after'],
      [6, 'secret.set', 'later'],
    ]);
    expect([failures, log.messages('error')]).toEqual([[expect.objectContaining({ code: 'audit.damaged' })], ['The audit log is damaged']]);
  });

  it('says that the last line was changed, also after the next one', async () => {
    const { open, rewrite } = await filled();
    rewrite((all) => all.with(2, (all[2] ?? '').replace('"third"', '"other"')));
    expect(await open().verify()).toEqual({ state: 'broken', count: 3, atLine: 3 });
    await open().record({ action: 'secret.set', subject: 'after' });
    expect(await open().verify()).toMatchObject({ state: 'broken', atLine: 3 });
  });

  it('takes a crash between a line and the sealing of the end for what it is', async () => {
    const { open, headFile } = await filled();
    const before = readFileSync(headFile);
    await open().record({ action: 'secret.set', subject: 'fourth' });
    writeFileSync(headFile, before);
    const audit = open();
    expect(await audit.verify()).toEqual({ state: 'intact', count: 4, atLine: null });
    await audit.record({ action: 'secret.set', subject: 'fifth' });
    expect(await audit.verify()).toEqual({ state: 'intact', count: 5, atLine: null });
  });

  it('begins to seal the end of a file that an earlier version has written', async () => {
    const { open, file, headFile, keys } = await setUp();
    const old = { seq: 1, atMs: 1, action: 'secret.set', subject: 'old', details: {}, keyId: keys.activeKeyId() };
    writeFileSync(file, `${JSON.stringify({ ...old, mac: entryMac(keys, old, '') })}\n`);
    expect(await open().verify()).toEqual({ state: 'intact', count: 1, atLine: null });
    await open().record({ action: 'secret.set', subject: 'new' });
    expect([await open().verify(), JSON.parse(readFileSync(headFile, 'utf8'))]).toEqual([
      { state: 'intact', count: 2, atLine: null },
      expect.objectContaining({ seq: 2 }),
    ]);
  });

  it('can be checked by another process while lines are written', async () => {
    const { open, file, headFile, keys } = await filled();
    const audit = open();
    const writing = (async () => {
      for (let number = 0; number < 60; number += 1) await audit.record({ action: 'tool.run', subject: String(number) });
    })();
    const verdicts = new Set<string>();
    for (let round = 0; round < 20; round += 1) verdicts.add((await verifyAudit({ file, headFile, keys })).state);
    await writing;
    expect([...verdicts]).toEqual(['intact']);
  });
});

describe('createAuditHandlers', () => {
  it('gives a page the decisions without keys and codes, and the verdict', async () => {
    const { audit } = await filled();
    const handlers = createAuditHandlers({ audit });
    const caller = { clientId: 'page', door: 'window' } as const;
    expect(await handlers['audit.list']({ limit: 1 }, caller)).toEqual([
      { seq: 3, atMs: 5000, action: 'conversation.delete', subject: 'third', details: { count: 1 } },
    ]);
    expect(await handlers['audit.verify']({}, caller)).toEqual({ state: 'intact', count: 3, atLine: null });
  });
});
