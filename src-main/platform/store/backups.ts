import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import { runFileTask } from './store-files.ts';

/** A whole copy of the history, encrypted like the original; it can be opened only with the keys of this data folder. */
export interface StoreBackup {
  fileName: string;
  createdAtMs: number;
  sizeBytes: number;
}

/** Why a backup was made; part of its name. Daily ones are kept as many as the owner wants, of the others the latest three. */
export type BackupReason = 'daily' | 'before-update' | 'before-restore';

export interface Backups {
  /** Newest first. */
  list(): StoreBackup[];
  /** The path of a backup that exists; throws `store.no-backup`. */
  pathOf(fileName: string): string;
  /** A path for a new backup, where nothing lies yet; its folder exists. */
  newPath(reason: BackupReason): string;
  /** Copies the open database in a thread, checks the copy, then drops backups beyond the number to keep. Never more than one at a time. */
  make(reason: BackupReason): Promise<StoreBackup>;
  prune(): void;
  /** True when the last daily backup is a day old, or from the future (a clock set back must not put backups off for years). */
  isDue(): boolean;
}

const NAME = /^history-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(daily|before-update|before-restore)\.db$/;
const DAY_MS = 24 * 60 * 60 * 1000;
const KEEP_OTHERS = 3;

export function createBackups(deps: {
  file: string;
  directory: string;
  nativeBinding: string | undefined;
  clock: Pick<Clock, 'wallMs'>;
  /** How many daily backups the owner wants; 0 = none are made. */
  keepCount: () => number;
}): Backups {
  const { directory, clock } = deps;
  let running: Promise<StoreBackup> | undefined;

  const list = (): StoreBackup[] => {
    if (!existsSync(directory)) return [];
    const found: StoreBackup[] = [];
    for (const fileName of readdirSync(directory)) {
      const createdAtMs = timeOf(fileName);
      if (createdAtMs !== undefined) found.push({ fileName, createdAtMs, sizeBytes: statSync(join(directory, fileName)).size });
    }
    return found.toSorted((left, right) => right.createdAtMs - left.createdAtMs);
  };
  const pathAt = (atMs: number, reason: BackupReason): string => {
    const stamp = new Date(atMs).toISOString().replace(/[-:.]/g, '');
    return join(directory, `history-${stamp}-${reason}.db`);
  };
  const newPath = (reason: BackupReason): string => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    let path = pathAt(clock.wallMs(), reason);
    for (let laterMs = 1; existsSync(path); laterMs += 1) path = pathAt(clock.wallMs() + laterMs, reason);
    return path;
  };
  const prune = (): void => {
    for (const reason of ['daily', 'before-update', 'before-restore'] as const) {
      const keep = reason === 'daily' ? Math.max(1, deps.keepCount()) : KEEP_OTHERS;
      const ofReason = list().filter(({ fileName }) => reasonOf(fileName) === reason);
      for (const { fileName } of ofReason.slice(keep)) rmSync(join(directory, fileName), { force: true });
    }
  };
  const copy = async (reason: BackupReason): Promise<StoreBackup> => {
    const path = newPath(reason);
    const draft = `${path}.new`;
    rmSync(draft, { force: true });
    const reply = await runFileTask({ task: 'backup', file: deps.file, target: draft, nativeBinding: deps.nativeBinding });
    if (!reply.ok || reply.verdict !== 'ok') {
      rmSync(draft, { force: true });
      const problem = reply.ok ? reply.verdict : reply.message;
      throw new AppError('store.backup-failed', `The history could not be backed up (${problem}). Check the free space on the disk.`, {
        details: { problem },
      });
    }
    chmodSync(draft, 0o600);
    renameSync(draft, path);
    prune();
    return backupOf(path, clock.wallMs());
  };

  return {
    list,
    newPath,
    prune,
    pathOf(fileName) {
      // The name comes from a page: only names of this folder's own making are looked up, so nothing else on the disk can be meant.
      const path = join(directory, fileName);
      if (timeOf(fileName) !== undefined && existsSync(path)) return path;
      throw new AppError('store.no-backup', 'This backup is no longer there. Choose another one.', { details: { fileName } });
    },
    make(reason) {
      running ??= copy(reason).finally(() => {
        running = undefined;
      });
      return running;
    },
    isDue() {
      if (deps.keepCount() === 0) return false;
      const latest = list().find(({ fileName }) => reasonOf(fileName) === 'daily');
      return !latest || Math.abs(clock.wallMs() - latest.createdAtMs) >= DAY_MS;
    },
  };
}

function backupOf(path: string, createdAtMs: number): StoreBackup {
  return { fileName: path.slice(path.lastIndexOf('history-')), createdAtMs, sizeBytes: statSync(path).size };
}

function reasonOf(fileName: string): string | undefined {
  return NAME.exec(fileName)?.[8];
}

function timeOf(fileName: string): number | undefined {
  const parts = NAME.exec(fileName)?.slice(1, 8);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second, millisecond] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
}
