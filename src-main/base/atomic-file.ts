import { link, open, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';

/** Windows refuses a rename while a virus scanner or another reader has the file open; it lets go within moments. */
const RENAME_ATTEMPTS = 5;
const RENAME_PAUSE_MS = 40;

/** A text, bytes, or bytes in pieces, in order. */
export type AtomicContent = string | Uint8Array | readonly Uint8Array[];

/**
 * Replaces a file so that after a crash, a power cut or a full disk there is either the old content or the new one, never a piece.
 * Resolves when it is on disk. The file is readable by its owner only. Rejects with the file system's error; the old file is then untouched.
 */
export async function writeFileAtomically(file: string, content: AtomicContent): Promise<void> {
  const draft = await writeDraft(file, content);
  try {
    await renameWithPatience(draft, file);
    await syncDirectory(dirname(file));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Like {@link writeFileAtomically}, but never replaces: false when the file is there already, also when another process was faster. */
export async function createFileAtomically(file: string, content: string | Uint8Array): Promise<boolean> {
  const draft = await writeDraft(file, content);
  try {
    await link(draft, file);
    await syncDirectory(dirname(file));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // A file system without hard links (exFAT, some network drives): the exclusive open is the next best thing.
    const handle = await open(file, 'wx', 0o600).catch((failure: unknown) => {
      if (errorCode(failure) === 'EEXIST') return undefined;
      throw failure;
    });
    if (!handle) return false;
    await handle.close();
    await renameWithPatience(draft, file);
    return true;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The code of a file system error (`ENOENT`), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

async function writeDraft(file: string, content: AtomicContent): Promise<string> {
  const draft = `${file}.${randomUUID().slice(0, 8)}.new`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return draft;
}

async function renameWithPatience(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      const isBusy = ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error) ?? '');
      if (process.platform !== 'win32' || !isBusy || attempt === RENAME_ATTEMPTS) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, RENAME_PAUSE_MS * attempt);
      });
    }
  }
}

/** Makes the rename itself survive a power cut; Windows cannot open directories and does it by itself. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
