import { existsSync } from 'node:fs';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src-main/base/clock.ts';
import { withInstallLock } from '../../../../src-main/inference/models/install-lock.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const options = (signal = new AbortController().signal, onWait = () => {}) => ({ clock: systemClock, signal, onWait });
/** A process id that is surely free: above what the kernel hands out. */
const GONE_PID = 99_999_999;

describe('withInstallLock', () => {
  it('lets one at a time in and tells the others that they wait', async () => {
    const path = join(await temporaryFolder(), 'lock');
    let inside = 0;
    let most = 0;
    let waited = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      inside -= 1;
    };
    await Promise.all(
      Array.from({ length: 4 }, () =>
        withInstallLock(
          path,
          options(undefined, () => (waited += 1)),
          work,
        ),
      ),
    );
    expect({ most, waited, left: existsSync(path) }).toEqual({ most: 1, waited: 3, left: false });
  });

  it('gives the lock back when the work fails', async () => {
    const path = join(await temporaryFolder(), 'lock');
    await expect(withInstallLock(path, options(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });

  it('takes over the lock of a process that is gone, once, however many ask', async () => {
    const path = join(await temporaryFolder(), 'lock');
    await writeFile(path, JSON.stringify({ pid: GONE_PID, host: hostname(), token: 'x' }));
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withInstallLock(path, options(), work)));
    expect(most).toBe(1);
    expect(await readdir(dirname(path))).toEqual([]);
  });

  it("leaves another's lock alone when its own was taken over meanwhile", async () => {
    const path = join(await temporaryFolder(), 'lock');
    await withInstallLock(path, options(), () => writeFile(path, 'the lock of another'));
    expect(existsSync(path)).toBe(true);
  });

  it('takes over an old lock of another machine', async () => {
    const path = join(await temporaryFolder(), 'lock');
    await writeFile(path, JSON.stringify({ pid: 1, host: 'elsewhere', token: 'x' }));
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(path, longAgo, longAgo);
    await expect(withInstallLock(path, options(), () => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('respects the fresh lock of another machine until it is told to stop', async () => {
    const path = join(await temporaryFolder(), 'lock');
    await writeFile(path, JSON.stringify({ pid: GONE_PID, host: 'elsewhere', token: 'x' }));
    const stop = new AbortController();
    const waiting = withInstallLock(
      path,
      options(stop.signal, () => stop.abort()),
      () => Promise.resolve(),
    );
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(path)).toBe(true);
  });
});
