// @ts-check
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_AGAIN_MS = 500;
/** The owner gives the file a new time this often … */
const TOUCH_EVERY_MS = 5_000;
/** … so one that has none this long belongs to nobody: its number may be another program's since the machine was started anew. */
const STALE_AFTER_MS = 30_000;

/**
 * Runs `work` while no other process works on the same cache directory. A lock whose owner is gone is taken over.
 * @template Value
 * @param {string} cacheDirectory
 * @param {(file: string) => void} onWait Called once, with the lock's file, if another process has to be waited for.
 * @param {() => Promise<Value>} work
 * @param {{ touchEveryMs?: number }} [options]
 * @returns {Promise<Value>}
 */
export async function withLock(cacheDirectory, onWait, work, { touchEveryMs = TOUCH_EVERY_MS } = {}) {
  const file = join(cacheDirectory, 'setup.lock');
  await mkdir(dirname(file), { recursive: true });
  for (let waited = false; !(await take(file)); waited = true) {
    if (!waited) onWait(file);
    await wait(LOOK_AGAIN_MS);
  }
  const touch = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, touchEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    // A machine that slept may have lost it to somebody else meanwhile.
    if ((await ownerOf(file)) === process.pid) await rm(file, { force: true });
  }
}

/** @param {string} file @returns {Promise<boolean>} */
async function take(file) {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const owner = await ownerOf(file);
  // No number in it: somebody is just writing one, or a full disk kept it out.
  if ((owner === 0 || isAlive(owner)) && !(await isStale(file))) return false;
  await rm(file, { force: true });
  return take(file);
}

/** 0 = it names nobody. @param {string} file */
async function ownerOf(file) {
  return Number(await readFile(file, 'utf8').catch(() => '')) || 0;
}

/** A time in the future counts as well: the clock was set back. @param {string} file */
async function isStale(file) {
  const touchedMs = (await stat(file).catch(() => undefined))?.mtimeMs;
  return touchedMs !== undefined && Math.abs(Date.now() - touchedMs) > STALE_AFTER_MS;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Alive, but somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
