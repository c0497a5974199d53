import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AppError } from '../../base/errors.ts';
import { errorCode, writeFileAtomically } from '../../base/atomic-file.ts';
import { hashFile, hashFolder, listFolder } from './file-digest.ts';
import { importedModelSchema } from './manifest-schema.ts';
import type { ManifestModel, ModelFile } from './manifest-schema.ts';
import { missing, moved, truncated, wrongHash } from './model-errors.ts';

/** What was true of a file when it was last hashed; while size and time stay, the hash is believed. */
const checkedFileSchema = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  /** Null: an imported file that is taken as it is. */
  sha256: z.string().nullable(),
  modifiedMs: z.number(),
});
export type CheckedFile = z.infer<typeof checkedFileSchema>;

/** `model.json` in a model's folder: the proof of what lies there. Losing it costs one hashing. */
const receiptSchema = z.object({
  version: z.literal(1),
  modelId: z.string(),
  installedAtMs: z.number(),
  files: z.array(checkedFileSchema),
  /** Set for models that are not in the manifest. */
  imported: z
    .object({
      model: importedModelSchema,
      /** The files stay where they are, in this folder. */
      referenceDirectory: z.string().nullable(),
    })
    .optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;

const RECEIPT_NAME = 'model.json';

/** Undefined when there is none or it is damaged: then the files are hashed again. */
export async function readReceipt(folder: string): Promise<Receipt | undefined> {
  try {
    const parsed = receiptSchema.safeParse(JSON.parse(await readFile(join(folder, RECEIPT_NAME), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export async function writeReceipt(folder: string, receipt: Receipt): Promise<void> {
  await writeFileAtomically(join(folder, RECEIPT_NAME), `${JSON.stringify(receipt, undefined, 2)}\n`);
}

/** What a look at the disk says about one file. */
export type FileCheck = { file: ModelFile; state: 'good'; checked: CheckedFile } | { file: ModelFile; state: 'bad'; error: AppError };

export interface CheckOptions {
  /**
   * `normal` hashes what the receipt does not vouch for; `quick` never hashes and believes sizes, for lists on screen; `thorough` hashes every
   * file, whatever the receipt says.
   */
  depth?: 'quick' | 'normal' | 'thorough';
  signal?: AbortSignal;
  /** Before the first file that has to be hashed. */
  onHashing?: () => void;
}

/**
 * Compares a model's files with manifest and receipt. Cheap when nothing has changed (sizes and times only); a file without a receipt, or with
 * another size or time than it says, is hashed. A file whose hash nobody knows is good only as the receipt has it.
 */
export async function checkFiles(
  model: ManifestModel,
  files: readonly ModelFile[],
  place: ModelPlace,
  options: CheckOptions = {},
): Promise<FileCheck[]> {
  const receipt = await readReceipt(place.folder);
  const checks: FileCheck[] = [];
  for (const file of files) {
    options.signal?.throwIfAborted();
    const known = receipt?.modelId === model.id ? receipt.files.find((each) => each.path === file.path) : undefined;
    checks.push(await checkFile(model, file, place.filesFolder, known, options));
  }
  return checks;
}

async function checkFile(
  model: ManifestModel,
  file: ModelFile,
  folder: string,
  known: CheckedFile | undefined,
  options: CheckOptions,
): Promise<FileCheck> {
  const bad = (error: AppError): FileCheck => ({ file, state: 'bad', error });
  const path = join(folder, file.path);
  const found = await measure(path, file);
  // Only imported files have no source to fetch them from again.
  if (!found) return bad(file.sources.length === 0 ? moved(model.name, path) : missing(model.name, model.id, file.path));
  const expected = file.sha256 ?? known?.sha256 ?? undefined;
  const expectedBytes = file.sha256 === null || file.sizeIsEstimate ? (known?.sizeBytes ?? file.sizeBytes) : file.sizeBytes;
  if (found.sizeBytes !== expectedBytes) return bad(truncated(`${model.name}, ${file.path}`, expectedBytes, found.sizeBytes));
  const isUnchanged =
    known?.sizeBytes === found.sizeBytes && known.modifiedMs === found.modifiedMs && (file.sha256 ?? known.sha256) === known.sha256;
  if (known && isUnchanged && options.depth !== 'thorough') return { file, state: 'good', checked: known };
  if (options.depth === 'quick') return { file, state: 'good', checked: { path: file.path, sha256: expected ?? null, ...found } };
  if (expected === undefined)
    return known ? { file, state: 'good', checked: { ...known, ...found } } : bad(missing(model.name, model.id, RECEIPT_NAME));
  options.onHashing?.();
  const actual = file.kind === 'folder' ? (await hashFolder(path, options.signal)).sha256 : await hashFile(path, options.signal);
  if (actual !== expected) return bad(wrongHash(`${model.name}, ${file.path}`, expected, actual));
  return { file, state: 'good', checked: { path: file.path, sha256: actual, ...found } };
}

/** Size and time; of a folder the sum and the latest. Undefined when it is not there or not of its kind. */
export async function measure(path: string, file: Pick<ModelFile, 'kind'>): Promise<{ sizeBytes: number; modifiedMs: number } | undefined> {
  try {
    if (file.kind === 'file') {
      const status = await stat(path);
      return status.isFile() ? { sizeBytes: status.size, modifiedMs: status.mtimeMs } : undefined;
    }
    const files = await listFolder(path);
    return {
      sizeBytes: files.reduce((sum, each) => sum + each.sizeBytes, 0),
      modifiedMs: files.reduce((latest, each) => Math.max(latest, each.modifiedMs), 0),
    };
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Checks a model and writes down what was hashed on the way, so that it is not hashed again. Resolves when every file is good; rejects with the
 * first bad file's error (`model.missing`, `model.truncated`, `model.wrong-hash`). A folder that cannot be written works without a receipt.
 */
export async function verifyModel(
  model: ManifestModel,
  files: readonly ModelFile[],
  place: ModelPlace,
  options: CheckOptions & { wallMs: number },
): Promise<void> {
  const checks = await checkFiles(model, files, place, options);
  for (const check of checks) if (check.state === 'bad') throw check.error;
  await rememberChecks(model, checks, place, options.wallMs);
}

/** Where a model's files and its receipt lie: one folder, unless the files of an imported model stay where they were. */
export interface ModelPlace {
  folder: string;
  filesFolder: string;
}

/** Brings the receipt up to date with checks that were all good; writes nothing when it says so already. */
export async function rememberChecks(model: ManifestModel, checks: readonly FileCheck[], place: ModelPlace, wallMs: number): Promise<void> {
  const receipt = await readReceipt(place.folder);
  const files = checks.flatMap((each) => (each.state === 'good' ? [each.checked] : []));
  const isKnown = (file: CheckedFile): boolean =>
    receipt?.files.some((each) => each.path === file.path && each.modifiedMs === file.modifiedMs && each.sha256 === file.sha256) ?? false;
  if (receipt?.modelId === model.id && files.every(isKnown)) return;
  const base = receipt?.modelId === model.id ? receipt : { version: 1 as const, modelId: model.id, installedAtMs: wallMs };
  await writeReceipt(place.folder, { ...base, files }).catch(() => {});
}
