import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat, unlink, type FileHandle } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errorCode } from '../../base/atomic-file.ts';
import type { Config } from '../../platform/config/index.ts';
import { holdsSecrets } from './command-filter/guarded-paths.ts';
import { workspaceFolder } from './tools-config.ts';
import { toolError } from './tools-errors.ts';

export interface WorkspaceEntry {
  /** Relative to the workspace, with slashes. */
  path: string;
  name: string;
  kind: 'file' | 'folder' | 'other';
  sizeBytes: number;
  modifiedAtMs: number;
}

/** The one folder that file tools may touch. Paths are relative to it, or absolute inside it; whatever leads out (`..`, symbolic links, races) is refused. */
export interface Workspace {
  /** Its real path; made, with a `notes` folder in it, when it is the default one and not there yet. Throws `tools.no-workspace`, `tools.bad-workspace`. */
  folder(): Promise<string>;
  /** Throws `tools.bad-workspace` for a folder that holds more than the assistant may see. */
  accept(folder: string): Promise<void>;
  /** The path as it would be used, for plans; touches nothing. Throws `tools.outside-workspace`, `tools.protected-file`. */
  pathOf(path: string): Promise<string>;
  read(path: string, limitBytes: number): Promise<Buffer>;
  /** Replaces the whole file. Throws `tools.file-exists` when it is there and may not be replaced. Resolves with what was there before, undefined = nothing. */
  write(
    path: string,
    content: Buffer,
    options: { mayReplace: boolean; keepBytes: number; signal?: AbortSignal },
  ): Promise<Buffer | undefined>;
  remove(path: string): Promise<void>;
  /** Folders first, then by name; at most `limit`. */
  list(path: string, limit: number): Promise<{ entries: WorkspaceEntry[]; left: number }>;
}

/** Nobody, as the sandbox runs commands. */
const SANDBOX_USER = 65_534;
/** On Linux an opened folder can be walked on from by its descriptor, so that nothing can be swapped under us. */
const HAS_DESCRIPTOR_PATHS = process.platform === 'linux';

export function createWorkspace(deps: {
  config: Pick<Config, 'get'>;
  homeDirectory: string;
  /** Never part of a workspace, and never its parent: the app's own data, keys and models. */
  forbidden: readonly string[];
}): Workspace {
  const fallback = join(deps.homeDirectory, 'OpenClaw');
  const isDefault = (): boolean => deps.config.get(workspaceFolder) === '';
  const chosen = (): string => deps.config.get(workspaceFolder) || fallback;

  const accept = async (folder: string): Promise<void> => {
    const real = await realpath(folder).catch(() => {
      throw toolError('tools.no-workspace', { folder });
    });
    const home = await realpath(deps.homeDirectory).catch(() => deps.homeDirectory);
    const secrets = ['.ssh', '.aws', '.gnupg', '.config'].map((name) => join(home, name));
    const others = await Promise.all(deps.forbidden.map((path) => realpath(path).catch(() => path)));
    const isSystem = /^\/(?:etc|usr|bin|sbin|lib\w*|boot|dev|proc|sys|run|var|root)?$/.test(real) && real !== home;
    const holdsMore = [home, ...secrets, ...others].some((place) => isInside(place, real) || place === real);
    const liesWithin = [...secrets, ...others].some((place) => isInside(real, place));
    if (isSystem || holdsMore || liesWithin || /^[a-z]:\\?$/i.test(real)) throw toolError('tools.bad-workspace', { folder });
  };
  const folder = async (): Promise<string> => {
    const path = chosen();
    if (isDefault()) {
      await makeDefault(path).catch((error: unknown) => {
        throw toolError('tools.no-workspace', { folder: path }, error);
      });
    }
    await accept(path);
    const real = await realpath(path);
    if (!(await lstat(real)).isDirectory()) throw toolError('tools.no-workspace', { folder: path });
    return real;
  };
  /** Path segments below the root. */
  const segmentsOf = async (path: string): Promise<{ root: string; segments: string[]; shown: string }> => {
    const root = await folder();
    if (path.includes('\0')) throw toolError('tools.outside-workspace', { path: path.replaceAll('\0', '?') });
    const cleaned = path.replace(/^(?:~\/OpenClaw|\/workspace)(?=\/|$)/, '.').trim() || '.';
    const target = isAbsolute(cleaned) ? resolve(cleaned) : resolve(root, cleaned);
    if (target !== root && !isInside(target, root)) throw toolError('tools.outside-workspace', { path });
    const segments = relative(root, target).split(sep).filter(Boolean);
    if (segments.some(holdsSecrets)) throw toolError('tools.protected-file', { path });
    return { root, segments, shown: segments.join('/') || '.' };
  };
  const inFolderOf = async <Value>(
    path: string,
    work: (place: { at: string; name: string; shown: string }) => Promise<Value>,
  ): Promise<Value> => {
    const { root, segments, shown } = await segmentsOf(path);
    const name = segments.at(-1);
    if (name === undefined) throw toolError('tools.not-a-file', { path });
    return withFolder(root, segments.slice(0, -1), shown, (at) => work({ at, name, shown }));
  };

  return {
    folder,
    accept,
    pathOf: async (path) => (await segmentsOf(path)).shown,
    read: (path, limitBytes) =>
      inFolderOf(path, async ({ at, name, shown }) => {
        const handle = await openPlain(join(at, name), shown);
        try {
          const { size } = await handle.stat();
          if (size > limitBytes) throw toolError('tools.file-too-large', { path: shown, sizeBytes: size });
          const bytes = await readAtMost(handle, limitBytes);
          return bytes;
        } finally {
          await handle.close();
        }
      }),
    write: (path, content, { mayReplace, keepBytes, signal }) =>
      inFolderOf(path, async ({ at, name, shown }) => {
        const target = join(at, name);
        const former = await formerContent(target, shown, keepBytes);
        if (former !== undefined && !mayReplace) throw toolError('tools.file-exists', { path: shown });
        const draft = join(at, `.${randomUUID().slice(0, 8)}.new`);
        const handle = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644);
        try {
          await handle.writeFile(content);
          // A command, which is never root, goes on with what a tool has written.
          if (isRoot()) await giveTo(handle, await stat(at));
          await handle.sync();
          // Nothing has changed until the rename: a stop that came meanwhile is obeyed.
          signal?.throwIfAborted();
        } catch (error) {
          await rm(draft, { force: true });
          throw error;
        } finally {
          await handle.close();
        }
        await rename(draft, target);
        return former;
      }),
    remove: (path) => inFolderOf(path, ({ at, name }) => unlink(join(at, name))),
    async list(path, limit) {
      const { root, segments, shown } = await segmentsOf(path);
      return withFolder(root, segments, shown, async (at) => {
        const names = (await readdir(at)).filter((name) => !holdsSecrets(name)).toSorted();
        const entries = await Promise.all(
          names.slice(0, limit).map((name) => entryOf(join(at, name), name, [...segments, name].join('/'))),
        );
        const kept = entries.filter((entry) => entry !== undefined);
        const order = { folder: 0, file: 1, other: 2 };
        return { entries: kept.toSorted((left, right) => order[left.kind] - order[right.kind]), left: Math.max(0, names.length - limit) };
      });
    },
  };
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** The default folder with its notes. As root it is made for the user of the sandbox, who must be able to write in it. */
async function makeDefault(path: string): Promise<void> {
  for (const folder of [path, join(path, 'notes')]) {
    const made = await mkdir(folder, { recursive: true });
    if (made === undefined || !isRoot()) continue;
    const handle = await open(folder, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0));
    await giveTo(handle, { uid: SANDBOX_USER, gid: SANDBOX_USER }).finally(() => handle.close());
  }
}

