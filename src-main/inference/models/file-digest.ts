import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a file must hash to. `git-sha1` is what hubs state for small files that git itself stores: SHA-1 over `blob <size>\0` and the bytes. */
export type ExpectedDigest = { algorithm: 'sha256' | 'git-sha1'; hex: string };

/** Hashes bytes as they pass. */
export interface RunningDigest {
  update(chunk: Uint8Array): void;
  /** Ends the digest; call once. `matches` compares with what was expected at creation (true when nothing was). */
  finish(): { sha256: string; matches: boolean; actual: string };
}

/** `sizeBytes` is the file's whole size (git's hash starts with it). */
export function createRunningDigest(expected: ExpectedDigest | undefined, sizeBytes: number): RunningDigest {
  const sha256 = createHash('sha256');
  const git = expected?.algorithm === 'git-sha1' ? createHash('sha1').update(`blob ${sizeBytes}\0`) : undefined;
  return {
    update(chunk) {
      sha256.update(chunk);
      git?.update(chunk);
    },
    finish() {
      const hex = sha256.digest('hex');
      const actual = git ? git.digest('hex') : hex;
      return { sha256: hex, matches: expected === undefined || actual === expected.hex, actual };
    },
  };
}

/** sha256 of a file, streamed. Rejects with the signal's reason. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) })) hash.update(chunk);
  return hash.digest('hex');
}

export interface FolderDigest {
  sha256: string;
  fileCount: number;
  sizeBytes: number;
}

/**
 * One hash for a whole folder: sha256 over the lines `<sha256 of the file>  <relative path with slashes>\n`, sorted by path. The same as
 * `find . -type f | sort | xargs sha256sum | sha256sum` in the C locale, apart from the leading "./".
 */
export async function hashFolder(folder: string, signal?: AbortSignal): Promise<FolderDigest> {
  const hash = createHash('sha256');
  const files = await listFolder(folder);
  for (const file of files) hash.update(`${await hashFile(join(folder, file.path), signal)}  ${file.path}\n`);
  return { sha256: hash.digest('hex'), fileCount: files.length, sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0) };
}

export interface ListedFile {
  /** Relative, with slashes. */
  path: string;
  sizeBytes: number;
  modifiedMs: number;
}

/** All files below a folder, sorted by path (code units). Links count as what they point to. */
export async function listFolder(folder: string): Promise<ListedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => !entry.isDirectory())
      .map(async (entry): Promise<ListedFile> => {
        const path = join(entry.parentPath, entry.name);
        const status = await stat(path);
        return { path: path.slice(folder.length + 1).replaceAll('\\', '/'), sizeBytes: status.size, modifiedMs: status.mtimeMs };
      }),
  );
  return files.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}
