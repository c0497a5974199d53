import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { codeOf, refused } from './sandbox-errors.ts';

/** A file or folder of the workspace that no command may see, whatever name it is reached by: `grep -r` names none. */
export interface ProtectedPlace {
  /** Below the workspace, with slashes. */
  path: string;
  isFolder: boolean;
  /** One that was replaced since is another. */
  inode: number;
}

/** More files than this are nobody's notes, and looking through them would take longer than the command. */
const MOST_ENTRIES = 50_000;
const MOST_PLACES = 200;

/**
 * Everything below the folder that holds keys by its name. Throws `sandbox.refused` for a folder that cannot be looked through. Links are not followed; a
 * protected one stands for what it leads to. What another disk is mounted on is not looked at: it does not come along.
 */
export async function findProtected(root: string, isProtected: (name: string) => boolean): Promise<ProtectedPlace[]> {
  const places = new Map<string, ProtectedPlace>();
  const { dev } = await lstat(root);
  let count = 0;
  const cover = async (way: string): Promise<void> => {
    const info = await stat(join(root, way)).catch(unlessGone);
    const real = await realpath(join(root, way)).catch(unlessGone);
    const path = real === undefined ? '' : relative(root, real).split(sep).join('/');
    // Where it leads out of the workspace there is nothing inside.
    if (info === undefined || path === '' || path === '..' || path.startsWith('../')) return;
    places.set(path, { path, isFolder: info.isDirectory(), inode: info.ino });
    if (places.size > MOST_PLACES)
      throw refused(`the folder ${root} holds more than ${MOST_PLACES} files with keys; choose one without them`);
  };
  const queue = [''];
  for (const folder of queue) {
    for (const entry of await entriesOf(root, folder, dev)) {
      count += 1;
      if (count > MOST_ENTRIES)
        throw refused(`the folder ${root} holds more than ${MOST_ENTRIES} files, too many to look for keys in it; choose a smaller one`);
      const isSecret = isProtected(entry.name);
      if (!isSecret && !entry.isDirectory()) continue;
      // What cannot be named cannot be covered.
      if (entry.name.includes('\uFFFD')) throw refused(`the name ${join(root, folder, entry.name)} cannot be read; rename it`);
      const way = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isSecret) await cover(way);
      else queue.push(way);
    }
  }
  return [...places.values()].toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

async function entriesOf(root: string, folder: string, device: number) {
  const path = join(root, folder);
  const info = await lstat(path).catch(unlessGone);
  if (info === undefined || info.dev !== device) return [];
  return (await readdir(path, { withFileTypes: true }).catch(unlessGone)) ?? [];
}

/** Gone meanwhile, or closed to us: then it is closed to commands, who have no more rights. */
function unlessGone(error: unknown): undefined {
  if (!['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'].includes(codeOf(error))) throw error;
}
