// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from './commands.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * The Electron that this machine uses, as set-up has recorded it in the cache directory. start, test, package and doctor read it.
 * @typedef {object} ElectronRuntime
 * @property {string} wanted Version that package.json pins.
 * @property {string} version Version that is here.
 * @property {'official' | 'registry'} source
 * @property {string} directory
 * @property {string} executable
 * @property {string} node Node version inside.
 * @property {number} napi Highest Node-API version; below 10 better-sqlite3 needs a binding of its own.
 * @property {string} chrome
 */

/** @param {{ cache: string }} paths */
export const runtimeRecordFile = (paths) => join(paths.cache, 'electron', 'runtime.json');

/** The runtime in use, or undefined where there is none (any more). @param {{ cache: string }} paths @returns {ElectronRuntime | undefined} */
export function readRuntime(paths) {
  try {
    const runtime = /** @type {ElectronRuntime} */ (JSON.parse(readFileSync(runtimeRecordFile(paths), 'utf8')));
    return existsSync(runtime.executable) ? runtime : undefined;
  } catch {
    return undefined;
  }
}

/** @param {{ cache: string }} paths @param {ElectronRuntime} runtime */
export async function recordRuntime(paths, runtime) {
  const file = runtimeRecordFile(paths);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(runtime, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** Path of the program inside an unpacked Electron. @param {string} directory @param {NodeJS.Platform} [platform] */
export function executableIn(directory, platform = process.platform) {
  if (platform === 'win32') return join(directory, 'electron.exe');
  if (platform === 'darwin') return join(directory, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return join(directory, 'electron');
}

/**
 * Starts the program as plain Node and asks for its versions: proof that it runs here, system libraries and all.
 * @param {string} executable
 */
export async function probeElectron(executable) {
  const { code, output, tail } = await runCommand(executable, ['-p', 'JSON.stringify(process.versions)'], {
    env: { ELECTRON_RUN_AS_NODE: '1' },
    timeoutMs: 60_000,
  });
  const missing = /(\S+\.so[.\d]*): cannot open shared object file/.exec(output)?.[1];
  if (missing)
    throw new SetupError(
      'electron.missing-library',
      `Electron cannot start because the system library ${missing} is missing: install the packages that npm run doctor names and run set-up again.`,
    );
  if (code !== 0) throw new SetupError('electron.does-not-start', `Electron at ${executable} does not start: run npm run doctor.\n${tail}`);
  const versions = JSON.parse(output.slice(output.indexOf('{')));
  return {
    version: String(versions.electron),
    node: String(versions.node),
    napi: Number(versions.napi),
    chrome: String(versions.chrome),
  };
}
