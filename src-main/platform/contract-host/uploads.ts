import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { uploadIdSchema } from '../../../src-preload/contract/index.ts';
import { errorCode } from '../../base/atomic-file.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import { AppError } from '../../base/errors.ts';

/** A file that a page has sent, or that the core has made for one, until a call takes it up: an hour, and never over a restart. */
export interface Uploads extends Disposable {
  /**
   * Takes a file in. Rejects with `upload.too-large`, `upload.empty`, `upload.too-many`, `upload.disk-full`, `upload.cut-off`; nothing of it stays then.
   * `declaredBytes` = what the sender says, which is refused without being read when it is too much.
   */
  receive(body: AsyncIterable<Uint8Array>, declaredBytes?: number): Promise<string>;
  /** Rejects with `upload.gone`. */
  locate(uploadId: string): Promise<{ path: string; sizeBytes: number }>;
  /** Keeps a file of the core's own making, for a while. Rejects with `upload.disk-full`. */
  add(content: Uint8Array): Promise<string>;
}

export interface UploadLimits {
  /** Pictures and sound. */
  fileBytes: number;
  /** Archives and 3D models: told by their first bytes (zip, glTF). */
  bundleBytes: number;
  /** All that lie there together; the oldest go first. */
  totalBytes: number;
}

export interface UploadsOptions {
  /** Emptied at the start. */
  folder: string;
  clock: Clock;
  limits?: UploadLimits;
  /** Bytes that may still be written on the disk of a folder; absent = asks the operating system. */
  freeBytes?: (folder: string) => Promise<number>;
}

const MEBIBYTE = 1024 ** 2;
const USUAL_LIMITS: UploadLimits = { fileBytes: 64 * MEBIBYTE, bundleBytes: 200 * MEBIBYTE, totalBytes: 1024 * MEBIBYTE };
const MAX_AT_ONCE = 4;
/** Left alone on the disk: the store and the system need room more than an upload does. */
const RESERVE_BYTES = 500_000_000;
/** The disk is looked at again after so much of a file. */
const LOOK_AGAIN_BYTES = 8 * MEBIBYTE;
const LIFETIME_MS = 3_600_000;

export async function createUploads({ folder, clock, limits = USUAL_LIMITS, freeBytes = freeBytesOf }: UploadsOptions): Promise<Uploads> {
  // What the last run has left belongs to pages that are gone.
  await rm(folder, { recursive: true, force: true });
  const kept = new Map<string, { sizeBytes: number; timer: Timer }>();
  let underWay = 0;

  const pathOf = (uploadId: string): string => join(folder, uploadId);
  const forget = async (uploadId: string): Promise<void> => {
    kept.get(uploadId)?.timer.cancel();
    kept.delete(uploadId);
    await rm(pathOf(uploadId), { force: true });
  };
  const keep = async (uploadId: string, sizeBytes: number): Promise<void> => {
    kept.set(uploadId, { sizeBytes, timer: clock.after(LIFETIME_MS, () => void forget(uploadId).catch(() => undefined)) });
    let total = [...kept.values()].reduce((sum, each) => sum + each.sizeBytes, 0);
    for (const [id, each] of kept) {
      if (total <= limits.totalBytes || id === uploadId) break;
      total -= each.sizeBytes;
      await forget(id);
    }
  };
  const requireSpace = async (): Promise<void> => {
    if ((await freeBytes(folder)) < RESERVE_BYTES) throw diskFull();
  };
  const store = async (write: (path: string) => Promise<number>): Promise<string> => {
    const uploadId = randomUUID();
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await requireSpace();
      await keep(uploadId, await write(pathOf(uploadId)));
      return uploadId;
    } catch (error) {
      await rm(pathOf(uploadId), { force: true });
      throw notReceived(error);
    }
  };

  return {
    async receive(body, declaredBytes) {
      if (declaredBytes !== undefined && declaredBytes > limits.bundleBytes) throw tooLarge(limits.bundleBytes);
      if (underWay >= MAX_AT_ONCE)
        throw new AppError('upload.too-many', 'Several files are on their way already. Wait for them, then try again.');
      underWay += 1;
      try {
        return await store(async (path) => {
          const counted = { bytes: 0 };
          const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
          // One that fails at once is still being opened, and would be there after it was removed.
          const closed = new Promise<void>((resolve) => void file.once('close', () => resolve()));
          try {
            await pipeline(limited(body, limits, counted, requireSpace), file);
          } finally {
            await closed;
          }
          if (counted.bytes === 0) throw new AppError('upload.empty', 'The file is empty. Choose another one.');
          return counted.bytes;
        });
      } finally {
        underWay -= 1;
      }
    },
    async locate(uploadId) {
      const isKnown = uploadIdSchema.safeParse(uploadId).success && kept.has(uploadId);
      const found = isKnown ? await stat(pathOf(uploadId)).catch(() => undefined) : undefined;
      if (!found?.isFile()) throw new AppError('upload.gone', 'The file is no longer there: it is kept for an hour. Choose it again.');
      return { path: pathOf(uploadId), sizeBytes: found.size };
    },
    add: (content) =>
      store(async (path) => {
        await writeFile(path, content, { flag: 'wx', mode: 0o600 });
        return content.byteLength;
      }),
    async dispose() {
      for (const { timer } of kept.values()) timer.cancel();
      kept.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Passes the pieces on until there are more of them than this kind of file may have, or than the disk has room for. */
async function* limited(
  body: AsyncIterable<Uint8Array>,
  limits: UploadLimits,
  counted: { bytes: number },
  requireSpace: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let limit: number | undefined;
  let lookAtBytes = LOOK_AGAIN_BYTES;
  for await (const piece of body) {
    if (piece.byteLength === 0) continue;
    limit ??= isBundle(piece) ? limits.bundleBytes : limits.fileBytes;
    counted.bytes += piece.byteLength;
    if (counted.bytes > limit) throw tooLarge(limit);
    if (counted.bytes >= lookAtBytes) {
      await requireSpace();
      lookAtBytes = counted.bytes + LOOK_AGAIN_BYTES;
    }
    yield piece;
  }
}

function isBundle(start: Uint8Array): boolean {
  const magic = Buffer.from(start.subarray(0, 4)).toString('latin1');
  return magic === 'glTF' || magic === 'PK\u0003\u0004';
}

function tooLarge(limit: number): AppError {
  return new AppError('upload.too-large', `The file is too large: ${Math.round(limit / MEBIBYTE)} MB are allowed. Choose a smaller one.`, {
    details: { limitBytes: limit },
  });
}

function diskFull(cause?: unknown): AppError {
  return new AppError('upload.disk-full', 'The disk is almost full: the file could not be taken in. Free some space and try again.', {
    cause,
  });
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function notReceived(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(error);
  return new AppError('upload.cut-off', 'The file did not arrive whole. Try again.', { cause: error });
}
