import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engageLatch, readLatch as readAtTerminal, readStop } from '../../../build/lib/latch.mjs';
import { stopFirst } from '../../../build/lib/stop-first.mjs';
import { readLatch, readStopFile, writeLatch } from '../../../src-main/modules/killswitch/latch-file.ts';
import { NO_LATCH, type Latch } from '../../../src-main/modules/killswitch/latch.ts';
import { temporaryFolder } from '../../doubles/temporary-folder.ts';

const text = (folder: string): string => readFileSync(join(folder, 'latch.json'), 'utf8');
const stopped: Latch = { level: 3, trigger: 'tray', reason: 'a “reason”', seq: 7, atMs: 5, languageCutOff: true };

describe('the latch as the terminal writes it', () => {
  it('is one that the app reads, and as long as the app writes it', async () => {
    const folder = await temporaryFolder();
    engageLatch(folder, 4);
    const found = readLatch(folder);
    expect(found).toMatchObject({ state: 'read', latch: { level: 4, trigger: 'cli', reason: '', seq: 1, languageCutOff: false } });
    const length = text(folder).length;
    if (found.state === 'read') writeLatch(folder, found.latch, { mayOverwrite: false });
    expect(text(folder)).toHaveLength(length);
    expect(readAtTerminal(folder)).toEqual({ version: 1, ...(found.state === 'read' ? found.latch : {}) });
  });

  it('goes on from the one of the app, and never lowers it', async () => {
    const folder = await temporaryFolder();
    writeLatch(folder, stopped, { mayOverwrite: false });
    expect(readAtTerminal(folder)).toEqual({ version: 1, ...stopped });
    engageLatch(folder, 2);
    expect(readLatch(folder)).toEqual({ state: 'read', latch: stopped });
    engageLatch(folder, 5);
    expect(readLatch(folder)).toMatchObject({ latch: { level: 5, trigger: 'cli', seq: 8, languageCutOff: true } });
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it.each(['', '{', '{"version":2,"level":0}', '{"version":1,"level":"0"}'])(
    'is left alone when neither side can read it (%s)',
    async (damaged) => {
      const folder = await temporaryFolder();
      writeFileSync(join(folder, 'latch.json'), damaged);
      engageLatch(folder, 1);
      expect([readAtTerminal(folder), readLatch(folder).state, text(folder)]).toEqual(['unreadable', 'unreadable', damaged]);
    },
  );

  it('becomes a STOP file where the disk takes no latch', async () => {
    const folder = await temporaryFolder();
    // What stands in the way of the draft stands for a disk that refuses.
    writeLatch(folder, NO_LATCH, { mayOverwrite: false });
    mkdirSync(join(folder, `latch.json.${process.pid}.new`));
    engageLatch(folder, 5);
    expect(readStopFile(folder)).toBe(5);
  });
});

describe('what stops, without the app', () => {
  it('is nothing in an empty folder, and what the latch says where there is one', async () => {
    const folder = await temporaryFolder();
    expect(readStop(folder)).toMatchObject({ level: 0 });
    writeLatch(folder, stopped, { mayOverwrite: false });
    expect(readStop(folder)).toMatchObject({ level: 3, trigger: 'tray' });
  });

  it('is everything where the latch has gone or cannot be read', async () => {
    const folder = await temporaryFolder();
    writeLatch(folder, NO_LATCH, { mayOverwrite: false });
    writeFileSync(join(folder, 'latch.json'), '{');
    expect(readStop(folder)).toMatchObject({ level: 5, trigger: 'latch-unreadable' });
    rmSync(join(folder, 'latch.json'));
    expect(readStop(folder)).toMatchObject({ level: 5, trigger: 'latch-unreadable' });
    engageLatch(folder, 1);
    expect(readLatch(folder)).toMatchObject({ latch: { level: 5, languageCutOff: true } });
  });

  it.each([
    ['', 5],
    ['2', 3],
    ['4\n', 4],
    ['nonsense', 5],
  ])('is what a STOP file with "%s" asks for, unless the latch stops more', async (content, level) => {
    const folder = await temporaryFolder();
    writeLatch(folder, stopped, { mayOverwrite: false });
    writeFileSync(join(folder, 'STOP'), content);
    expect(readStop(folder)).toMatchObject({ level, trigger: level === 3 ? 'tray' : 'file' });
    expect(readStopFile(folder)).toBe(level === 3 ? 2 : level);
  });
});

describe('openclaw stop', () => {
  it.each([
    [[], 5],
    [['now'], 5],
    [['--level', '2'], 2],
    [['--level=3'], 3],
    [['--level', '0'], undefined],
    [['--level', 'x'], undefined],
    [['--help'], undefined],
  ])('with %j writes level %s', async (args, level) => {
    const folder = await temporaryFolder();
    const before = process.env['OPENCLAW_DATA_DIR'];
    process.env['OPENCLAW_DATA_DIR'] = folder;
    try {
      expect(stopFirst(args)).toEqual({ level, data: folder });
    } finally {
      if (before === undefined) delete process.env['OPENCLAW_DATA_DIR'];
      else process.env['OPENCLAW_DATA_DIR'] = before;
    }
    const kept = readAtTerminal(folder);
    expect(typeof kept === 'string' ? undefined : kept.level).toBe(level);
  });
});
