// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The version of a package that `npm ci` installs here, from package-lock.json: known before anything is installed, so that the plan of a
 * first set-up can ask for it.
 * @param {string} root
 * @param {string} name
 */
export function lockedVersion(root, name) {
  return String(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages[`node_modules/${name}`].version);
}
