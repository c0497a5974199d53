import { parentPort, workerData } from 'node:worker_threads';
import { openSync, closeSync, fsyncSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/*
 * A thread for work on whole database files: copying and checking take from a tenth of a second to several, which the main process must not wait for.
 * One task per thread; it ends by itself. In its own thread SQLite sees it as just another connection.
 */

/** `backup`: a compact copy of a consistent state, while others read and write. `check`: whether the file is sound. */
export type FileTask =
  | { task: 'backup'; file: string; target: string; nativeBinding: string | undefined }
  | { task: 'check'; file: string; nativeBinding: string | undefined };

/** `verdict`: 'ok', or what SQLite found. */
export type FileTaskReply = { ok: true; verdict: string; schemaVersion: number } | { ok: false; code: string; message: string };

const BUSY_TIMEOUT_MS = 5_000;

function run(task: FileTask): FileTaskReply {
  try {
    if (task.task === 'backup') copy(task);
    return examine(task.task === 'backup' ? task.target : task.file, task.nativeBinding);
  } catch (error) {
    if (task.task === 'backup') rmSync(task.target, { force: true });
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
    return { ok: false, code, message: error instanceof Error ? error.message : String(error) };
  }
}

function copy({ file, target, nativeBinding }: FileTask & { task: 'backup' }): void {
  const source = open(file, nativeBinding);
  try {
    source.prepare('VACUUM INTO ?').run(target);
  } finally {
    source.close();
  }
  const descriptor = openSync(target, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function examine(file: string, nativeBinding: string | undefined): FileTaskReply {
  const database = open(file, nativeBinding);
  try {
    const verdict = String(database.pragma('quick_check(1)', { simple: true }));
    return { ok: true, verdict, schemaVersion: Number(database.pragma('user_version', { simple: true })) };
  } finally {
    database.close();
  }
}

function open(file: string, nativeBinding: string | undefined): Database.Database {
  return new Database(file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS, ...(nativeBinding === undefined ? {} : { nativeBinding }) });
}

parentPort?.postMessage(run(workerData as FileTask));
