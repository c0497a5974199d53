import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestDamaged, wrongPlatform } from './model-errors.ts';
import { engines, manifestSchema } from './manifest-schema.ts';
import type { Manifest, ManifestModel, ModelFile } from './manifest-schema.ts';

/** This machine as the manifest names it. */
export const thisPlatform = `${process.platform}-${process.arch}`;

/** Reads `manifest.json` of the folder that also holds the shipped files. Rejects with `model.manifest-damaged`. */
export async function readManifest(shippedDirectory: string): Promise<Manifest> {
  const path = join(shippedDirectory, 'manifest.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw manifestDamaged(path, 'the file is missing or unreadable', error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw manifestDamaged(path, 'it is not JSON', error);
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  throw manifestDamaged(
    path,
    first ? `${first.message}${first.path.length > 0 ? ` (at ${first.path.join('.')})` : ''}` : 'it does not fit its schema',
  );
}

/** The files that this platform needs. Throws `model.wrong-platform` when a role that the engine cannot do without has no file here. */
export function filesFor(model: ManifestModel, platform: string): ModelFile[] {
  const files = model.files.filter((file) => file.platforms === undefined || file.platforms.includes(platform));
  for (const role of engines[model.engine].roles) if (!files.some((file) => file.role === role)) throw wrongPlatform(model.name, platform);
  return files;
}

/** True when this platform has all that the engine needs. */
export function runsOn(model: ManifestModel, platform: string): boolean {
  return engines[model.engine].roles.every((role) =>
    model.files.some((file) => file.role === role && (file.platforms === undefined || file.platforms.includes(platform))),
  );
}

export function sizeOf(files: readonly ModelFile[]): number {
  return files.reduce((sum, file) => sum + file.sizeBytes, 0);
}

/** All pack names, the starter first. */
export function packNames(manifest: Manifest): string[] {
  return [...new Set(manifest.models.flatMap((model) => model.packs))].toSorted((left, right) =>
    left === 'starter' ? -1 : right === 'starter' ? 1 : left.localeCompare(right),
  );
}
