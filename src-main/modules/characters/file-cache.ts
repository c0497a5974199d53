import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { characterIdSchema } from '../../../src-preload/contract/index.ts';
import type { Log } from '../../base/log.ts';
import { notSaved } from './characters-errors.ts';
import { isFileName, type StoredFolder } from './character-storage.ts';

/** Copies of files that lie elsewhere, each under its name and tag: one that is there is right, and is never written again. */
export interface FileCache {
  has(id: string, file: string, stamp: string): Promise<boolean>;
  /** Path of the copy; fetched when there is none. Rejects with `character.disk-full` or `character.not-saved` when it cannot be kept. */
  locate(id: string, file: string, stamp: string, fetch: () => Promise<Uint8Array>): Promise<string>;
  /** The content; a copy of it is kept where there is room for one. */
  read(id: string, file: string, stamp: string, fetch: () => Promise<Uint8Array>): Promise<Uint8Array>;
  /** A full disk is no reason to fail: the next look saves it again. */
  saveListing(folders: readonly StoredFolder[]): Promise<void>;
  /** What was there at the last look; empty when there was none. */
  readListing(): Promise<StoredFolder[]>;
}

const listingSchema = z.array(
  z.object({
    id: characterIdSchema,
    files: z.array(z.object({ name: z.string().refine(isFileName), sizeBytes: z.number(), stamp: z.string() })),
  }),
);

export function createFileCache(folder: string, log: Log): FileCache {
  const listing = join(folder, '.listing.json');
  const pathOf = (id: string, file: string, stamp: string): string =>
    join(folder, id, `${createHash('sha256').update(stamp).digest('hex').slice(0, 12)}~${file}`);
  const has: FileCache['has'] = async (id, file, stamp) => (await stat(pathOf(id, file, stamp)).catch(() => undefined))?.isFile() === true;
  return {
    has,
    async locate(id, file, stamp, fetch) {
      const path = pathOf(id, file, stamp);
      if (await has(id, file, stamp)) return path;
      const bytes = await fetch();
      await keep(path, file, bytes).catch((error: unknown) => {
        throw notSaved(error, folder);
      });
      return path;
    },
    async read(id, file, stamp, fetch) {
      const path = pathOf(id, file, stamp);
      if (await has(id, file, stamp)) return readFile(path);
      const bytes = await fetch();
      await keep(path, file, bytes).catch((error: unknown) => log.warn('character.not-cached', { error }));
      return bytes;
    },
    async saveListing(folders) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFileAtomically(listing, JSON.stringify(folders));
      } catch (error) {
        log.warn('character.not-cached', { error });
      }
    },
    async readListing() {
      const parsed = listingSchema.safeParse(parsedJson(await readFile(listing, 'utf8').catch(() => '')));
      return parsed.success ? parsed.data : [];
    },
  };
}

/** Writes the copy and takes former ones of the same file away. */
async function keep(path: string, file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileAtomically(path, bytes);
  for (const name of await readdir(dirname(path))) {
    const isFormer = name.endsWith(`~${file}`) && name !== basename(path);
    if (isFormer) await rm(join(dirname(path), name), { force: true });
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
