import { CHARACTER_VERSION, characterMetadataSchema, type CharacterMetadata } from '../../../src-preload/contract/index.ts';
import { newerCharacter, unreadableCharacter } from './characters-errors.ts';

/** Turns the content of one version into that of the next: the first makes version 2 of version 1. */
export type MetadataUpgrade = (old: Record<string, unknown>) => Record<string, unknown>;

const UPGRADES: readonly MetadataUpgrade[] = [];

/** Larger than any that the app writes: ten long prompts and examples fit into a tenth of it. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads `metadata.json` of the folder `id`. Throws `character.newer-version` for one that a newer app wrote, `character.unreadable` for anything else
 * that does not fit. Nothing is written back: an upgraded file is stored when its owner changes something.
 */
export function parseMetadata(id: string, bytes: Uint8Array): CharacterMetadata {
  const content = parseObject(id, bytes);
  const version = content['version'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw unreadableCharacter(id, 'it does not say its version');
  if (version > CHARACTER_VERSION) throw newerCharacter(id, version);
  const parsed = characterMetadataSchema.safeParse(upgradeMetadata(content, version, UPGRADES));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw unreadableCharacter(id, `"${issue?.path.join('.') ?? ''}" does not fit (${issue?.message ?? 'not what is expected'})`);
  }
  if (parsed.data.id !== id) throw unreadableCharacter(id, `it says that it belongs to "${parsed.data.id}"`);
  return parsed.data;
}

/** Applies what lies between `version` and the newest that `upgrades` lead to, in order; each sets the new version number by itself. */
export function upgradeMetadata(
  content: Record<string, unknown>,
  version: number,
  upgrades: readonly MetadataUpgrade[],
): Record<string, unknown> {
  return upgrades
    .slice(version - 1)
    .reduce<Record<string, unknown>>((old, upgrade, index) => ({ ...upgrade(old), version: version + index + 1 }), content);
}

/** As it is stored: readable, with a line end. */
export function writeMetadata(metadata: CharacterMetadata): Uint8Array {
  return Buffer.from(`${JSON.stringify(metadata, null, 2)}\n`);
}

function parseObject(id: string, bytes: Uint8Array): Record<string, unknown> {
  if (bytes.byteLength > MAX_BYTES) throw unreadableCharacter(id, 'its metadata is far too large');
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes).replace(/^\uFEFF/, ''));
  } catch {
    throw unreadableCharacter(id, 'its metadata is not JSON');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw unreadableCharacter(id, 'its metadata is not an object');
  return content as Record<string, unknown>;
}
