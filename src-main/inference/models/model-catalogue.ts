import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '../../base/errors.ts';
import { filesFor, runsOn } from './manifest.ts';
import type { Manifest, ManifestModel, ModelFile } from './manifest-schema.ts';
import { checkFiles, readReceipt } from './receipt.ts';
import type { ModelPlace } from './receipt.ts';

/** A model that this machine could run, whether it is here or not. */
export interface KnownModel {
  model: ManifestModel;
  origin: 'manifest' | 'imported';
  place: ModelPlace;
  /** What of it this platform needs. */
  files: ModelFile[];
}

/** Beginning of the ids, and folders, of imported models. */
export const IMPORTED_PREFIX = 'imported-';

/** The manifest's models that run on this platform, in its order, then the imported ones by name. */
export async function readCatalogue(manifest: Manifest, modelsDirectory: string, platform: string): Promise<KnownModel[]> {
  const listed = manifest.models
    .filter((model) => runsOn(model, platform))
    .map((model): KnownModel => {
      const folder = join(modelsDirectory, model.id);
      return { model, origin: 'manifest', place: { folder, filesFolder: folder }, files: filesFor(model, platform) };
    });
  const names = (await readdir(modelsDirectory).catch(() => [])).filter((name) => name.startsWith(IMPORTED_PREFIX)).toSorted();
  const imported = await Promise.all(names.map((name) => readImported(join(modelsDirectory, name))));
  return [...listed, ...imported.filter((known) => known !== undefined)];
}

async function readImported(folder: string): Promise<KnownModel | undefined> {
  const receipt = await readReceipt(folder);
  if (!receipt?.imported) return undefined;
  const { model, referenceDirectory } = receipt.imported;
  return { model, origin: 'imported', place: { folder, filesFolder: referenceDirectory ?? folder }, files: model.files };
}

/** What a quick look (sizes only) finds. */
export type Presence = { state: 'absent' } | { state: 'installed'; sizeBytes: number } | { state: 'damaged'; error: AppError };

export async function lookAt(known: KnownModel): Promise<Presence> {
  const exists = await stat(known.place.folder).then(
    () => true,
    () => false,
  );
  if (!exists) return { state: 'absent' };
  const checks = await checkFiles(known.model, known.files, known.place, { depth: 'quick' });
  for (const check of checks) if (check.state === 'bad') return { state: 'damaged', error: check.error };
  return { state: 'installed', sizeBytes: checks.reduce((sum, check) => sum + (check.state === 'good' ? check.checked.sizeBytes : 0), 0) };
}
