// @ts-check
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRuntime } from './electron-runtime.mjs';
import { sizeOfFile } from './files.mjs';
import { bindingEnvironment, bindingFile, needsOwnBinding } from './sqlite-binding.mjs';

const ROOT = 0;

/**
 * Whether Chromium's sandbox can work for this Electron, and if not, why and what helps. It needs either unprivileged user namespaces or the
 * set-uid helper beside the program; Chromium refuses to start as root with it.
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 * @param {{ platform?: NodeJS.Platform, userId?: number | undefined, namespaces?: boolean }} [machine]
 * @returns {{ works: true } | { works: false, reason: string }}
 */
export function chromiumSandbox(runtime, { platform = process.platform, userId = process.getuid?.(), namespaces = userNamespaces() } = {}) {
  if (platform !== 'linux') return { works: true };
  if (userId === ROOT)
    return { works: false, reason: "Chromium's sandbox does not work for root: start OpenClaw Desktop as an ordinary user to have it." };
  if (namespaces || hasSetUidHelper(runtime.directory)) return { works: true };
  const helper = join(runtime.directory, 'chrome-sandbox');
  return {
    works: false,
    reason: `Chromium's sandbox is off because this system forbids user namespaces; to have it, run: sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
  };
}

/** The kernel's three switches, each absent where the kernel does not have it. */
function userNamespaces() {
  return (
    readNumber('/proc/sys/user/max_user_namespaces', 1) > 0 &&
    readNumber('/proc/sys/kernel/unprivileged_userns_clone', 1) === 1 &&
    readNumber('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', 0) === 0
  );
}

/** @param {string} file @param {number} otherwise */
function readNumber(file, otherwise) {
  return existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : otherwise;
}

/** @param {string} directory */
function hasSetUidHelper(directory) {
  const stats = statSync(join(directory, 'chrome-sandbox'), { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === ROOT && (stats.mode & 0o4000) !== 0;
}

/**
 * Why the window cannot open although there is a screen, as a sentence that says what happens instead; undefined = it can.
 * @param {import('./paths.mjs').Paths} paths
 * @param {import('./electron-runtime.mjs').ElectronRuntime | undefined} runtime
 * @returns {string | undefined}
 */
export function windowObstacle(paths, runtime) {
  if (runtime === undefined) return 'There is no Electron to open the window with, so the page is served instead.';
  // It would come up and crash at the first look into the store.
  if (needsOwnBinding(runtime) && sizeOfFile(bindingFile(paths, runtime)) <= 0)
    return `Electron ${runtime.version} cannot open the store, because the SQLite binding made for it is missing, so the page is served instead: npm run doctor says how to have the window.`;
  return undefined;
}

/**
 * How the window is started from this checkout: program, arguments before our own, and what is added to the environment.
 * @param {import('./paths.mjs').Paths} paths
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 */
export function windowLaunch(paths, runtime) {
  const sandbox = chromiumSandbox(runtime);
  return {
    executable: runtime.executable,
    args: [...(sandbox.works ? [] : ['--no-sandbox']), paths.root],
    env: bindingEnvironment(paths, runtime),
    notice: sandbox.works ? undefined : sandbox.reason,
  };
}

/**
 * What test runs need: the screen in memory where one was opened, and the SQLite binding for the Electron that end-to-end tests start (it works
 * in Node 24 as well).
 * @param {import('./paths.mjs').Paths} paths
 * @param {string | undefined} display
 * @returns {NodeJS.ProcessEnv}
 */
export function testEnvironment(paths, display) {
  return { ...(display === undefined ? {} : { DISPLAY: display }), ...bindingEnvironment(paths, readRuntime(paths)) };
}
