import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { fetchFile } from './fetch-file.ts';
import type { FetchContext } from './fetch-file.ts';
import { listFolder } from './file-digest.ts';
import { onSameDisk, requireFreeSpace } from './free-space.ts';
import type { FreeBytes } from './free-space.ts';
import type { HostReach } from './host-reach.ts';
import { withInstallLock } from './install-lock.ts';
import { filesFor, sizeOf } from './manifest.ts';
import type { ManifestModel, ModelFile } from './manifest-schema.ts';
import { fromWriteError } from './model-errors.ts';
import type { PackageClient } from './package-client.ts';
import { checkFiles, rememberChecks, writeReceipt } from './receipt.ts';
import type { CheckedFile, FileCheck } from './receipt.ts';
import { createTransferMeter } from './transfer-meter.ts';
import type { Transfer, TransferProgress } from './transfer-meter.ts';

/** What installations need of the world. */
export interface InstallEnvironment {
  modelsDirectory: string;
  /** Partial downloads lie in `downloads/<model id>` below it. */
  cacheDirectory: string;
  /** Holds manifest.json and the files that come with the app. */
  shippedDirectory: string;
  /** See `thisPlatform`. */
  platform: string;
  clock: Clock;
  hosts: HostReach;
  packages: PackageClient;
  freeBytes: FreeBytes;
}

export type InstallStage =
  /** Another process installs the same model; this one waits for it. */
  | { stage: 'waiting' }
  /** Files on disk are being hashed. */
  | { stage: 'verifying' }
  | { stage: 'downloading'; progress: TransferProgress };

export interface InstallOptions {
  signal: AbortSignal;
  onStage: (stage: InstallStage) => void;
  /** Hash every file that is there instead of believing the receipt. */
  thorough?: boolean;
  /** Called once before files of an installed model are replaced; whoever has them open must let go. */
  beforeReplace?: () => Promise<void>;
}

export interface InstallOutcome {
  /** Paths that had to be fetched; empty = everything was there. */
  fetched: string[];
  sizeBytes: number;
}

const PARALLEL_FILES = 3;
const REPORT_EVERY_MS = 100;

/**
 * Makes a model complete: keeps what is right, fetches what is missing or damaged, and lets a new model appear by one rename. May be called at any
 * time, also by two processes at once. Rejects with a `model.*` error or the signal's reason; what was fetched is kept for the next call.
 */
export async function installModel(
  model: ManifestModel,
  options: InstallOptions,
  environment: InstallEnvironment,
): Promise<InstallOutcome> {
  const files = filesFor(model, environment.platform);
  const folder = join(environment.modelsDirectory, model.id);
  const place = { folder, filesFolder: folder };
  const check = (): Promise<FileCheck[]> =>
    checkFiles(model, files, place, {
      signal: options.signal,
      depth: options.thorough === true ? 'thorough' : 'normal',
      onHashing: () => options.onStage({ stage: 'verifying' }),
    });
  const before = await check();
  if (before.every((each) => each.state === 'good')) {
    await rememberChecks(model, before, place, environment.clock.wallMs());
    return { fetched: [], sizeBytes: sizeOf(files) };
  }
  await mkdir(environment.modelsDirectory, { recursive: true }).catch((error: unknown) => {
    throw fromWriteError(error, environment.modelsDirectory, 0);
  });
  const lock = join(environment.modelsDirectory, `.${model.id}.lock`);
  const { signal, onStage } = options;
  return withInstallLock(lock, { signal, clock: environment.clock, onWait: () => onStage({ stage: 'waiting' }) }, async () => {
    // While this call waited, the other may have done all the work.
    const checks = await check();
    const wanted = checks.filter((each) => each.state === 'bad').map((each) => each.file);
    const fetched = await fetchAll(model, wanted, options, environment);
    await land(model, checks, fetched, options, environment);
    return { fetched: fetched.map((each) => each.path), sizeBytes: sizeOf(files) };
  });
}

/** Where a model's partial files lie. */
export function downloadDirectory(modelId: string, environment: Pick<InstallEnvironment, 'cacheDirectory'>): string {
  return join(environment.cacheDirectory, 'downloads', modelId);
}

function incomingDirectory(modelId: string, environment: Pick<InstallEnvironment, 'modelsDirectory'>): string {
  return join(environment.modelsDirectory, `.${modelId}.incoming`);
}

/** Bytes of an interrupted download that the next attempt can use; 0 = none. */
export async function keptBytes(
  modelId: string,
  environment: Pick<InstallEnvironment, 'cacheDirectory' | 'modelsDirectory'>,
): Promise<number> {
  const folders = [downloadDirectory(modelId, environment), incomingDirectory(modelId, environment)];
  const lists = await Promise.all(folders.map((folder) => listFolder(folder).catch(() => [])));
  return lists.flat().reduce((sum, file) => sum + file.sizeBytes, 0);
}

/** Throws away what an interrupted download has left. */
export async function discardDownload(
  modelId: string,
  environment: Pick<InstallEnvironment, 'cacheDirectory' | 'modelsDirectory'>,
): Promise<void> {
  await rm(downloadDirectory(modelId, environment), { recursive: true, force: true });
  await rm(incomingDirectory(modelId, environment), { recursive: true, force: true });
}

