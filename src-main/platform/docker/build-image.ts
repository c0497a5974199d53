import { spawn } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../../base/log.ts';
import { readOwnerEnvironment } from '../../../platform/config/index.ts';
import type { Engine } from './engine.ts';
import { engineError, failed, imageNotBuilt } from './sandbox-errors.ts';

/** A registry that is in reach answers within this; one that is not must not cost a minute. */
const PULL_ANSWER_MS = 20_000;
const BUILD_MS = 15 * 60_000;
const SUITE = 'bookworm';
const DEBOOTSTRAP = ['/usr/sbin/debootstrap', '/sbin/debootstrap', '/usr/bin/debootstrap'];
/** Lines that debootstrap says for each package, and for the system itself: for the progress only. */
const LINES_PER_PACKAGE = 5;
const USUAL_PACKAGES = 130;
/** What a program never needs at run time. */
const DISPENSABLE =
  'var/cache/apt/archives var/lib/apt/lists var/cache/apt/pkgcache.bin var/cache/apt/srcpkgcache.bin usr/share/doc usr/share/man usr/share/locale usr/share/info var/log'.split(
    ' ',
  );

export interface BuildOrder {
  engine: Engine;
  recipeFolder: string;
  cacheDirectory: string;
  tag: string;
  labels: Readonly<Record<string, string>>;
  progress: (share: number) => void;
  log: Log;
}

/** The ordinary way: the Dockerfile, from the base image that it names by digest. */
export async function buildFromRegistry({ engine, recipeFolder, tag, labels, progress }: BuildOrder): Promise<void> {
  const { docker } = engine;
  const base = /^FROM (\S+@sha256:[0-9a-f]{64})$/m.exec(await readFile(join(recipeFolder, 'Dockerfile'), 'utf8'))?.[1];
  if (base === undefined) throw imageNotBuilt('its recipe names no base image by digest');
  progress(0.02);
  const pulling = await engine.ask(() => docker.pull(base), PULL_ANSWER_MS);
  await followed(engine, pulling, () => progress(0.1));
  const building = await engine.ask(
    () =>
      docker.buildImage({ context: recipeFolder, src: ['Dockerfile', 'packages.txt'] }, { t: tag, labels: { ...labels }, forcerm: true }),
    PULL_ANSWER_MS * 3,
  );
  await followed(engine, building, ({ stream }) => {
    const [, step, of] = /^Step (\d+)\/(\d+)/.exec(stream ?? '') ?? [];
    if (step !== undefined && of !== undefined) progress(0.2 + (0.7 * Number(step)) / Number(of));
  });
}

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
export async function buildFromPackages({ engine, recipeFolder, cacheDirectory, tag, labels, progress, log }: BuildOrder): Promise<void> {
  const debootstrap = await debootstrapPath();
  if (debootstrap === undefined) throw imageNotBuilt('debootstrap is not installed');
  const packages = (await readFile(join(recipeFolder, 'packages.txt'), 'utf8')).split('\n').filter((line) => /^[a-z0-9]/.test(line));
  await mkdir(join(cacheDirectory, 'sandbox'), { recursive: true });
  const folder = await mkdtemp(join(cacheDirectory, 'sandbox', 'root-'));
  try {
    let lines = 0;
    await runProgram(debootstrap, ['--variant=minbase', `--include=${packages.join(',')}`, SUITE, folder], () => {
      lines += 1;
      progress(Math.min(0.85, 0.05 + (0.8 * lines) / (USUAL_PACKAGES * LINES_PER_PACKAGE)));
    });
    await Promise.all(DISPENSABLE.map((path) => rm(join(folder, path), { recursive: true, force: true })));
    // Nothing in there may lend rights, whatever else stands in its way.
    await runProgram('find', [folder, '-xdev', '-type', 'f', '-perm', '/6000', '-exec', 'chmod', 'a-s', '{}', '+']);
    await mkdir(join(folder, 'workspace'), { recursive: true });
    await mkdir(join(folder, 'run', 'openclaw'), { recursive: true });
    progress(0.9);
    await importFolder(engine, folder, tag, labels);
    progress(1);
  } finally {
    await rm(folder, { recursive: true, force: true }).catch((error: unknown) => log.warn('sandbox.root-left', { folder, error }));
  }
}

async function importFolder(engine: Engine, folder: string, tag: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const [repo = '', version = ''] = tag.split(':');
  const tar = spawn('tar', ['-C', folder, '--numeric-owner', '-c', '.'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number>((resolve) => {
    tar.once('error', () => resolve(-1));
    tar.once('close', (code) => resolve(code ?? -1));
  });
  const changes = Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`);
  const answer = await engine.ask(() => engine.docker.importImage(tar.stdout, { repo, tag: version, changes }), BUILD_MS);
  await followed(engine, answer, () => undefined);
  if ((await ended) !== 0) throw imageNotBuilt('the root file system could not be packed');
}

function runProgram(program: string, args: readonly string[], onLine: () => void = () => undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    // Its own mirror, proxy and certificates: what the owner has set for fetching packages.
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: readOwnerEnvironment({}), timeout: BUILD_MS });
    let tail = '';
    const take = (chunk: Buffer): void => {
      tail = (tail + chunk.toString()).slice(-600);
      for (const byte of chunk) if (byte === 0x0a) onLine();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => reject(failed(error)));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else if (/no space left/i.test(tail)) reject(engineError(new Error(tail)));
      else reject(imageNotBuilt(`${program} ended with ${code}: ${tail.trim().split('\n').at(-1) ?? ''}`));
    });
  });
}
