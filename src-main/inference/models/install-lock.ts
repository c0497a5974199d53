import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { errorCode } from '../../base/atomic-file.ts';
import { fromWriteError } from './model-errors.ts';

export interface InstallLockOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Another process (or another call of this one) holds the lock; called once. */
  onWait: () => void;
}

const POLL_MS = 200;
/** The holder touches its file this often … */
const HEARTBEAT_MS = 5000;
/** … and one that was not touched for so long belongs to a machine or process that is gone. */
const STALE_MS = 30_000;

/**
 * Runs `work` while no other process does the same for this lock file. A lock left behind by a process that died is taken over. Rejects with the
 * signal's reason while waiting (`work` itself is not interrupted by it), `model.disk-full` or `model.not-writable`.
 */
export async function withInstallLock<Result>(path: string, options: InstallLockOptions, work: () => Promise<Result>): Promise<Result> {
  const content = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  let told = false;
  while (!(await tryCreate(path, content))) {
    options.signal.throwIfAborted();
    if (await removeIfStale(path)) continue;
    if (!told) options.onWait();
    told = true;
    await new Promise<void>((resolve) => {
      options.clock.after(POLL_MS, resolve);
    });
  }
  const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}

async function tryCreate(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(content);
    await file.close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw fromWriteError(error, dirname(path), content.length);
  }
}

/** True when the way is free now. */
async function removeIfStale(path: string): Promise<boolean> {
  const [content, status] = await Promise.all([readFile(path, 'utf8').catch(() => undefined), stat(path).catch(() => undefined)]);
  if (content === undefined || status === undefined) return true;
  const isOld = Date.now() - status.mtimeMs > STALE_MS;
  if (!isOld && !holderIsGone(content)) return false;
  // Two waiting processes may come to this point together. Only one rename moves the old file; the other may move the winner's new lock, sees
  // it by its content, and puts it back.
  const aside = `${path}.${randomUUID().slice(0, 8)}.stale`;
  try {
    await rename(path, aside);
    const moved = await readFile(aside, 'utf8');
    if (moved === content) await rm(aside, { force: true });
    else await rename(aside, path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return true;
}

function holderIsGone(content: string): boolean {
  let holder: unknown;
  try {
    holder = JSON.parse(content);
  } catch {
    // Just created and not written yet, or cut off by a crash: its age decides.
    return false;
  }
  if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('host' in holder)) return false;
  if (holder.host !== hostname() || typeof holder.pid !== 'number') return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}
