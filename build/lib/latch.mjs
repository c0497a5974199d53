// @ts-check
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/*
 * The off-switch's latch as the terminal writes it: it needs nothing of the app, neither installed packages nor a process that answers. The app's side is
 * src-main/modules/killswitch/latch-file.ts; a test keeps both equal.
 */

/** As long as the app writes it, so that a full disk can take a new content in its place. */
const PADDED_BYTES = 512;

/** @typedef {{ version: number, level: number, trigger: string | null, reason: string, seq: number, atMs: number, languageCutOff: boolean }} Latch */

/** @param {string} data Folder. @returns {Latch | 'missing' | 'unreadable'} */
export function readLatch(data) {
  let text;
  try {
    text = readFileSync(join(data, 'latch.json'), 'utf8');
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'missing' : 'unreadable';
  }
  try {
    const latch = JSON.parse(text);
    return latch?.version === 1 && Number.isInteger(latch.level) ? latch : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/**
 * What a start of the app would find: the latch, a STOP file beside it, and everything off where a latch has gone although there was one.
 * @param {string} data @returns {{ level: number, trigger: string | null, reason: string, atMs: number }}
 */
export function readStop(data) {
  const latch = readLatch(data);
  const isLost = latch === 'unreadable' || (latch === 'missing' && existsSync(join(data, 'latch.known')));
  const nothing = { level: 0, trigger: null, reason: '', atMs: 0 };
  const found = isLost ? { ...nothing, level: 5, trigger: 'latch-unreadable' } : typeof latch === 'string' ? nothing : latch;
  const level = readStopFile(data);
  return level !== undefined && level > found.level ? { ...nothing, level, trigger: 'file' } : found;
}

/** The level that a STOP file asks for; one that cannot be read asks for everything. @param {string} data */
function readStopFile(data) {
  const file = join(data, 'STOP');
  if (!existsSync(file)) return undefined;
  try {
    const level = Number(readFileSync(file, 'utf8').slice(0, 16).trim() || '5');
    return Number.isInteger(level) && level >= 1 && level <= 5 ? level : 5;
  } catch {
    return 5;
  }
}

/**
 * Engages it at this level or leaves it higher, and returns when it is on disk. Throws the error of the disk when it takes neither a latch nor a STOP file.
 * @param {string} data
 * @param {number} level
 */
export function engageLatch(data, level) {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const before = readLatch(data);
  // One that cannot be read is everything off already.
  if (before === 'unreadable' || (before !== 'missing' && before.level >= level)) return;
  // One that has gone although there was one counts as everything off already, and as a language model that is cut off.
  const isLost = before === 'missing' && existsSync(join(data, 'latch.known'));
  const former = before === 'missing' ? { seq: 0, languageCutOff: isLost } : before;
  const latch = {
    version: 1,
    level: isLost ? 5 : level,
    trigger: 'cli',
    reason: '',
    seq: former.seq + 1,
    atMs: Date.now(),
    languageCutOff: former.languageCutOff,
  };
  const text = JSON.stringify(latch);
  const padded = `${text}${' '.repeat(Math.max(0, PADDED_BYTES - 1 - Buffer.byteLength(text)))}\n`;
  try {
    replace(data, padded);
  } catch {
    // The next best thing: an empty file needs no room.
    closeSync(openSync(join(data, 'STOP'), 'a', 0o600));
  }
}

/**
 * Seen first, safe on disk then: app and watchdog act on it while the disk still writes. What a power cut in between leaves is no latch that can be read, and
 * that is everything off.
 * @param {string} data @param {string} text
 */
function replace(data, text) {
  const file = join(data, 'latch.json');
  const draft = `${file}.${process.pid}.new`;
  try {
    const handle = openSync(draft, 'w', 0o600);
    try {
      writeSync(handle, text);
      renameSync(draft, file);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (process.platform === 'win32') return;
  const folder = openSync(data, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
