// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {Record<string, { dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>, dev?: boolean }>} LockedPackages By path. */

/**
 * Names of the installed production packages that a package of ours needs only through the bundle: all that cannot be reached from `external`.
 * @param {string} root
 * @param {readonly string[]} external Packages that are loaded from node_modules at run time.
 * @returns {string[]}
 */
export function bundledPackages(root, external) {
  /** @type {LockedPackages} */
  const packages = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const needed = new Set(external.map((name) => `node_modules/${name}`));
  for (const path of needed) {
    const { dependencies, optionalDependencies } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = resolvePackage(packages, path, name);
      if (found !== undefined) needed.add(found);
    }
  }
  const neededNames = new Set([...needed].map(nameOf));
  return Object.entries(packages)
    .filter(([path, entry]) => /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) && entry.dev !== true)
    .map(([path]) => nameOf(path))
    .filter((name) => !neededNames.has(name));
}

/**
 * Where a package finds another, as Node looks for it: in its own folder first, then outwards.
 * @param {LockedPackages} packages
 * @param {string} from
 * @param {string} name
 * @returns {string | undefined}
 */
function resolvePackage(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (path in packages) return path;
    if (folder === '') return undefined;
  }
}

/** @param {string} path */
function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
