// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './commands.mjs';
import { sizeOfFile } from './files.mjs';
import { node24 } from './paths.mjs';
import { proxyEnvironment } from './proxy.mjs';
import { SetupError } from './setup-error.mjs';

/*
 * Which starter models are missing is read from the manifest here, because the plan is shown before anything is installed. Fetching, hashes and
 * sources belong to the models module of the app, which runs from source under Node 24.
 */

/**
 * @typedef {{ path: string, sizeBytes: number, sha256?: string, kind?: 'folder', platforms?: string[] }} ModelFile
 * @typedef {{ id: string, name: string, packs: string[], files: ModelFile[] }} ManifestModel
 */

const STARTER = 'starter';

/** @param {string} root @returns {ManifestModel[]} */
export function starterModels(root) {
  const { models } = JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8'));
  return models.filter((/** @type {ManifestModel} */ model) => model.packs.includes(STARTER));
}

/** Files of a model that this platform uses. @param {ManifestModel} model */
export function filesHere(model, platform = `${process.platform}-${process.arch}`) {
  return model.files.filter((file) => file.platforms === undefined || file.platforms.includes(platform));
}

/** @param {ModelFile} file */
const isThere = ({ path, kind, sizeBytes }) => (kind === 'folder' ? existsSync(path) : sizeOfFile(path) === sizeBytes);

/**
 * @param {import('./paths.mjs').Paths} paths
 * @returns {import('./setup.mjs').Step}
 */
export function modelsStep(paths) {
  const files = () =>
    starterModels(paths.root).flatMap((model) =>
      filesHere(model).map((file) => ({ ...file, path: join(paths.models, model.id, file.path) })),
    );
  return {
    id: 'models',
    title: 'Starter models',
    check: async () => {
      const missing = files().filter((file) => !isThere(file));
      return missing.length === 0 ? undefined : { bytes: missing.reduce((sum, file) => sum + file.sizeBytes, 0), seconds: 10 };
    },
    run: async (progress) => {
      /** @type {string[]} */
      const failures = [];
      const { code, tail } = await runCommand(
        node24(paths.root),
        [join(paths.root, 'src-main', 'inference', 'models', 'models-command.ts'), 'install', '--pack', STARTER, '--json'],
        {
          cwd: paths.root,
          env: { OPENCLAW_DATA_DIR: paths.data, OPENCLAW_MODELS_DIR: paths.models, OPENCLAW_CACHE_DIR: paths.cache, ...proxyEnvironment() },
          onLine: (line) => readLine(line, progress, failures),
        },
      );
      if (code !== 0)
        throw new SetupError(
          'models.install',
          failures.join(' ') || `The starter models could not be fetched: run npm run doctor.\n${tail}`,
        );
    },
    proof: async () =>
      files()
        .filter((file) => file.kind !== 'folder')
        .map(({ path }) => path),
  };
}

/**
 * One line of the command's output, see models-command.ts.
 * @param {string} line
 * @param {import('./report.mjs').Progress} progress
 * @param {string[]} failures
 */
function readLine(line, progress, failures) {
  if (!line.startsWith('{')) return;
  const event = JSON.parse(line);
  if (event.type === 'progress') progress({ done: event.doneBytes, total: event.totalBytes, unit: 'bytes', note: event.modelId });
  if (event.type === 'error') failures.push(event.message);
}
