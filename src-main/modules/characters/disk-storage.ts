import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { randomUUID } from 'node:crypto';
import { characterIdSchema } from '../../../src-preload/contract/index.ts';
import { errorCode, syncDirectory, writeFileAtomically } from '../../base/atomic-file.ts';
import {
  BIN_MS,
  isFileName,
  METADATA_FILE,
  type CharacterStorage,
  type FileContent,
  type StorageClock,
  type StoredFile,
} from './character-storage.ts';
import { badPath, fileMissing, idTaken, notInBin, notSaved, unknownCharacter } from './characters-errors.ts';

/** Folders of the storage that are no characters: ids never begin with a dot. */
const BIN = '.bin';
const DRAFTS = '.new';

/**
 * Characters as folders of this machine. A new one is written under `.new` and renamed when all of it is on disk; a deleted one is renamed to
 * `.bin/<time>~<id>`. Either rename is one step for the file system.
 */
export function createDiskStorage({ folder, clock }: { folder: string; clock: StorageClock }): CharacterStorage {
  const at = (id: string): string => join(folder, characterId(id));
  const saving = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw notSaved(error, folder);
    }
  };
  const binned = async (): Promise<{ id: string; deletedAtMs: number; path: string }[]> =>
    (await names(join(folder, BIN))).flatMap((name) => {
      const [time = '', id = ''] = name.split('~');
      const isOurs = /^\d+$/.test(time) && characterIdSchema.safeParse(id).success;
      return isOurs ? [{ id, deletedAtMs: Number(time), path: join(folder, BIN, name) }] : [];
    });
  const requireFolder = async (id: string): Promise<string> => {
    if (!(await isFolder(at(id)))) throw unknownCharacter(id);
    return at(id);
  };

  const locate = async (id: string, file: string): Promise<string> => {
    if (!isFileName(file)) throw badPath(file);
    const root = at(id);
    const path = await realpath(join(root, file)).catch(() => undefined);
    const inside = path?.startsWith((await realpath(root).catch(() => root)) + sep) === true;
    // A link may lead anywhere; what is not in the folder is not the character's.
    if (path === undefined || !inside || !(await stat(path)).isFile()) throw fileMissing(id, file);
    return path;
  };

  return {
    async list() {
      const ids = (await names(folder)).filter((name) => characterIdSchema.safeParse(name).success).toSorted();
      const found = [];
      for (const id of ids) if (await isFolder(at(id))) found.push({ id, files: await filesOf(at(id)) });
      return found;
    },
    locate,
    read: async (id, file) => readFile(await locate(id, file)),
    async create(id, files) {
      const target = at(id);
      await saving(async () => {
        const isTaken = (await isFolder(target)) || (await binned()).some((each) => each.id === id);
        if (isTaken) throw idTaken(id);
        const draft = join(folder, DRAFTS, `${id}~${randomUUID().slice(0, 8)}`);
        try {
          await mkdir(draft, { recursive: true, mode: 0o700 });
          for (const [name, content] of files) await writeNew(draft, name, content);
          await syncDirectory(draft);
          await rename(draft, target);
          await syncDirectory(folder);
        } catch (error) {
          await rm(draft, { recursive: true, force: true });
          throw errorCode(error) === 'ENOTEMPTY' ? idTaken(id) : error;
        }
      });
    },
    async change(id, { metadata, add = new Map(), remove = [] }) {
      const root = await requireFolder(id);
      await saving(async () => {
        const added: string[] = [];
        try {
          for (const [name, content] of add) {
            if (!isFileName(name)) throw badPath(name);
            const isNew = !(await exists(join(root, name)));
            if (isNew) added.push(join(root, name));
            if (content instanceof Uint8Array) await writeFileAtomically(join(root, name), content);
            else await copyInto(root, name, content.path);
          }
          if (metadata) await writeFileAtomically(join(root, METADATA_FILE), metadata);
        } catch (error) {
          for (const path of added) await rm(path, { force: true });
          throw error;
        }
        for (const name of remove) if (isFileName(name) && name !== METADATA_FILE) await rm(join(root, name), { force: true });
      });
    },
    async bin(id) {
      const root = await requireFolder(id);
      await saving(async () => {
        await mkdir(join(folder, BIN), { recursive: true, mode: 0o700 });
        await rename(root, join(folder, BIN, `${clock.wallMs()}~${id}`));
        await syncDirectory(folder);
      });
    },
    async restore(id) {
      const target = at(id);
      const latest = (await binned()).filter((each) => each.id === id).toSorted((left, right) => right.deletedAtMs - left.deletedAtMs)[0];
      if (!latest) throw notInBin(id);
      if (await isFolder(target)) throw idTaken(id);
      await saving(async () => {
        await rename(latest.path, target);
        await syncDirectory(folder);
      });
    },
    async purge() {
      const old = (await binned()).filter(({ deletedAtMs }) => clock.wallMs() - deletedAtMs > BIN_MS);
      for (const { path } of old) await rm(path, { recursive: true, force: true });
      await rm(join(folder, DRAFTS), { recursive: true, force: true });
    },
    problem: () => undefined,
  };
}

function characterId(id: string): string {
  if (!characterIdSchema.safeParse(id).success) throw badPath(id);
  return id;
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Real folders only: a link could lead to somebody else's files, which `bin` and `change` would then move and write. */
async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function filesOf(root: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const name of (await names(root)).filter(isFileName).toSorted()) {
    const found = await lstat(join(root, name)).catch(() => undefined);
    if (found?.isFile() === true) files.push({ name, sizeBytes: found.size, stamp: String(Math.round(found.mtimeMs)) });
  }
  return files;
}

async function writeNew(folder: string, name: string, content: FileContent): Promise<void> {
  if (!isFileName(name)) throw badPath(name);
  const path = join(folder, name);
  if (!(content instanceof Uint8Array)) await copyFile(content.path, path, constants.COPYFILE_EXCL);
  const handle = await open(path, content instanceof Uint8Array ? 'wx' : 'r+', 0o600);
  try {
    if (content instanceof Uint8Array) await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function copyInto(folder: string, name: string, source: string): Promise<void> {
  const draft = `${name}.${randomUUID().slice(0, 8)}.new`;
  try {
    await copyFile(source, join(folder, draft), constants.COPYFILE_EXCL);
    await rename(join(folder, draft), join(folder, name));
  } catch (error) {
    await rm(join(folder, draft), { force: true });
    throw error;
  }
}
