import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../../base/atomic-file.ts';
import { characterIdSchema } from '../../../src-preload/contract/index.ts';
import { isFileName, type StoredFolder } from './character-storage.ts';

/** Copies of files that lie elsewhere, each under its name and tag: one that is there is right, and is never written again. */
export interface FileCache {
  /** Path of the copy; fetched when there is none. */
  locate(id: string, file: string, stamp: string, fetch: () => Promise<Uint8Array>): Promise<string>;
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

export function createFileCache(folder: string): FileCache {
  const listing = join(folder, '.listing.json');
  return {
    async locate(id, file, stamp, fetch) {
      const root = join(folder, id);
      const tag = createHash('sha256').update(stamp).digest('hex').slice(0, 12);
      const path = join(root, `${tag}~${file}`);
      if ((await stat(path).catch(() => undefined))?.isFile()) return path;
      const bytes = await fetch();
      await mkdir(root, { recursive: true, mode: 0o700 });
      await writeFileAtomically(path, bytes);
      for (const name of await readdir(root)) {
        const isFormer = name.endsWith(`~${file}`) && name !== `${tag}~${file}`;
        if (isFormer) await rm(join(root, name), { force: true });
      }
      return path;
    },
    async saveListing(folders) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomically(listing, JSON.stringify(folders));
    },
    async readListing() {
      const parsed = listingSchema.safeParse(parsedJson(await readFile(listing, 'utf8').catch(() => '')));
      return parsed.success ? parsed.data : [];
    },
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
