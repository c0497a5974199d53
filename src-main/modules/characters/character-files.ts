import { extname } from 'node:path';
import { CHARACTERS_PATH } from '../../../src-preload/contract/index.ts';
import type { ResourceHandler } from '../../platform/contract-host/index.ts';
import type { CharacterLibrary } from './character-library.ts';
import { isFileName } from './character-storage.ts';
import type { WarmCharacters } from './warm-characters.ts';

/** What may lie in a character's folder. Nothing of it can run in a page: no SVG, no HTML, no scripts. */
export const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.webp': 'image/webp',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.json': 'application/json; charset=utf-8',
  '.glb': 'model/gltf-binary',
  '.vrm': 'model/gltf-binary',
  '.wav': 'audio/wav',
  '.mp4': 'video/mp4',
};

const ADDRESS = new RegExp(`^${CHARACTERS_PATH}/([a-z0-9-]+)/([0-9a-f]{12})/([\\w.-]+)$`);

/** `GET /characters/<id>/<revision>/<file>`. Undefined = there is no such character, file or kind of file. */
export function createCharacterFiles({ library, warm }: { library: CharacterLibrary; warm: WarmCharacters }): ResourceHandler {
  return async ({ pathname }) => {
    const [, id = '', revision, file = ''] = ADDRESS.exec(pathname) ?? [];
    const entry = library.find(id);
    const contentType = CONTENT_TYPES[extname(file)];
    const listed = entry?.files.find(({ name }) => name === file);
    if (!entry || !listed || contentType === undefined || !isFileName(file)) return undefined;
    // A page that has not heard of a change yet still gets its file, but must not keep it under the old address.
    const isCurrent = entry.character.assets.endsWith(`/${revision}`) && file !== 'metadata.json';
    const cacheControl = isCurrent ? 'private, max-age=31536000, immutable' : 'no-store';
    const body = warm.get(entry, file) ?? { path: await entry.storage.locate(id, file), sizeBytes: listed.sizeBytes };
    return { status: 200, contentType, cacheControl, body };
  };
}
