import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
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
    // Not the lock of another that took ours for stale, because this machine slept.
    if ((await readFile(path, 'utf8').catch(() => undefined)) === content) await rm(path, { force: true });
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

/**
 * True when the way is free now. Of several that see the same stale lock only the one that holds the breaker may delete it, and it looks once
 * more first: otherwise a slow one would delete the fresh lock of the one that was faster.
 */
async function removeIfStale(path: string): Promise<boolean> {
  const state = await stateOf(path);
  if (state !== 'stale') return state === 'free';
  const breaker = `${path}.breaker`;
  if (!(await tryCreate(breaker, ''))) {
    // Held for moments only; an old one was left by a crash in just those.
    if (await isOld(breaker)) await rm(breaker, { force: true });
    return false;
  }
  try {
    if ((await stateOf(path)) === 'stale') await rm(path, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
  return true;
}

async function stateOf(path: string): Promise<'free' | 'held' | 'stale'> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  if (content === undefined) return 'free';
  return (await isOld(path)) || holderIsGone(content) ? 'stale' : 'held';
}

async function isOld(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs > STALE_MS;
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
