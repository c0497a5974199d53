// @ts-check
import { existsSync, statSync } from 'node:fs';
import { access, constants, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runCommand } from './commands.mjs';
import { findEngine, howToGetDocker } from './docker-engine.mjs';
import { compiler, installCommand, missingParts, windowLibraries } from './system-packages.mjs';
import { probeElectron, readRuntime } from './electron-runtime.mjs';
import { freeBytes, sha256OfFile, sizeOfFile } from './files.mjs';
import { formatBytes } from './format.mjs';
import { chromiumSandbox } from './launch.mjs';
import { isNodeNewEnough, OLDEST_NODE } from './node-version.mjs';
import { hasScreen, node24 } from './paths.mjs';
import { needsOwnBinding, tryBinding, tryOpen } from './sqlite-binding.mjs';
import { appStep } from './step-app.mjs';
import { RETRY_ELECTRON } from './step-electron.mjs';
import { filesHere, starterModels } from './step-models.mjs';
import { packagesStep } from './step-packages.mjs';

/**
 * What a check found. `ok` false = broken; `needed` = OpenClaw Desktop cannot be used without it, so doctor ends with an error.
 * @typedef {{ part: string, ok: boolean, needed: boolean, summary: string, repair?: string }} Finding
 * @typedef {(paths: import('./paths.mjs').Paths) => Promise<Finding | Finding[]>} Check
 */

const SETUP = 'npm run setup';
/** Below this an evening of conversations or the next model may not fit. */
const LOW_DISK_BYTES = 1e9;

/** @param {string} part @param {string} summary @returns {Finding} */
const fine = (part, summary) => ({ part, ok: true, needed: false, summary });
/** @param {string} part @param {string} summary @param {string} repair @returns {Finding} */
const broken = (part, summary, repair) => ({ part, ok: false, needed: true, summary, repair });
/** Something is missing that the rest works without. @param {string} part @param {string} summary @param {string} repair @returns {Finding} */
const missing = (part, summary, repair) => ({ part, ok: false, needed: false, summary, repair });

/** @type {Check} */
async function nodeForScripts() {
  return isNodeNewEnough(process.versions.node)
    ? fine('node', `Node ${process.versions.node} runs the scripts.`)
    : broken('node', `Node ${process.versions.node} is too old for the scripts.`, `Install Node ${OLDEST_NODE.join('.')} or newer.`);
}

/** @type {Check} */
async function npmPackages(paths) {
  if ((await packagesStep(paths).check()) !== undefined)
    return broken('packages', 'npm packages are missing or of another version.', `Run ${SETUP}.`);
  const { code, output } = await runCommand(node24(paths.root), ['--version'], { timeoutMs: 10_000 });
  return code === 0
    ? fine('packages', `All npm packages are installed; the app runs on Node ${output.trim().slice(1)}.`)
    : broken('packages', 'Node 24 in node_modules does not start.', `Delete node_modules/node and run ${SETUP}.`);
}

/** @type {Check} */
async function systemLibraries() {
  const lacking = await missingParts(windowLibraries);
  return lacking.length === 0
    ? fine('system libraries', 'Everything that Electron links to is installed.')
    : missing(
        'system libraries',
        `Missing: ${lacking.map((part) => part.name).join(', ')}. The window needs them.`,
        `Run ${await installCommand(lacking)}`,
      );
}

/** @type {Check} */
async function electron(paths) {
  const runtime = readRuntime(paths);
  if (!runtime) return missing('electron', 'There is no Electron, so only the served page works.', `Run ${SETUP}.`);
  try {
    const { version, chrome } = await probeElectron(runtime.executable);
    const from = runtime.source === 'official' ? 'its own release' : 'the package registry';
    return [
      fine('electron', `Electron ${version} (Chromium ${chrome}) starts. It comes from ${from}.`),
      ...electronRelease(runtime),
      await fuses(runtime.executable),
      sandbox(runtime),
    ];
  } catch (error) {
    return missing('electron', error instanceof Error ? error.message : String(error), `Delete ${runtime.directory} and run ${SETUP}.`);
  }
}