/** Ownership by descriptor: a path could lead elsewhere by now. */
async function giveTo(handle: FileHandle, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  if (uid !== 0) await handle.chown(uid, gid);
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

/** Goes down one folder after the other without following a link, and works in the last one by a path that cannot be swapped away. */
async function withFolder<Value>(
  root: string,
  segments: readonly string[],
  shown: string,
  work: (at: string) => Promise<Value>,
): Promise<Value> {
  const flags = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);
  if (!HAS_DESCRIPTOR_PATHS) {
    const real = await realpath(join(root, ...segments)).catch((error: unknown) => {
      throw missing(error, shown);
    });
    if (real !== root && !isInside(real, root)) throw toolError('tools.outside-workspace', { path: shown });
    if (!(await lstat(real)).isDirectory()) throw toolError('tools.not-a-folder', { path: shown });
    return work(real);
  }
  let handle = await open(root, flags);
  try {
    for (const segment of segments) {
      const next = await open(`/proc/self/fd/${handle.fd}/${segment}`, flags).catch((error: unknown) => {
        throw missing(error, shown);
      });
      await handle.close();
      handle = next;
    }
    return await work(`/proc/self/fd/${handle.fd}`);
  } finally {
    await handle.close();
  }
}

function missing(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (code === 'ELOOP') return toolError('tools.outside-workspace', { path }, error);
  if (code === 'ENOENT') return toolError('tools.no-file', { path }, error);
  if (code === 'ENOTDIR') return toolError('tools.not-a-folder', { path }, error);
  return error;
}

/** Without following a link, without blocking on a pipe. */
async function openPlain(path: string, shown: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch((error: unknown) => {
    throw missing(error, shown);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw toolError('tools.not-a-file', { path: shown });
}

async function readAtMost(handle: FileHandle, limitBytes: number): Promise<Buffer> {
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(Math.min(size, limitBytes));
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

async function formerContent(path: string, shown: string, keepBytes: number): Promise<Buffer | undefined> {
  const found = await lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return undefined;
  if (!found.isFile()) throw toolError('tools.not-a-file', { path: shown });
  if (found.size > keepBytes) throw toolError('tools.file-too-large', { path: shown, sizeBytes: found.size });
  const handle = await openPlain(path, shown);
  try {
    return await readAtMost(handle, keepBytes);
  } finally {
    await handle.close();
  }
}

async function entryOf(path: string, name: string, shown: string): Promise<WorkspaceEntry | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return undefined;
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  return { path: shown, name, kind, sizeBytes: found.size, modifiedAtMs: found.mtimeMs };
}
