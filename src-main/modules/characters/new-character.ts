import { randomBytes } from 'node:crypto';
import {
  CHARACTER_VERSION,
  characterMetadataSchema,
  type CharacterMetadata,
  type CharacterStyle,
  type VoiceProfile,
} from '../../../src-preload/contract/index.ts';
import type { CharacterLibrary } from './character-library.ts';
import { METADATA_FILE, type CharacterStorage, type FileContent } from './character-storage.ts';
import { personaFromWords } from './persona-words.ts';
import { writeMetadata } from './metadata-file.ts';
import { AppError } from '../../base/errors.ts';

/** What a new character needs beside the words that are made from its description. */
export interface NewMetadata {
  name: string;
  description: string;
  style: CharacterStyle | undefined;
  portrait: CharacterMetadata['portrait'];
  model: string | null;
  createdAtMs: number;
}

const NAMES_TRIED = 20;

/** Metadata of a character of the owner's own: what was not given is made from the words about it. */
export function newMetadata({ name, description, style, portrait, model, createdAtMs }: NewMetadata): Omit<CharacterMetadata, 'id'> {
  const english = personaFromWords({ words: description, name, language: 'en' });
  const german = personaFromWords({ words: description, name, language: 'de' });
  const chosen = style ?? english.style;
  const voice: Partial<VoiceProfile> = { emotion: english.emotion };
  const { id: _id, ...metadata } = characterMetadataSchema.parse({
    version: CHARACTER_VERSION,
    id: 'new',
    name,
    description: { en: description, de: description },
    style: chosen,
    tags: [],
    createdBy: 'me',
    createdAt: new Date(createdAtMs).toISOString(),
    portrait,
    model,
    voice,
    systemPrompt: { en: english.systemPrompt, de: german.systemPrompt },
    examples: { en: [], de: [] },
    sample: { en: english.sample, de: german.sample },
    personality: english.personality,
    renderer: { type: model === null ? 'mesh' : '3d', effects: chosen === 'cyberpunk' ? 'cyberpunk' : 'none' },
  });
  return metadata;
}

/** Saves a new character under an id made of its name that nobody has. Resolves with the id. */
export async function saveNew(
  deps: { library: CharacterLibrary; storage: CharacterStorage },
  metadata: Omit<CharacterMetadata, 'id'>,
  files: ReadonlyMap<string, FileContent>,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const id = idFor(metadata.name, attempt);
    if (deps.library.isTaken(id)) continue;
    try {
      await deps.storage.create(id, new Map([...files, [METADATA_FILE, writeMetadata({ ...metadata, id })]]));
      return id;
    } catch (error) {
      // One in the bin has it; it must be able to come back.
      if (!(error instanceof AppError && error.code === 'character.id-taken')) throw error;
    }
  }
}

/** "Tante Käthe" → `tante-kathe`, `tante-kathe-2`, … and something that nobody has after a while. */
function idFor(name: string, attempt: number): string {
  const plain = name
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replaceAll(/^-+|-+$/g, '');
  const base = plain === '' ? 'character' : plain;
  if (attempt > NAMES_TRIED) return `${base}-${randomBytes(4).toString('hex')}`;
  return attempt === 1 ? base : `${base}-${attempt}`;
}
