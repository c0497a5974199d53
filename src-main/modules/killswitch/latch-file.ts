import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { KillLevel } from '../../../src-preload/contract/index.ts';
import { errorCode } from '../../base/atomic-file.ts';
import { formatLatch, isKillLevel, parseLatch, type Latch } from './latch.ts';

/* Synchronous but for the watchdog's own looking: a stop is on disk before the tick that asked for it ends. */

export const latchPath = (dataDirectory: string): string => join(dataDirectory, 'latch.json');
/** Says that a latch was written once, so that one which has gone is noticed even without a database. */
export const markerPath = (dataDirectory: string): string => join(dataDirectory, 'latch.known');
/** Whoever makes this file stops everything; a digit in it chooses the level. */
export const stopPath = (dataDirectory: string): string => join(dataDirectory, 'STOP');

export type LatchReading =
  | { state: 'read'; latch: Latch }
  | { state: 'missing' }
  | { state: 'unreadable'; why: 'unparsable' | 'other-version' | 'wrong-owner' | 'not-readable' };

/** Named places in the writing, for tests that end the process there. */
export type WriteStep = (name: string) => void;

const noStep: WriteStep = () => undefined;
const MAX_BYTES = 64 * 1024;

export function readLatch(dataDirectory: string): LatchReading {
  let file: number;
  try {
    file = openSync(latchPath(dataDirectory), 'r');
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { state: 'missing' } : { state: 'unreadable', why: 'not-readable' };
  }
  try {
    return distrust(fstatSync(file)) ?? judge(readFileSync(file, 'utf8'));
  } catch {
    return { state: 'unreadable', why: 'not-readable' };
  } finally {
    closeSync(file);
  }
}

/** The same for whoever must not stand still when the disk does. Never rejects; a disk that does not answer leaves it waiting. */
export async function readLatchLater(dataDirectory: string): Promise<LatchReading> {
  let file: FileHandle;
  try {
    file = await open(latchPath(dataDirectory), 'r');
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { state: 'missing' } : { state: 'unreadable', why: 'not-readable' };
  }
  try {
    return distrust(await file.stat()) ?? judge(await file.readFile('utf8'));
  } catch {
    return { state: 'unreadable', why: 'not-readable' };
  } finally {
    await file.close().catch(() => undefined);
  }
}

function distrust({ uid, size }: { uid: number; size: number }): LatchReading | undefined {
  if (process.getuid !== undefined && uid !== process.getuid()) return { state: 'unreadable', why: 'wrong-owner' };
  return size > MAX_BYTES ? { state: 'unreadable', why: 'unparsable' } : undefined;
}

function judge(text: string): LatchReading {
  const parsed = parseLatch(text);
  return 'problem' in parsed ? { state: 'unreadable', why: parsed.problem } : { state: 'read', latch: parsed };
}

/**
 * Puts the latch on disk, whole or not at all, and returns when it is there. `mayOverwrite`: where no new file can be made (full disk, folder without the
 * right to write) the old one is written over in its place; what a crash leaves half-written then reads as engaged, so only a stop may ask for it.
 */
export function writeLatch(dataDirectory: string, latch: Latch, options: { mayOverwrite: boolean; step?: WriteStep }): void {
  const step = options.step ?? noStep;
  const file = latchPath(dataDirectory);
  const text = formatLatch(latch);
  try {
    replace(dataDirectory, file, text, step);
  } catch (error) {
    if (!options.mayOverwrite) throw error;
    overwrite(file, text, error);
  }
  mark(dataDirectory);
}

function replace(dataDirectory: string, file: string, text: string, step: WriteStep): void {
  const draft = `${file}.${randomBytes(4).toString('hex')}.new`;
  try {
    const handle = openSync(draft, 'wx', 0o600);
    try {
      step('draft-made');
      writeSync(handle, text);
      step('draft-written');
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    step('draft-synced');
    renameSync(draft, file);
    step('renamed');
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dataDirectory);
  step('folder-synced');
}

function overwrite(file: string, text: string, first: unknown): void {
  try {
    const handle = openSync(file, 'r+');
    try {
      const written = writeSync(handle, text, 0);
      ftruncateSync(handle, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    throw first;
  }
}

/** Without it a crash of the machine could bring the old name back. Windows does it by itself. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function mark(dataDirectory: string): void {
  const file = markerPath(dataDirectory);
  if (existsSync(file)) return;
  try {
    closeSync(openSync(file, 'a', 0o600));
  } catch {
    // Only a second witness; the database is the first.
  }
}

export function isMarked(dataDirectory: string): boolean {
  return existsSync(markerPath(dataDirectory));
}

/** The level that a STOP file asks for; undefined = there is none. One that cannot be read asks for everything. */
export function readStopFile(dataDirectory: string): KillLevel | undefined {
  const file = stopPath(dataDirectory);
  if (!existsSync(file)) return undefined;
  try {
    const handle = openSync(file, 'r');
    try {
      return levelIn(readFileSync(handle, 'utf8'));
    } finally {
      closeSync(handle);
    }
  } catch {
    return 5;
  }
}

/** The same without standing still. Never rejects. */
export async function readStopFileLater(dataDirectory: string): Promise<KillLevel | undefined> {
  try {
    const file = await open(stopPath(dataDirectory), 'r');
    try {
      return levelIn(await file.readFile('utf8'));
    } finally {
      await file.close().catch(() => undefined);
    }
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? undefined : 5;
  }
}

function levelIn(text: string): KillLevel {
  const level = Number(text.slice(0, 16).trim() || '5');
  return isKillLevel(level) && level > 0 ? level : 5;
}

/** Differs once anybody has written the latch or a STOP file, whatever is in it. */
export function diskState(dataDirectory: string): string {
  return [latchPath, stopPath]
    .map((pathOf) => {
      const found = statSync(pathOf(dataDirectory), { throwIfNoEntry: false });
      return `${found?.ino} ${found?.mtimeMs} ${found?.size} ${found?.uid}`;
    })
    .join(' / ');
}

/** Throws when it cannot be removed: a stop would come back by itself. */
export function removeStopFile(dataDirectory: string): void {
  rmSync(stopPath(dataDirectory), { force: true, recursive: true });
}
