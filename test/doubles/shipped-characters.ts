import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { characterMetadataSchema, type CharacterMetadata } from '../../src-preload/contract/index.ts';

/** Folder of the characters that come with the app. */
export const SHIPPED_CHARACTERS = resolve(import.meta.dirname, '../../resources/characters');

/** The metadata of a shipped character, as it is. */
export function shippedCharacter(id: 'default' | 'cyberpunk-host' | 'retro-assistant'): CharacterMetadata {
  return characterMetadataSchema.parse(JSON.parse(readFileSync(resolve(SHIPPED_CHARACTERS, id, 'metadata.json'), 'utf8')));
}
