import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskFull } from './model-errors.ts';

/** Bytes that this process may still write on the disk of a folder, which need not exist yet. */
export type FreeBytes = (folder: string) => Promise<number>;

/** Asks the operating system. */
export const freeBytesOf: FreeBytes = async (folder) => {
  const status = await statfs(await nearestExisting(folder));
  return status.bavail * status.bsize;
};

/** Left alone on every disk, so that a download never takes the last byte from the store and the system. */
const RESERVE_BYTES = 64_000_000;

export async function onSameDisk(folder: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([stat(await nearestExisting(folder)), stat(await nearestExisting(other))]);
  return left.dev === right.dev;
}

/** Rejects with `model.disk-full` unless all demands fit; demands on the same disk are added up. */
export async function requireFreeSpace(demands: readonly { folder: string; bytes: number }[], freeBytes: FreeBytes): Promise<void> {
  const byDisk = new Map<number, { folder: string; bytes: number }>();
  for (const { folder, bytes } of demands) {
    const { dev } = await stat(await nearestExisting(folder));
    const known = byDisk.get(dev);
    byDisk.set(dev, { folder: known?.folder ?? folder, bytes: (known?.bytes ?? 0) + bytes });
  }
  for (const { folder, bytes } of byDisk.values()) {
    const free = await freeBytes(folder);
    if (bytes > 0 && bytes + RESERVE_BYTES > free) throw diskFull(folder, bytes + RESERVE_BYTES, free);
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let each = folder; ; each = dirname(each)) {
    const exists = await stat(each).then(
      () => true,
      () => false,
    );
    if (exists || each === dirname(each)) return each;
  }
}
