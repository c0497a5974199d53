// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { download } from './download.mjs';
import { executableIn } from './electron-runtime.mjs';
import { landFolder, requireSpace } from './files.mjs';
import { node24 } from './paths.mjs';
import { downloadThroughProxy, proxyEnvironment } from './proxy.mjs';
import { SetupError } from './setup-error.mjs';
import { unzip } from './zip.mjs';

/*
 * Electron's own release, fetched by us rather than by the electron package's install script: theirs starts over when it breaks off and
 * shows nothing on the way. Version and sha256 come from the installed package; mirrors are found where that script looks for them.
 */

const RELEASES = 'https://github.com/electron/electron/releases/download/';
/** A release unpacked, on the largest platform; for the space check. */
const UNPACKED_BYTES = 350e6;

/** @param {string} root */
export const pinnedElectronVersion = (root) => String(readJson(join(root, 'node_modules', 'electron', 'package.json'))['version']);

/**
 * @param {string} version
 * @param {NodeJS.ProcessEnv} variables
 * @param {string} platform
 * @param {string} arch
 */
export function officialArchive(version, variables, platform, arch) {
  const mirror =
    variables['npm_config_electron_mirror'] ?? variables['NPM_CONFIG_ELECTRON_MIRROR'] ?? variables['ELECTRON_MIRROR'] ?? RELEASES;
  const fileName = `electron-v${version}-${platform}-${arch}.zip`;
  return { fileName, url: `${mirror.replace(/\/?$/, '/')}v${version}/${fileName}` };
}

/**
 * Fetches and unpacks the pinned release into the cache and returns the program's path. The errors are those of `download`, and
 * `electron.no-release` where Electron is not made for this platform.
 * @param {{ root: string, cache: string }} paths
 * @param {import('./report.mjs').Progress} progress
 * @param {{ variables?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, arch?: string, node?: string, connectTimeoutMs?: number }} [machine]
 */
export async function installOfficialElectron(paths, progress, machine = {}) {
  const {
    variables = process.env,
    platform = process.platform,
    arch = process.arch,
    node = node24(paths.root),
    connectTimeoutMs = 5_000,
  } = machine;
  const version = pinnedElectronVersion(paths.root);
  const { fileName, url } = officialArchive(version, variables, platform, arch);
  const sha256 = readJson(join(paths.root, 'node_modules', 'electron', 'checksums.json'))[fileName];
  if (typeof sha256 !== 'string')
    throw new SetupError(
      'electron.no-release',
      `There is no Electron ${version} for ${platform} on ${arch}: use npm run serve and a browser.`,
    );
  const directory = join(paths.cache, 'electron', `official-${version}-${platform}-${arch}`);
  const executable = executableIn(directory, platform);
  // It lands by rename, so it is whole; it is not recorded yet if a system library kept it from starting.
  if (existsSync(executable)) return { directory, executable };
  const archive = join(paths.cache, 'downloads', fileName);
  const wanted = { url, file: archive, sha256, what: `Electron ${version}`, connectTimeoutMs };
  const onProgress = (/** @type {number} */ done, /** @type {number} */ total) => progress({ done, total, unit: 'bytes' });
  const behindProxy = Object.keys(proxyEnvironment(variables)).length > 0;
  await (behindProxy ? downloadThroughProxy(wanted, { node, variables, onProgress }) : download({ ...wanted, onProgress }));
  requireSpace(paths.cache, UNPACKED_BYTES, `Electron ${version}`);
  const fresh = `${directory}.new-${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await unzip(archive, fresh, { onProgress: (done, total) => progress({ done, total, unit: 'bytes', note: 'unpacking' }) });
  await landFolder(fresh, directory);
  await rm(archive, { force: true });
  return { directory, executable };
}

/** @param {string} file @returns {Record<string, unknown>} */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
