import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { characterIdSchema } from '../../../src-preload/contract/index.ts';
import { toErrorData, type ErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import {
  BIN_MS,
  isFileName,
  METADATA_FILE,
  type CharacterStorage,
  type FileContent,
  type StorageClock,
  type StoredFolder,
} from './character-storage.ts';
import { badPath, fileMissing, idTaken, notInBin, unknownCharacter } from './characters-errors.ts';
import { createBucket, type Bucket } from './s3-bucket.ts';
import { createFileCache } from './file-cache.ts';

/** Where a bucket is. */
export interface S3Place {
  /** Empty = Amazon's own. */
  endpoint: string;
  /** `bucket` or `bucket/path/in/it`. */
  bucket: string;
  region: string;
  accessKeyId: string;
}

export interface S3StorageOptions {
  place: S3Place;
  secretAccessKey: () => string | undefined;
  /** Aborted, with its reason, while nothing may reach out; asked anew for each request. */
  shut: () => AbortSignal;
  /** Copies of what was read, so that characters work while the bucket is out of reach. */
  cacheFolder: string;
  clock: StorageClock;
  log: Log;
  /** How long the server may say nothing, in milliseconds; ten seconds unless given. */
  silenceMs?: number;
}

/** Lies in the folder of a deleted character and says when that was. S3 cannot rename: moving a folder would be a copy of each file, and not one step. */
const BIN_MARK = 'deleted.json';
const binMarkSchema = z.object({ deletedAtMs: z.number() });

/**
 * Characters in a bucket of Amazon S3, MinIO or another server of its kind, each file an object `<path>/<id>/<file>`. A folder counts from the moment that
 * its `metadata.json` is there, which is written last; what an interrupted save has left is written over by the next one under that id.
 */
export function createS3Storage(options: S3StorageOptions): CharacterStorage {
  const { place, cacheFolder, clock, log } = options;
  const bucket: Bucket = createBucket(place, options);
  const cache = createFileCache(join(cacheFolder, createHash('sha256').update(JSON.stringify(place)).digest('hex').slice(0, 16)), log);
  let problem: ErrorData | undefined;
  /** Tags of the files, from the last look. */
  let known = new Map<string, StoredFolder>();

  const everything = async (): Promise<Map<string, StoredFolder>> => {
    const folders = new Map<string, { id: string; files: StoredFolder['files'][number][] }>();
    for (const { key, sizeBytes, stamp } of await bucket.list()) {
      const [id = '', name = '', more] = key.split('/');
      if (more !== undefined || !characterIdSchema.safeParse(id).success || !isFileName(name)) continue;
      const folder = folders.get(id) ?? { id, files: [] };
      folder.files.push({ name, sizeBytes, stamp });
      folders.set(id, folder);
    }
    return folders;
  };

  const requireLive = async (id: string): Promise<StoredFolder> => {
    const folder = (await everything()).get(checkedId(id));
    if (!folder || !has(folder, METADATA_FILE) || has(folder, BIN_MARK)) throw unknownCharacter(id);
    return folder;
  };
  const put = async (id: string, name: string, content: FileContent): Promise<void> => {
    if (!isFileName(name) || name === BIN_MARK) throw badPath(name);
    await bucket.put(`${id}/${name}`, content instanceof Uint8Array ? content : await readFile(content.path));
  };
  const listedFile = async (id: string, file: string): Promise<StoredFolder['files'][number]> => {
    if (!isFileName(file)) throw badPath(file);
    const find = (): StoredFolder['files'][number] | undefined => known.get(checkedId(id))?.files.find(({ name }) => name === file);
    if (!find()) known = await everything().catch(() => known);
    const listed = find();
    if (!listed) throw fileMissing(id, file);
    return listed;
  };
  const fetching = (id: string, file: string) => () => bucket.get(`${id}/${file}`);

  return {
    async list() {
      try {
        known = await everything();
        problem = undefined;
        const folders = live(known);
        await cache.saveListing(folders);
        return folders;
      } catch (error) {
        const { code } = toErrorData(error);
        // That its owner has stopped everything is nothing that is wrong with it.
        problem = options.shut().aborted ? undefined : toErrorData(error);
        log.warn('character.storage-unreachable', { code });
        const folders = await cache.readListing();
        known = new Map(folders.map((folder) => [folder.id, folder]));
        return folders;
      }
    },
    async known() {
      const folders = await cache.readListing();
      if (known.size === 0) known = new Map(folders.map((folder) => [folder.id, folder]));
      const here = await Promise.all(
        folders.map(async ({ id, files }) => {
          const metadata = files.find(({ name }) => name === METADATA_FILE);
          return metadata !== undefined && (await cache.has(id, METADATA_FILE, metadata.stamp));
        }),
      );
      return folders.filter((_folder, index) => here[index]);
    },
    locate: async (id, file) => cache.locate(id, file, (await listedFile(id, file)).stamp, fetching(id, file)),
    read: async (id, file) => cache.read(id, file, (await listedFile(id, file)).stamp, fetching(id, file)),
    async create(id, files) {
      checkedId(id);
      const before = (await everything()).get(id);
      if (has(before, METADATA_FILE) || has(before, BIN_MARK)) throw idTaken(id);
      for (const [name, content] of files) if (name !== METADATA_FILE) await put(id, name, content);
      const metadata = files.get(METADATA_FILE);
      if (metadata !== undefined) await put(id, METADATA_FILE, metadata);
    },
    async change(id, { metadata, add = new Map(), remove = [] }) {
      await requireLive(id);
      for (const [name, content] of add) await put(id, name, content);
      if (metadata) await put(id, METADATA_FILE, metadata);
      for (const name of remove) if (isFileName(name) && name !== METADATA_FILE) await bucket.remove(`${id}/${name}`);
    },
    async bin(id) {
      await requireLive(id);
      await bucket.put(`${id}/${BIN_MARK}`, Buffer.from(JSON.stringify({ deletedAtMs: clock.wallMs() })));
    },
    async restore(id) {
      const folder = (await everything()).get(checkedId(id));
      if (!has(folder, BIN_MARK) || !has(folder, METADATA_FILE)) throw notInBin(id);
      await bucket.remove(`${id}/${BIN_MARK}`);
    },
    async purge() {
      for (const folder of (await everything()).values()) {
        if (!has(folder, BIN_MARK) || !(await isOver(bucket, folder.id, clock.wallMs()))) continue;
        // The mark goes last: a purge that is interrupted leaves the rest in the bin.
        const names = folder.files
          .map(({ name }) => name)
          .toSorted((left, right) => Number(left === BIN_MARK) - Number(right === BIN_MARK));
        for (const name of names) await bucket.remove(`${folder.id}/${name}`);
      }
    },
    problem: () => problem,
  };
}

const has = (folder: StoredFolder | undefined, name: string): boolean => folder?.files.some((file) => file.name === name) === true;

/** Whole and not in the bin. */
function live(folders: ReadonlyMap<string, StoredFolder>): StoredFolder[] {
  return [...folders.values()]
    .filter((folder) => has(folder, METADATA_FILE) && !has(folder, BIN_MARK))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

function checkedId(id: string): string {
  if (!characterIdSchema.safeParse(id).success) throw badPath(id);
  return id;
}

/** In the bin for 30 days. A mark that cannot be read keeps its folder for good rather than not at all. */
async function isOver(bucket: Bucket, id: string, nowMs: number): Promise<boolean> {
  const mark = binMarkSchema.safeParse(parsed(await bucket.get(`${id}/${BIN_MARK}`)));
  return mark.success && nowMs - mark.data.deletedAtMs > BIN_MS;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