/** Throws away downloads that nobody has touched for `olderThanMs`; one that is running is always younger. */
export async function sweepDownloads(
  olderThanMs: number,
  environment: Pick<InstallEnvironment, 'cacheDirectory' | 'modelsDirectory' | 'clock'>,
): Promise<void> {
  const downloads = join(environment.cacheDirectory, 'downloads');
  const incoming = (await readdir(environment.modelsDirectory).catch(() => [])).filter((name) => /^\..+\.incoming$/.test(name));
  const folders = [
    ...(await readdir(downloads).catch(() => [])).map((name) => join(downloads, name)),
    ...incoming.map((name) => join(environment.modelsDirectory, name)),
  ];
  for (const folder of folders) {
    const files = await listFolder(folder).catch(() => []);
    // It may be finished and gone by now, by another process.
    const status = await stat(folder).catch(() => undefined);
    const touchedMs = files.reduce((latest, file) => Math.max(latest, file.modifiedMs), status?.mtimeMs ?? environment.clock.wallMs());
    if (environment.clock.wallMs() - touchedMs > olderThanMs) await rm(folder, { recursive: true, force: true });
  }
}

async function fetchAll(
  model: ManifestModel,
  wanted: readonly ModelFile[],
  options: InstallOptions,
  environment: InstallEnvironment,
): Promise<CheckedFile[]> {
  if (wanted.length === 0) return [];
  await requireRoom(model, wanted, environment);
  const meter = createTransferMeter(environment.clock);
  // One file's failure stops the others: half a model is of no use, and what they have is kept.
  const failed = new AbortController();
  const context: FetchContext = {
    ...environment,
    modelId: model.id,
    modelName: model.name,
    workDirectory: downloadDirectory(model.id, environment),
    incomingDirectory: incomingDirectory(model.id, environment),
    modelDirectory: join(environment.modelsDirectory, model.id),
    meter,
    signal: AbortSignal.any([options.signal, failed.signal]),
    archives: new Map(),
  };
  const plans = wanted.map((file) => ({ file, planned: meter.add(isLocal(file) ? 0 : file.sizeBytes) }));
  const stopReports = reportProgress(() => options.onStage({ stage: 'downloading', progress: meter.progress() }), environment.clock);
  const fetchOne = async ({ file, planned }: { file: ModelFile; planned: Transfer }): Promise<CheckedFile> => {
    try {
      return await fetchFile(file, planned, context);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  try {
    const first = await inParallel(
      plans.filter(({ file }) => !isDerived(file)),
      PARALLEL_FILES,
      fetchOne,
    );
    const second = await inParallel(
      plans.filter(({ file }) => isDerived(file)),
      1,
      fetchOne,
    );
    return [...first, ...second];
  } finally {
    stopReports();
  }
}

/** Files are moved from the cache to their place: on one disk that takes no room of its own, on two each needs it all. */
async function requireRoom(model: ManifestModel, wanted: readonly ModelFile[], environment: InstallEnvironment): Promise<void> {
  const bytes = Math.max(0, sizeOf(wanted) - (await keptBytes(model.id, environment)));
  const { modelsDirectory, cacheDirectory, freeBytes } = environment;
  const isOneDisk = await onSameDisk(modelsDirectory, cacheDirectory);
  const folders = isOneDisk ? [modelsDirectory] : [modelsDirectory, cacheDirectory];
  await requireFreeSpace(
    folders.map((folder) => ({ folder, bytes })),
    freeBytes,
  );
}

function isDerived(file: ModelFile): boolean {
  return file.sources.some((source) => source.from === 'derived');
}

function isLocal(file: ModelFile): boolean {
  return file.sources.every((source) => source.from === 'shipped' || source.from === 'derived');
}

/** Runs at most `limit` at once and waits for all that were begun; rejects with the first failure. The results are in the items' order. */
async function inParallel<Item, Result>(items: readonly Item[], limit: number, run: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results = new Map<number, Result>();
  const failures: unknown[] = [];
  const queue = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && failures.length === 0; next = queue.shift()) {
      try {
        results.set(next[0], await run(next[1]));
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
  if (failures.length > 0) throw failures[0];
  return [...results].toSorted(([left], [right]) => left - right).map(([, result]) => result);
}

function reportProgress(report: () => void, clock: Clock): () => void {
  report();
  let timer = clock.after(REPORT_EVERY_MS, tick);
  function tick(): void {
    report();
    timer = clock.after(REPORT_EVERY_MS, tick);
  }
  return () => {
    timer.cancel();
    report();
  };
}

/** The last step: everything is fetched and checked. A new model appears as a whole; in an old one the repaired files take their places. */
async function land(
  model: ManifestModel,
  checks: readonly FileCheck[],
  fetched: readonly CheckedFile[],
  options: InstallOptions,
  environment: InstallEnvironment,
): Promise<void> {
  const folder = join(environment.modelsDirectory, model.id);
  const incoming = incomingDirectory(model.id, environment);
  const kept = checks.flatMap((each) => (each.state === 'good' ? [each.checked] : []));
  const receipt = { version: 1 as const, modelId: model.id, installedAtMs: environment.clock.wallMs(), files: [...kept, ...fetched] };
  try {
    const isNew = await stat(folder).then(
      () => false,
      () => true,
    );
    if (isNew && fetched.length > 0) {
      await writeReceipt(incoming, receipt);
      await rename(incoming, folder);
    } else {
      if (fetched.length > 0) await options.beforeReplace?.();
      for (const { path } of fetched) {
        const isReady = await stat(join(incoming, path)).then(
          () => true,
          () => false,
        );
        // Otherwise it lay in place all the time and only its receipt was lost.
        if (!isReady) continue;
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await rm(join(folder, path), { recursive: true, force: true });
        await rename(join(incoming, path), join(folder, path));
      }
      await writeReceipt(folder, receipt);
    }
  } catch (error) {
    throw fromWriteError(error, folder, 0);
  }
  await discardDownload(model.id, environment);
}
