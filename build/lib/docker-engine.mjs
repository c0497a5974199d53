// @ts-check
import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './commands.mjs';
import { compiledCode, node24 } from './paths.mjs';
import { programOnPath } from './system-packages.mjs';

/*
 * Docker for the sandbox: whether one is there, and one of our own for tests. Ours has its own data, socket and process group, opens no network, and ends
 * with the tests. The app itself never installs or starts Docker.
 */

const ROOT = 0;
const ANSWER_MS = 3_000;
const START_MS = 40_000;
const END_MS = 20_000;
/** debootstrap on two busy cores, the first time only. */
const IMAGE_MS = 12 * 60_000;

/**
 * The engine that the app would use; `version` is missing where it does not answer. The places are those of src-main/platform/docker/engine.ts.
 * @param {NodeJS.ProcessEnv} [variables]
 * @returns {Promise<{ host: string, version?: string } | undefined>}
 */
export async function findEngine(variables = process.env) {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(variables['DOCKER_HOST'] ?? '')?.[1] ?? usualSocket();
  if (socket === undefined) return undefined;
  const host = `${process.platform === 'win32' ? 'npipe' : 'unix'}://${socket}`;
  const version = await askVersion(socket);
  if (version !== undefined) return { host, version };
  // A named pipe that does not answer is one that is not there.
  return process.platform === 'win32' ? undefined : { host };
}

function usualSocket() {
  if (process.platform === 'win32') return '//./pipe/docker_engine';
  return [
    '/var/run/docker.sock',
    `/run/user/${process.getuid?.() ?? 0}/docker.sock`,
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
    join(homedir(), '.colima/default/docker.sock'),
  ].find((path) => existsSync(path));
}

/** @param {string} socketPath @returns {Promise<string | undefined>} */
function askVersion(socketPath) {
  return new Promise((resolve) => {
    const request = get({ socketPath, path: '/version', timeout: ANSWER_MS }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        try {
          resolve(JSON.parse(text).Version);
        } catch {
          resolve(undefined);
        }
      });
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

/** What a person types, or does. @param {boolean} isInstalled */
export function howToGetDocker(isInstalled) {
  if (process.platform !== 'linux')
    return isInstalled ? 'Start Docker Desktop.' : 'Install Docker Desktop: https://docs.docker.com/get-started/get-docker/';
  return isInstalled
    ? 'Run sudo systemctl start docker; if it runs, your user may not use it: sudo usermod -aG docker $USER, then sign in again.'
    : 'Install it, on Debian and Ubuntu with sudo apt-get install docker.io; then sudo usermod -aG docker $USER and sign in again.';
}

/** Docker's daemon needs root and Linux. */
export const mayStartEngine = () => process.platform === 'linux' && process.getuid?.() === ROOT;

/**
 * The engine for a test run, with the sandbox's image in it: the one that is there, else one of our own.
 * @typedef {{ env: NodeJS.ProcessEnv, problem: string | undefined, close: () => Promise<void> }} TestEngine
 * @param {import('./paths.mjs').Paths} paths
 * @returns {Promise<TestEngine>}
 */
export async function openTestEngine(paths) {
  const found = await findEngine();
  if (found?.version !== undefined) return withImage(paths, found.host, async () => {});
  if (!mayStartEngine()) return withoutEngine('they need Docker, or root on Linux to start one');
  if (!programOnPath('dockerd')) return withoutEngine('dockerd is not installed');
  try {
    const { host, close } = await startEngine(join(paths.cache, 'docker-for-tests'));
    return await withImage(paths, host, close);
  } catch (error) {
    return withoutEngine(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} problem @returns {TestEngine} */
const withoutEngine = (problem) => ({ env: { OPENCLAW_NO_DOCKER: problem }, problem, close: async () => {} });

/**
 * @param {import('./paths.mjs').Paths} paths
 * @param {string} host
 * @param {() => Promise<void>} close
 * @returns {Promise<TestEngine>}
 */
async function withImage(paths, host, close) {
  const room = await prepare(paths, host, 'sandbox');
  if (room.code !== 0) {
    await close();
    return withoutEngine(`the image of the sandbox was not built: ${room.lastLine}`);
  }
  const exchange = await prepare(paths, host, 'phone');
  const lacking = exchange.code === 0 ? undefined : `the image of the telephone exchange was not built: ${exchange.lastLine}`;
  return { env: { DOCKER_HOST: host, ...(lacking === undefined ? {} : { OPENCLAW_NO_ASTERISK: lacking }) }, problem: lacking, close };
}

/**
 * Builds an image before the tests that need it, so that none of them waits for that.
 * @param {import('./paths.mjs').Paths} paths
 * @param {string} host
 * @param {'sandbox' | 'phone'} entry
 */
async function prepare(paths, host, entry) {
  const data = join(paths.cache, 'docker-for-tests', 'pins');
  const { code, tail } = await runCommand(node24(paths.root), [join(paths.root, 'src-main', `${entry}.node.ts`), 'prepare'], {
    env: { ...compiledCode(paths), DOCKER_HOST: host, OPENCLAW_DATA_DIR: data, OPENCLAW_CACHE_DIR: paths.cache },
    timeoutMs: IMAGE_MS,
    onLine: (line) => console.log(line),
  });
  return { code, lastLine: tail.split('\n').at(-1) };
}

/**
 * A daemon of our own. Its data stays, so that the image is built once.
 * @param {string} folder
 * @returns {Promise<{ host: string, close: () => Promise<void> }>}
 */
export async function startEngine(folder) {
  await mkdir(folder, { recursive: true });
  // Short: a socket's path has a limit of 107 bytes.
  const run = await mkdtemp(join(tmpdir(), 'openclaw-docker-'));
  const socket = join(run, 'docker.sock');
  const log = openSync(join(run, 'log'), 'a');
  const daemon = spawn(
    'dockerd',
    [
      `--data-root=${join(folder, 'data')}`,
      `--exec-root=${join(run, 'exec')}`,
      `--pidfile=${join(run, 'pid')}`,
      `--host=unix://${socket}`,
      '--iptables=false',
      '--bridge=none',
      `--storage-driver=${await storageDriver(folder)}`,
    ],
    { stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    daemon.once('error', () => resolve());
    daemon.once('exit', () => resolve());
  });
  const signal = (/** @type {NodeJS.Signals} */ name) => {
    try {
      if (daemon.pid !== undefined) process.kill(-daemon.pid, name);
    } catch {
      // It is gone, and its containerd with it.
    }
  };
  const endNow = () => signal('SIGKILL');
  process.once('exit', endNow);
  const close = async () => {
    process.off('exit', endNow);
    // To the daemon alone: it ends its containers and its containerd in order.
    daemon.kill('SIGTERM');
    await Promise.race([ended, pause(END_MS)]);
    signal('SIGKILL');
    await rm(run, { recursive: true, force: true }).catch(() => {});
  };
  for (
    const untilMs = Date.now() + START_MS;
    Date.now() < untilMs && daemon.exitCode === null && daemon.pid !== undefined;
    await pause(100)
  )
    if ((await askVersion(socket)) !== undefined) return { host: `unix://${socket}`, close };
  const words = await readFile(join(run, 'log'), 'utf8').catch(() => '');
  await close();
  throw new Error(`dockerd does not start: ${words.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? 'it said nothing'}`);
}

/** overlay2 where a layer can lie on this disk; inside a container's own overlay only copies work. @param {string} folder */
async function storageDriver(folder) {
  const { output } = await runCommand('stat', ['-f', '-c', '%T', folder]);
  return output.trim() === 'overlayfs' ? 'vfs' : 'overlay2';
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
