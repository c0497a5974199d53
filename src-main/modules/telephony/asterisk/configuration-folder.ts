import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, writeFileAtomically } from '../../../base/atomic-file.ts';
import type { ExchangeFolders } from './container-spec.ts';
import { LOG_FILE } from './configuration.ts';
import { writeHoldMusic } from './hold-music.ts';

/** A log that has grown beyond this is put aside at the next start; one old one is kept. */
const MAX_LOG_BYTES = 4 * 1024 ** 2;
const SQLITE_START = Buffer.from('SQLite format 3\0', 'latin1');

export type Files = ReadonlyMap<string, string>;

/** Whom the files must belong to, so that Asterisk can read them and nobody else. */
export interface FileOwner {
  uid: number;
  gid: number;
}

/** `<data>/phone/…`: made where it is missing. The log and what Asterisk remembers (registered phones) stay over all containers. */
export async function prepareFolders(base: string, owner: FileOwner): Promise<ExchangeFolders> {
  const folders = {
    configuration: join(base, 'asterisk'),
    spool: join(base, 'spool'),
    log: join(base, 'log'),
    state: join(base, 'state'),
    music: join(base, 'music'),
  };
  await mkdir(base, { recursive: true, mode: 0o700 });
  const all = [...Object.values(folders), join(folders.spool, 'recording'), join(folders.spool, 'tmp')];
  for (const folder of all) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await giveTo(folder, owner);
  }
  await putLogAside(join(folders.log, LOG_FILE));
  await putDamageAside(join(folders.state, 'astdb.sqlite3'));
  await giveTo(await writeHoldMusic(folders.music), owner);
  return folders;
}

/** The files and no others; passwords are in them, so only the owner may read them. Rejects with the file system's error. */
export async function writeFiles(folder: string, files: Files, owner: FileOwner): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await giveTo(folder, owner);
  for (const [name, text] of files) {
    const file = join(folder, name);
    if ((await readFile(file, 'utf8').catch(() => undefined)) === text) continue;
    await writeFileAtomically(file, text);
    await giveTo(file, owner);
  }
  for (const name of await readdir(folder)) if (!files.has(name)) await rm(join(folder, name), { recursive: true, force: true });
}

export const isSame = (left: Files, right: Files): boolean =>
  left.size === right.size && [...right].every(([name, text]) => left.get(name) === text);

/** Only root can give files away; nobody else has to. */
async function giveTo(path: string, { uid, gid }: FileOwner): Promise<void> {
  if (process.getuid?.() === 0 && uid !== 0) await chown(path, uid, gid);
}

async function putLogAside(file: string): Promise<void> {
  try {
    if ((await stat(file)).size > MAX_LOG_BYTES) await rename(file, `${file}.1`);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** With a damaged memory Asterisk does not start; what is in it (who was registered) comes again by itself. */
async function putDamageAside(file: string): Promise<void> {
  const start = await readFile(file).catch(() => Buffer.alloc(0));
  if (start.length > 0 && !start.subarray(0, SQLITE_START.length).equals(SQLITE_START)) await rename(file, `${file}.damaged`);
}

/** Lines that came behind `offset` bytes of the log. */
export async function readLogFrom(folder: string, offset: number): Promise<{ lines: string[]; size: number }> {
  const bytes = await readFile(join(folder, LOG_FILE)).catch(() => Buffer.alloc(0));
  // It was put aside meanwhile.
  const from = bytes.length < offset ? 0 : offset;
  return { lines: bytes.subarray(from).toString('utf8').split('\n').filter(Boolean), size: bytes.length };
}
