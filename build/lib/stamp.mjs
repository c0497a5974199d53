// @ts-check
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sizeOfFile } from './files.mjs';
import { fingerprint } from './fingerprint.mjs';

/*
 * What makes the second start fast: after a set-up that found or made everything right, one small file says under which conditions that was
 * true (a hash) and which files must be there in which size. It lies in node_modules, so that deleting those deletes it as well.
 */

/** Everything of the checkout that set-up's outcome depends on. */
const INPUTS = ['package-lock.json', 'models/manifest.json', 'build', 'electron.vite.config.ts', 'src-main', 'src-preload', 'src-renderer'];

/**
 * @param {import('./paths.mjs').Paths} paths
 * @param {string} goal
 */
export function stampKey(paths, goal) {
  return [goal, process.platform, process.arch, paths.data, paths.models, paths.cache, fingerprint(paths.root, INPUTS)].join('\n');
}

/** @param {import('./paths.mjs').Paths} paths @param {string} goal */
const stampFile = (paths, goal) => join(paths.root, 'node_modules', '.openclaw-setup', `${goal}.json`);

/**
 * True when nothing has changed since the stamp was written. @param {import('./paths.mjs').Paths} paths @param {string} goal @param {string} key
 */
export function stampHolds(paths, goal, key) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile(paths, goal), 'utf8'));
    return (
      stamp.key === key && stamp.files.every((/** @type {{ path: string, size: number }} */ { path, size }) => sizeOfFile(path) === size)
    );
  } catch {
    return false;
  }
}

/**
 * @param {import('./paths.mjs').Paths} paths
 * @param {string} goal
 * @param {string} key
 * @param {readonly string[]} files
 */
export function writeStamp(paths, goal, key, files) {
  const file = stampFile(paths, goal);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ key, files: files.map((path) => ({ path, size: sizeOfFile(path) })) }));
  renameSync(`${file}.new`, file);
}

/** @param {import('./paths.mjs').Paths} paths @param {string} goal */
export function removeStamp(paths, goal) {
  rmSync(stampFile(paths, goal), { force: true });
}
