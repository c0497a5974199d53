// @ts-check
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Folders that set-up writes to. The first three are the same as in src-main/platform/config/environment.ts (a test keeps them equal;
 * set-up cannot import it, because it must run before anything is installed).
 * @typedef {object} Paths
 * @property {string} root The checkout.
 * @property {string} data Store, settings, keys, models.
 * @property {string} models One folder per model id.
 * @property {string} cache What can be fetched or built again: Electron runtimes, partial downloads, the SQLite binding.
 */

const APP = 'openclaw-desktop';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * @param {NodeJS.ProcessEnv} [variables]
 * @param {NodeJS.Platform} [platform]
 * @returns {Paths}
 */
export function readPaths(variables = process.env, platform = process.platform) {
  const data = variables['OPENCLAW_DATA_DIR'] ?? join(platformFolder(variables, platform, 'data'), APP);
  return {
    root: repositoryRoot,
    data,
    models: variables['OPENCLAW_MODELS_DIR'] ?? join(data, 'models'),
    cache: variables['OPENCLAW_CACHE_DIR'] ?? join(platformFolder(variables, platform, 'cache'), APP),
  };
}

/**
 * @param {NodeJS.ProcessEnv} variables
 * @param {NodeJS.Platform} platform
 * @param {'data' | 'cache'} kind
 */
function platformFolder(variables, platform, kind) {
  if (platform === 'win32')
    return variables[kind === 'data' ? 'APPDATA' : 'LOCALAPPDATA'] ?? join(homedir(), 'AppData', kind === 'data' ? 'Roaming' : 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', kind === 'data' ? 'Application Support' : 'Caches');
  return kind === 'data'
    ? (variables['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'))
    : (variables['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'));
}

/** True where a window can be opened. @param {NodeJS.ProcessEnv} [variables] @param {NodeJS.Platform} [platform] */
export function hasScreen(variables = process.env, platform = process.platform) {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(variables['DISPLAY'] || variables['WAYLAND_DISPLAY']);
}

/** Tests open their windows on a screen in memory, not on the owner's, where the system has such a thing. @param {NodeJS.Platform} [platform] */
export function hasVirtualScreen(platform = process.platform) {
  return platform !== 'win32' && platform !== 'darwin';
}

/**
 * Where Node keeps the compiled form of what it runs, its own and its workers': starting takes half the time. It checks the sources itself.
 * @param {Paths} paths
 * @returns {NodeJS.ProcessEnv}
 */
export function compiledCode(paths) {
  return { NODE_COMPILE_CACHE: join(paths.cache, 'compiled') };
}

/** The Node 24 that `npm ci` has placed; everything of ours except set-up itself runs on it. @param {string} root */
export function node24(root) {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
