// @ts-check
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_AGAIN_MS = 500;

/**
 * Runs `work` while no other process works on the same cache directory. A lock whose owner is gone is taken over.
 * @template Value
 * @param {string} cacheDirectory
 * @param {() => void} onWait Called once if another process has to be waited for.
 * @param {() => Promise<Value>} work
 * @returns {Promise<Value>}
 */
export async function withLock(cacheDirectory, onWait, work) {
  const file = join(cacheDirectory, 'setup.lock');
  await mkdir(dirname(file), { recursive: true });
  for (let waited = false; !(await take(file)); waited = true) {
    if (!waited) onWait();
    await wait(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
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
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  // An empty file belongs to somebody who is just writing a number into it.
  if (owner === 0 || isAlive(owner)) return false;
  await rm(file, { force: true });
  return take(file);
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
