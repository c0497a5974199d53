import { spawn } from 'node:child_process';
import { access, constants, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../base/log.ts';
import { readOwnerEnvironment } from '../config/index.ts';
import type { Engine } from './engine.ts';
import { codeOf, engineError, failed, imageNotBuilt } from './docker-errors.ts';

/** A registry that is in reach answers within this; one that is not must not cost a minute. */
const PULL_ANSWER_MS = 20_000;
const BUILD_MS = 15 * 60_000;
const DEBOOTSTRAP = ['/usr/sbin/debootstrap', '/sbin/debootstrap', '/usr/bin/debootstrap'];
/** Lines that debootstrap says for each package, and for the system itself: for the progress only. */
const LINES_PER_PACKAGE = 5;
/** What a program never needs at run time. */
const DISPENSABLE =
  'var/cache/apt/archives var/lib/apt/lists var/cache/apt/pkgcache.bin var/cache/apt/srcpkgcache.bin usr/share/doc usr/share/man usr/share/locale usr/share/info var/log'.split(
    ' ',
  );

/** What an image is made from, by either way. */
export interface ImageRecipe {
  /** Holds `files`. */
  folder: string;
  /** Everything that decides what is in the image; `Dockerfile` and `packages.txt` are among them. */
  files: readonly string[];
  /** Name of the image without its tag, which is made from `files`. */
  repository: string;
  /** Debian's release, for the way without a registry: `bookworm`. */
  suite: string;
  /** How many packages come, for the progress. */
  usualPackages: number;
  /** A file of the recipe that is run inside the new root file system; without one, what a program never needs is taken out. */
  script?: string;
  /** Made in the root file system. */
  directories: readonly string[];
}

export interface BuildOrder {
  engine: Engine;
  recipe: ImageRecipe;
  cacheDirectory: string;
  tag: string;
  labels: Readonly<Record<string, string>>;
  progress: (share: number) => void;
  /** Ends the build at once. */
  signal?: AbortSignal | undefined;
  log: Log;
}

/** The ordinary way: the Dockerfile, from the base image that it names by digest. */
export async function buildFromRegistry({ engine, recipe, tag, labels, progress, signal }: BuildOrder): Promise<void> {
  const { docker } = engine;
  const base = /^FROM (\S+@sha256:[0-9a-f]{64})$/m.exec(await readFile(join(recipe.folder, 'Dockerfile'), 'utf8'))?.[1];
  if (base === undefined) throw imageNotBuilt('its recipe names no base image by digest');
  progress(0.02);
  const pulling = await engine.ask(() => docker.pull(base, endedBy(signal)), PULL_ANSWER_MS);
  await followed(engine, pulling, () => progress(0.1));
  const building = await engine.ask(
    () =>
      docker.buildImage(
        { context: recipe.folder, src: [...recipe.files] },
        { t: tag, labels: { ...labels }, forcerm: true, ...endedBy(signal) },
      ),
    PULL_ANSWER_MS * 3,
  );
  await followed(engine, building, ({ stream }) => {
    const [, step, of] = /^Step (\d+)\/(\d+)/.exec(stream ?? '') ?? [];
    if (step !== undefined && of !== undefined) progress(0.2 + (0.7 * Number(step)) / Number(of));
  });
}

/** The engine ends what nobody listens to any more. A new object each time: the client takes the signal out of it. */
const endedBy = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } => (signal ? { abortSignal: signal } : {});

interface BuildLine {
  stream?: string;
  error?: string;
}

function followed(engine: Engine, stream: NodeJS.ReadableStream, onLine: (line: BuildLine) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(imageNotBuilt('it took too long')), BUILD_MS);
    engine.docker.modem.followProgress(
      stream,
      (error: Error | null) => {
        clearTimeout(late);
        if (error) reject(engineError(error));
        else resolve();
      },
      onLine,
    );
  });
}

/** Where Debian's packages are in reach and no registry is: root, and debootstrap installed. */
export async function canBuildFromPackages(): Promise<boolean> {
  return process.getuid?.() === 0 && (await debootstrapPath()) !== undefined;
}

async function debootstrapPath(): Promise<string | undefined> {
  for (const path of DEBOOTSTRAP)
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  return undefined;
}

