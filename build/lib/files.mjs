// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statfsSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { formatBytes } from './format.mjs';
import { SetupError } from './setup-error.mjs';

/** Kept free on every disk on top of what a step needs. */
const SPARE_BYTES = 200 * 1024 * 1024;

/** Hex digest of a file, read as a stream. @param {string} path */
export async function sha256OfFile(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest('hex');
}

/** Size in bytes, or -1 where there is no such file. @param {string} path */
export function sizeOfFile(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.size : -1;
}

/** Free bytes on the disk that holds `path`, which need not exist yet. @param {string} path */
export function freeBytes(path) {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const disk = statfsSync(folder);
  return disk.bavail * disk.bsize;
}

/**
 * Refuses with `disk.no-space` before anything is written.
 * @param {string} path Where it will lie.
 * @param {number} bytes
 * @param {string} what For the sentence.
 * @param {(path: string) => number} [measure]
 */
export function requireSpace(path, bytes, what, measure = freeBytes) {
  const free = measure(path);
  if (free < bytes + SPARE_BYTES)
    throw new SetupError(
      'disk.no-space',
      `${what} needs ${formatBytes(bytes + SPARE_BYTES)} of free disk space at ${path}, but only ${formatBytes(free)} are left: make room and run it again.`,
    );
}

/**
 * Puts a finished folder in its place in one step; what was there before goes. Both must lie on one disk.
 * @param {string} finished
 * @param {string} place
 */
export async function landFolder(finished, place) {
  await mkdir(dirname(place), { recursive: true });
  const old = `${place}.old-${process.pid}`;
  if (existsSync(place)) await rename(place, old);
  await rename(finished, place);
  await rm(old, { recursive: true, force: true });
}

/**
 * Every file below a folder with its size, in a stable order.
 * @param {string} folder
 * @returns {Promise<{ path: string, size: number }[]>}
 */
export async function listFiles(folder) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, size: statSync(path).size }));
}