/**
 * Says so where the registry's Electron stands in for the pinned one.
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 * @returns {Finding[]}
 */
export function electronRelease(runtime) {
  if (runtime.source === 'official') return [];
  return [
    missing(
      'electron release',
      `Electron ${runtime.wanted}, the version for daily use, could not be downloaded when this machine was set up; ${runtime.version} stands in and no longer gets security fixes.`,
      `Run ${RETRY_ELECTRON} where its release page can be reached; behind a proxy set HTTPS_PROXY, or ELECTRON_MIRROR for a mirror.`,
    ),
  ];
}

/** @param {string} executable @returns {Promise<Finding>} */
async function fuses(executable) {
  const { FuseState, FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
  const wire = await getCurrentFuseWire(executable);
  const on = Object.entries(FuseV1Options)
    .filter(([, fuse]) => typeof fuse === 'number' && wire[fuse] === FuseState.ENABLE)
    .map(([name]) => name);
  return fine('electron fuses', `On in this development copy: ${on.join(', ') || 'none'}. A packaged app has a narrower set.`);
}

/** @param {import('./electron-runtime.mjs').ElectronRuntime} runtime @returns {Finding} */
function sandbox(runtime) {
  const state = chromiumSandbox(runtime);
  return state.works
    ? fine('electron sandbox', "Chromium's sandbox works.")
    : missing('electron sandbox', "Chromium's sandbox cannot work here; the window starts with --no-sandbox.", state.reason);
}

/** @type {Check} */
async function sqlite(paths) {
  const inNode = await tryOpen(paths.root, node24(paths.root));
  if (inNode !== undefined)
    return broken('sqlite', `SQLite opens no database in Node 24: ${inNode}`, `Delete node_modules/better-sqlite3 and run ${SETUP}.`);
  const runtime = readRuntime(paths);
  if (!runtime) return fine('sqlite', 'A database opens in Node 24.');
  const inElectron = await tryBinding(paths, runtime);
  if (inElectron === undefined) return fine('sqlite', `A database opens in Node 24 and in Electron ${runtime.version}.`);
  const lacking = needsOwnBinding(runtime) ? await missingParts(compiler) : [];
  return missing(
    'sqlite',
    `SQLite opens no database in Electron ${runtime.version}, so the window does not start: ${inElectron.split('\n').at(-1)}`,
    lacking.length > 0 ? `Run ${await installCommand(lacking)} and then ${SETUP}.` : `Run ${SETUP}.`,
  );
}

/** @type {Check} */
async function models(paths) {
  return Promise.all(
    starterModels(paths.root).map(async (model) => {
      const part = `model ${model.id}`;
      const repair = `Run ${SETUP}, or fetch it on the Models page.`;
      for (const file of filesHere(model)) {
        const path = join(paths.models, model.id, file.path);
        if (file.kind === 'folder') {
          if (!existsSync(path)) return missing(part, `${file.path} is missing.`, repair);
        } else if (sizeOfFile(path) < 0) return missing(part, `${file.path} is missing.`, repair);
        else if (sizeOfFile(path) !== file.sizeBytes) return missing(part, `${file.path} is incomplete.`, repair);
        else if (file.sha256 !== undefined && (await sha256OfFile(path)) !== file.sha256)
          return missing(
            part,
            `${file.path} has another checksum than it should.`,
            `Delete ${path}, then ${repair.charAt(0).toLowerCase()}${repair.slice(1)}`,
          );
      }
      return fine(part, `${model.name} is complete and unchanged.`);
    }),
  );
}

/** @type {Check} */
async function app(paths) {
  return (await appStep(paths).check()) === undefined
    ? fine('app', 'The built app is up to date.')
    : missing('app', 'The app is not built from these sources yet.', `Run ${SETUP}.`);
}

/** @type {Check} */
async function disk(paths) {
  return [...new Set([paths.data, paths.cache])].map((folder) => {
    const free = freeBytes(folder);
    return free > LOW_DISK_BYTES
      ? fine('disk', `${formatBytes(free)} free at ${folder}.`)
      : missing(
          'disk',
          `Only ${formatBytes(free)} are free at ${folder}.`,
          'Make room: conversations need little, but nothing can be fetched.',
        );
  });
}

/** @type {Check} */
async function dataDirectory(paths) {
  const probe = join(paths.data, `.doctor-${process.pid}`);
  try {
    await mkdir(paths.data, { recursive: true });
    await writeFile(probe, 'x');
    await rm(probe);
    return fine('data directory', `${paths.data} can be written.`);
  } catch (error) {
    return broken(
      'data directory',
      `${paths.data} cannot be written (${error instanceof Error ? error.message : error}).`,
      'Give it to the user who runs OpenClaw Desktop, or set OPENCLAW_DATA_DIR.',
    );
  }
}

/** @type {Check} */
async function keyFile(paths) {
  const path = join(paths.data, 'keys.json');
  if (!existsSync(path)) return fine('keys', 'No key file yet; it is made at the first start.');
  const mode = statSync(path).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    return broken('keys', `${path} can be read by other users (mode ${mode.toString(8)}).`, `Run chmod 600 '${path}'`);
  try {
    await access(path, constants.R_OK | constants.W_OK);
    const { protection } = JSON.parse(await readFile(path, 'utf8'));
    return fine(
      'keys',
      protection === 'system'
        ? 'The key is kept by the system.'
        : 'The key lies in a file that only you can read; this system offers no key store.',
    );
  } catch {
    return broken('keys', `${path} cannot be read.`, 'Start OpenClaw Desktop: it puts the copy beside it in its place.');
  }
}

/** @type {Check} */
async function screen() {
  return hasScreen()
    ? fine('screen', 'There is a screen for the window.')
    : fine('screen', 'There is no screen: npm start serves the page for a browser.');
}

/** @type {Check} */
async function audio() {
  if (process.platform !== 'linux') return fine('audio', 'The system brings its own sound.');
  const cards = existsSync('/proc/asound/cards') ? await readFile('/proc/asound/cards', 'utf8') : '';
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? '';
  const server = ['pipewire-0', 'pulse/native'].some((name) => runtime !== '' && existsSync(join(runtime, name)));
  return /^ *\d+ \[/m.test(cards) || server
    ? fine('audio', server ? 'A sound server runs.' : 'There is a sound card.')
    : missing(
        'audio',
        'There is no sound card and no sound server here.',
        'Connect one; without it you can type, use a browser on another machine, or npm run talk with files.',
      );
}

/** @type {Check} */
async function loopback() {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve(
        broken(
          'loopback',
          `Nothing can listen on 127.0.0.1 (${error.message}).`,
          'Allow local connections in the firewall or the container.',
        ),
      ),
    );
    server.listen(0, '127.0.0.1', () => server.close(() => resolve(fine('loopback', 'Local connections work.'))));
  });
}

