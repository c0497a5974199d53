import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { refused } from './sandbox-errors.ts';

/** Where nothing may be shared from; the parents of these may not be shared either. */
export interface ForbiddenPlaces {
  home: string;
  dataDirectory: string;
  modelsDirectory: string;
  /** The engine's socket, wherever it is. */
  socketPath: string | undefined;
  /** A folder of the app that was made to be shared, although it lies in its data. */
  ownWorkspace: string | undefined;
}

/** A folder that passed the check, as it was then; what is mounted later must be the same. */
export interface CheckedFolder {
  path: string;
  device: number;
  inode: number;
  uid: number;
  gid: number;
  mode: number;
}

/** Of the home folder: keys, tokens, browsers' and programs' secrets. */
const PRIVATE_HOME =
  '.ssh .aws .gnupg .config .azure .kube .docker .gcloud .password-store .mozilla .thunderbird .local/share/keyrings .git-credentials .netrc .npmrc .pypirc Library'.split(
    ' ',
  );
const SYSTEM = '/proc /sys /dev /etc /boot /run /var/run /var/lib /usr /bin /sbin /lib /lib64 /System /Library C:\\Windows'.split(' ');

/* Synchronous on purpose: between the look and the use of what was seen nothing else of ours runs. */

/** Follows the path to what it really is and refuses what may not be shared. Throws `sandbox.refused`. */
export function checkFolder(folder: string, places: ForbiddenPlaces): CheckedFolder {
  if (!isAbsolute(folder)) throw refused(`the folder ${folder} is not a full path`);
  const path = realOf(folder);
  if (path === undefined) throw refused(`the folder ${folder} does not exist`);
  const info = statSync(path);
  if (!info.isDirectory()) throw refused(`${folder} is not a folder`);
  const why = whyForbidden(path, places);
  if (why !== undefined) throw refused(why);
  return { path, device: info.dev, inode: info.ino, uid: info.uid, gid: info.gid, mode: info.mode };
}

/**
 * Whose rights a command has in this folder: ours, which it must never exceed; where we are root, which it must never be, those of the folder's owner.
 * uid 0 = of nobody that a command may be.
 */
export function actingUser({ uid, gid }: Pick<CheckedFolder, 'uid' | 'gid'>, me = whoWeAre()): { uid: number; gid: number } {
  return me.uid === 0 ? { uid, gid } : me;
}

const whoWeAre = (): { uid: number; gid: number } => ({ uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });

/** Throws `sandbox.refused` for a folder that no command could write in, before anything is made. */
export function checkWritable(folder: CheckedFolder, { rootless }: { rootless: boolean }): void {
  if (process.platform !== 'linux') return;
  const { path, mode } = folder;
  if (rootless) {
    if ((mode & 0o7) !== 0o7)
      throw refused(
        `this Docker runs without root and can write only where everybody may, which is not so in ${path}: run chmod o+rwx on it`,
      );
  } else if (actingUser(folder).uid === 0)
    throw refused(
      `the folder ${path} belongs to root, and commands never run as root: choose another folder, or give it to the user of the sandbox with chown -R 65534:65534 ${path}`,
    );
  else if (!mayWrite(path)) throw refused(`you may not write in the folder ${path} yourself: choose a folder that is yours`);
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The reason why this path may not be shared; undefined = it may. */
export function whyForbidden(wanted: string, places: ForbiddenPlaces): string | undefined {
  const path = resolved(wanted);
  const forbidden = forbiddenPaths(places).filter(isAbsolute).map(resolved);
  const exception = places.ownWorkspace === undefined ? undefined : resolved(places.ownWorkspace);
  for (const each of forbidden) {
    if (isInside(each, path))
      return path === each ? `${path} may not be shared` : `the folder ${path} contains ${each}, which may not be shared`;
    if (isInside(path, each) && !(exception !== undefined && isInside(path, exception)))
      return `${path} lies in ${each}, which may not be shared`;
  }
  return undefined;
}

function forbiddenPaths({ home, dataDirectory, modelsDirectory, socketPath }: ForbiddenPlaces): string[] {
  return [
    ...PRIVATE_HOME.map((name) => join(home, name)),
    ...SYSTEM,
    dataDirectory,
    modelsDirectory,
    ...(socketPath === undefined || socketPath.startsWith('//') ? [] : [socketPath]),
    '/var/run/docker.sock',
    '/run/docker.sock',
    '/run/containerd',
  ];
}

/** The path without symbolic links as far as it exists. */
function resolved(path: string): string {
  const real = realOf(path);
  if (real !== undefined) return real;
  const parent = dirname(path);
  return parent === path ? path : join(resolved(parent), path.slice(parent.length));
}

const fold = (each: string): string => (process.platform === 'linux' ? each : each.toLowerCase());

/** True for the folder itself and all below it; without regard to case where file systems have none. */
function isInside(path: string, folder: string): boolean {
  const way = relative(fold(folder), fold(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