/** The other way: Debian's own tool makes a root file system from packages whose signatures it checks; the engine takes it as an image. */
export async function buildFromPackages(order: BuildOrder): Promise<void> {
  const { recipe, cacheDirectory, progress, signal, log } = order;
  const debootstrap = await debootstrapPath();
  if (debootstrap === undefined) throw imageNotBuilt('debootstrap is not installed');
  const packages = (await readFile(join(recipe.folder, 'packages.txt'), 'utf8')).split('\n').filter((line) => /^[a-z0-9]/.test(line));
  const place = join(cacheDirectory, recipe.repository);
  await mkdir(place, { recursive: true });
  const root = await mkdtemp(join(place, 'root-'));
  try {
    let lines = 0;
    await runProgram(debootstrap, ['--variant=minbase', `--include=${packages.join(',')}`, recipe.suite, root], signal, () => {
      lines += 1;
      progress(Math.min(0.85, 0.05 + (0.8 * lines) / (recipe.usualPackages * LINES_PER_PACKAGE)));
    });
    await finishRoot(root, recipe, signal);
    progress(0.9);
    await importFolder(root, order);
    progress(1);
  } finally {
    await rm(root, { recursive: true, force: true }).catch((error: unknown) => log.warn('image.root-left', { root, error }));
  }
}

async function finishRoot(root: string, { folder, script, directories }: ImageRecipe, signal: AbortSignal | undefined): Promise<void> {
  if (script === undefined) {
    await Promise.all(DISPENSABLE.map((path) => rm(join(root, path), { recursive: true, force: true })));
    // Nothing in there may lend rights, whatever else stands in its way.
    await runProgram('find', [root, '-xdev', '-type', 'f', '-perm', '/6000', '-exec', 'chmod', 'a-s', '{}', '+'], signal);
  } else {
    await copyFile(join(folder, script), join(root, 'tmp', script));
    await runProgram('chroot', [root, '/bin/sh', `/tmp/${script}`], signal);
    await rm(join(root, 'tmp', script), { force: true });
  }
  for (const each of directories) await mkdir(join(root, each), { recursive: true });
}

async function importFolder(folder: string, { engine, tag, labels, signal }: BuildOrder): Promise<void> {
  signal?.throwIfAborted();
  const [repo = '', version = ''] = tag.split(':');
  const tar = spawn('tar', ['-C', folder, '--numeric-owner', '-c', '.'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(signal ? { signal } : {}),
  });
  const ended = new Promise<number>((resolve) => {
    tar.once('error', () => resolve(-1));
    tar.once('close', (code) => resolve(code ?? -1));
  });
  const changes = Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`);
  const answer = await engine.ask(
    () => engine.docker.importImage(tar.stdout, { repo, tag: version, changes, ...endedBy(signal) }),
    BUILD_MS,
  );
  await followed(engine, answer, () => undefined);
  if ((await ended) !== 0) throw imageNotBuilt('the root file system could not be packed');
}

/** Whoever may have to end it ends all that it has started; debootstrap then takes away what it has mounted. Rejects with the signal's reason. */
export function runProgram(
  program: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
  onLine: () => void = () => undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    // Its own mirror, proxy and certificates: what the owner has set for fetching packages.
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: readOwnerEnvironment({}),
      timeout: BUILD_MS,
      detached: signal !== undefined,
    });
    const stop = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      } catch (error) {
        // It has ended at this very moment.
        if (codeOf(error) !== 'ESRCH') reject(failed(error));
      }
    };
    signal?.addEventListener('abort', stop, { once: true });
    let tail = '';
    const take = (chunk: Buffer): void => {
      tail = (tail + chunk.toString()).slice(-600);
      for (const byte of chunk) if (byte === 0x0a) onLine();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => reject(failed(error)));
    child.once('exit', () => signal?.removeEventListener('abort', stop));
    child.once('close', (code) => {
      if (signal?.aborted === true) reject(signal.reason);
      else if (code === 0) resolve();
      else if (/no space left/i.test(tail)) reject(engineError(new Error(tail)));
      else reject(imageNotBuilt(`${program} ended with ${code}: ${tail.trim().split('\n').at(-1) ?? ''}`));
    });
  });
}
