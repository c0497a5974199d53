// @ts-check
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mustRun, runCommand } from './commands.mjs';
import { lockedVersion } from './locked-version.mjs';
import { node24 } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/*
 * better-sqlite3's ready-made binary speaks Node-API 10; an Electron that speaks less (33 has 9) crashes when it loads it. The same sources
 * compiled against the experimental interface of that Node run there. The result lies in the cache, never in node_modules, and
 * OPENCLAW_SQLITE_BINDING points the store to it. Remove this together with electron-registry.mjs.
 */

const ORIGINAL_DEFINE = `'NAPI_VERSION=10'`;
const EXPERIMENTAL_DEFINES = `'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NO_WARNING', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'`;
/** Name of the link to Node's headers in the folder where the binding is compiled. */
const HEADERS = 'headers';
/** Lowest Node-API with which the ready-made binary works. */
const NATIVE_NAPI = 10;

/** @param {{ napi: number } | undefined} runtime */
export const needsOwnBinding = (runtime) => runtime !== undefined && runtime.napi < NATIVE_NAPI;

/**
 * Where the binding for this runtime lies (or will lie): by version, platform and recipe.
 * @param {{ root: string, cache: string }} paths
 * @param {{ napi: number }} runtime
 */
export function bindingFile(paths, runtime) {
  const version = lockedVersion(paths.root, 'better-sqlite3');
  const recipe = createHash('sha256').update(EXPERIMENTAL_DEFINES).digest('hex').slice(0, 8);
  return join(paths.cache, 'sqlite', `${version}-${process.platform}-${process.arch}-napi${runtime.napi}-${recipe}`, 'better_sqlite3.node');
}

/**
 * The environment that makes the store load the right binding; empty where the ready-made one is right.
 * @param {{ root: string, cache: string }} paths
 * @param {{ napi: number } | undefined} runtime
 * @returns {NodeJS.ProcessEnv}
 */
export function bindingEnvironment(paths, runtime) {
  return runtime !== undefined && needsOwnBinding(runtime) ? { OPENCLAW_SQLITE_BINDING: bindingFile(paths, runtime) } : {};
}

/**
 * Compiles the binding (about a minute on two cores) and proves it by opening a database in the runtime itself.
 * @param {{ root: string, cache: string }} paths
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 */
export async function buildBinding(paths, runtime) {
  const target = bindingFile(paths, runtime);
  // Not in the cache: make cannot cope with a space anywhere in a path, and homes have them.
  const work = await mkdtemp(join(tmpdir(), 'openclaw-sqlite-'));
  try {
    await copySources(join(paths.root, 'node_modules'), work);
    await mustRun(
      node24(paths.root),
      [
        join(paths.root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
        'rebuild',
        '--release',
        '--force_build=1',
        '--jobs=max',
        `--nodedir=${join(work, HEADERS)}`,
      ],
      {
        cwd: work,
        code: 'sqlite.build',
        sentence:
          'The SQLite binding could not be compiled: install a C++ compiler, make and Python 3 (npm run doctor names them) and run set-up again.',
      },
    );
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(work, 'build', 'Release', 'better_sqlite3.node'), `${target}.new`);
    await rename(`${target}.new`, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const problem = await tryBinding(paths, runtime);
  if (problem === undefined) return;
  await rm(target, { force: true });
  throw new SetupError(
    'sqlite.binding',
    `The SQLite binding was compiled but opens no database in Electron ${runtime.version}: report this.\n${problem}`,
  );
}

/** Everything that the compiler reads, in one folder without spaces in its path. @param {string} modules @param {string} work */
async function copySources(modules, work) {
  const source = join(modules, 'better-sqlite3');
  await symlink(headersFolder(modules), join(work, HEADERS));
  await cp(join(modules, 'node-addon-api'), join(work, 'node_modules', 'node-addon-api'), { recursive: true });
  for (const part of ['binding.gyp', 'package.json', 'lib', 'src', 'deps'])
    await cp(join(source, part), join(work, part), { recursive: true });
  const recipe = await readFile(join(work, 'binding.gyp'), 'utf8');
  if (!recipe.includes(ORIGINAL_DEFINE))
    throw new SetupError(
      'sqlite.recipe',
      'This version of better-sqlite3 is built in a way that set-up does not know: install the version in package-lock.json (npm ci).',
    );
  await writeFile(join(work, 'binding.gyp'), recipe.replace(ORIGINAL_DEFINE, EXPERIMENTAL_DEFINES));
}

/** Node's C headers come with the npm package that brings Node 24; elsewhere node-gyp looks beside the Node that runs it. @param {string} modules */
function headersFolder(modules) {
  const packaged = join(modules, 'node', 'node_modules', `node-${process.platform}-${process.arch}`);
  return existsSync(join(packaged, 'include', 'node', 'node_api.h')) ? packaged : dirname(dirname(process.execPath));
}

/**
 * Opens a real database in memory inside the runtime, with the binding that the store would use there. Undefined = it works, else what happened.
 * @param {{ root: string, cache: string }} paths
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 */
export async function tryBinding(paths, runtime) {
  const options = needsOwnBinding(runtime) ? { nativeBinding: bindingFile(paths, runtime) } : {};
  return tryOpen(paths.root, runtime.executable, options, { ELECTRON_RUN_AS_NODE: '1' });
}

/**
 * The same for any program that runs JavaScript as Node does.
 * @param {string} root
 * @param {string} program
 * @param {{ nativeBinding?: string }} [options]
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function tryOpen(root, program, options = {}, env = {}) {
  const script = `
    const Database = require(${JSON.stringify(join(root, 'node_modules', 'better-sqlite3'))});
    const database = new Database(':memory:', ${JSON.stringify(options)});
    database.exec("create virtual table t using fts5(x); insert into t values ('hello')");
    const row = database.prepare("select count(*) as n from t where t match 'hello'").get();
    console.log(row.n === 1 ? 'opens' : 'wrong answer');
  `;
  const { code, output, tail } = await runCommand(program, ['-e', script], { env, timeoutMs: 30_000 });
  return code === 0 && output.includes('opens') ? undefined : tail || `ended with code ${code}`;
}
