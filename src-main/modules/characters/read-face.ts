import { portraitFaceSchema, type PortraitFace } from '../../../src-preload/contract/index.ts';
import { FACE_FILE, type CharacterStorage } from './character-storage.ts';
import { fileMissing } from './characters-errors.ts';

/** The face of a character's portrait. Rejects with `character.file-missing`, also when the file is damaged: making it again is the way on for both. */
export async function readFace(storage: CharacterStorage, id: string): Promise<PortraitFace> {
  const parsed = portraitFaceSchema.safeParse(jsonOf(await storage.read(id, FACE_FILE)));
  if (!parsed.success) throw fileMissing(id, FACE_FILE);
  return parsed.data;
}

function jsonOf(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString('utf8'));
  } catch {
    return undefined;
  }
}