/** @type {Check} */
async function docker() {
  const found = await findEngine();
  return found?.version === undefined
    ? missing(
        'docker',
        found === undefined
          ? 'There is no Docker, so commands of the assistant cannot run; everything else works.'
          : `Docker at ${found.host} does not answer, so commands of the assistant cannot run; everything else works.`,
        howToGetDocker(found !== undefined),
      )
    : fine('docker', `Docker ${found.version} answers at ${found.host}; npm run sandbox -- status says more.`);
}

/** In the order in which a person would mend them. @type {readonly Check[]} */
export const doctorChecks = [
  nodeForScripts,
  npmPackages,
  systemLibraries,
  electron,
  sqlite,
  models,
  app,
  disk,
  dataDirectory,
  keyFile,
  screen,
  audio,
  loopback,
  docker,
];

/**
 * Runs all checks; one that breaks is itself a finding.
 * @param {import('./paths.mjs').Paths} paths
 * @param {readonly Check[]} [checks]
 * @returns {Promise<Finding[]>}
 */
export async function examine(paths, checks = doctorChecks) {
  const findings = await Promise.all(
    checks.map(async (check) => {
      try {
        return await check(paths);
      } catch (error) {
        return broken(
          check.name,
          `The check itself failed: ${error instanceof Error ? error.message : error}`,
          `Run ${SETUP} and doctor again.`,
        );
      }
    }),
  );
  return findings.flat();
}
