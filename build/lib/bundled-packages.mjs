// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Names of the installed production packages that a package of ours needs only through the bundle: all that cannot be reached from `external`.
 * @param {string} root
 * @param {readonly string[]} external Packages that are loaded from node_modules at run time.
 * @returns {string[]}
 */
export function bundledPackages(root, external) {
  /** @type {Record<string, { dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>, dev?: boolean }>} */
  const packages = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const needed = new Set(external);
  for (const name of needed) {
    const entry = packages[`node_modules/${name}`];
    for (const dependency of Object.keys({ ...entry?.dependencies, ...entry?.optionalDependencies })) needed.add(dependency);
  }
  return Object.entries(packages)
    .filter(([path, entry]) => /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) && entry.dev !== true)
    .map(([path]) => path.slice('node_modules/'.length))
    .filter((name) => !needed.has(name));
}
