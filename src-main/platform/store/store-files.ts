import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../base/errors.ts';
import type { FileTask, FileTaskReply } from './store-files.worker.ts';

/** SQLite's three files of one database. The second and third exist only while it is open, or after a crash. */
export const DATABASE_SUFFIXES = ['', '-wal', '-shm'] as const;

/** Runs a task on a whole database file in a thread of its own; see store-files.worker.ts. */
export function runFileTask(task: FileTask): Promise<FileTaskReply> {
  const here = import.meta.url;
  const entry = new URL(here.endsWith('.ts') ? './store-files.worker.ts' : './store-files.worker.js', here);
  return new Promise((resolve, reject) => {
    const thread = new Worker(entry, { workerData: task, execArgv: [] });
    let reply: FileTaskReply | undefined;
    thread.once('message', (message: FileTaskReply) => {
      reply = message;
    });
    thread.once('error', reject);
    thread.once('exit', (code) => {
      if (reply) resolve(reply);
      else reject(new AppError('store.task-failed', `Work on the history file ended early (exit code ${code}). Try again.`));
    });
  });
}

/** Makes sure that the file, and the ones SQLite puts beside it with the same permissions, are readable by their owner only. */
export function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}

/** Renames a closed database with all that belongs to it, so that the three stay together. */
export function moveDatabase(from: string, to: string): void {
  for (const suffix of DATABASE_SUFFIXES) {
    if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
  }
}
