import { spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../build/lib/lock.mjs';

describe('withLock', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'openclaw-lock-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

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

  it('takes over at once from a process that is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(join(folder, 'setup.lock'), String(pid));
    const waits: string[] = [];
    expect(
      await withLock(
        folder,
        () => waits.push('waits'),
        async () => 'done',
      ),
    ).toBe('done');
    expect(waits).toEqual([]);
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
