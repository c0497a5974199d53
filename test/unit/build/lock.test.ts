import { spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../build/lib/lock.mjs';

describe('withLock', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'openclaw-lock-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Nobody has to wait for it. */
  const expectFree = async (): Promise<void> => {
    const waits: string[] = [];
    const work = withLock(
      folder,
      () => waits.push('waits'),
      async () => 'done',
    );
    expect(await work).toBe('done');
    expect(waits).toEqual([]);
  };

  it('lets one work at a time and tells the other that it waits', async () => {
    const order: string[] = [];
    const gate = new EventEmitter();
    const first = once(gate, 'open');
    const one = withLock(
      folder,
      () => order.push('one waits'),
      async () => {
        order.push('one begins');
        await first;
        order.push('one ends');
      },
    );
    while (order.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const two = withLock(
      folder,
      () => {
        order.push('two waits');
        gate.emit('open');
      },
      async () => order.push('two begins'),
    );
    await Promise.all([one, two]);
    expect(order).toEqual(['one begins', 'two waits', 'one ends', 'two begins']);
    expect(existsSync(join(folder, 'setup.lock'))).toBe(false);
  });

  it.each([
    ['names a process of today that has nothing to do with it', String(process.pid)],
    ['names nobody', ''],
  ])('takes over one that nobody has touched for long and that %s', async (_what, content) => {
    const file = join(folder, 'setup.lock');
    writeFileSync(file, content);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(file, longAgo, longAgo);
    await expectFree();
    expect(existsSync(file)).toBe(false);
  });

  it('waits for a fresh one without a number, and names its file', async () => {
    const file = join(folder, 'setup.lock');
    writeFileSync(file, '');
    const waits: string[] = [];
    await withLock(
      folder,
      (waitedFor) => {
        waits.push(waitedFor);
        rmSync(waitedFor);
      },
      async () => {},
    );
    expect(waits).toEqual([file]);
  });

  it('shows while the work goes on that it is held', async () => {
    const file = join(folder, 'setup.lock');
    await withLock(
      folder,
      () => {},
      async () => {
        const longAgo = new Date(Date.now() - 60_000);
        utimesSync(file, longAgo, longAgo);
        await expect.poll(() => Date.now() - statSync(file).mtimeMs).toBeLessThan(30_000);
      },
      { touchEveryMs: 10 },
    );
  });

  it('leaves the lock alone that somebody else has taken over meanwhile', async () => {
    const file = join(folder, 'setup.lock');
    await withLock(
      folder,
      () => {},
      async () => writeFileSync(file, '1'),
    );
    expect(existsSync(file)).toBe(true);
  });

  it('takes over at once from a process that is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(join(folder, 'setup.lock'), String(pid));
    await expectFree();
  });

  it('is given back when the work fails', async () => {
    await expect(
      withLock(
        folder,
        () => {},
        async () => Promise.reject(new Error('boom')),
      ),
    ).rejects.toThrow('boom');
    expect(existsSync(join(folder, 'setup.lock'))).toBe(false);
  });
});
