import type { LibraryEntry } from './character-library.ts';
import { METADATA_FILE } from './character-storage.ts';

/** Files of the characters that were used last or will be next, in memory, so that a change of face waits for no disk and no network. */
export interface WarmCharacters {
  /** Reads a character's files, unless they are there already; the one that was used longest ago makes room. */
  warm(entry: LibraryEntry): Promise<void>;
  /** Undefined when it is not in memory. Counts as a use. */
  get(entry: LibraryEntry, file: string): Uint8Array | undefined;
  /** What is held, in bytes. */
  sizeBytes(): number;
}

const MAX_CHARACTERS = 10;
/** Portrait, face and expression set are about 1 MB; a 3D model may be larger than all others together and is read as it is sent. */
const MAX_CHARACTER_BYTES = 20 * 1024 ** 2;

export function createWarmCharacters(): WarmCharacters {
  /** Oldest use first; one entry per state of a character's files. */
  const held = new Map<string, Map<string, Uint8Array>>();
  const underWay = new Map<string, Promise<void>>();

  const touch = (key: string): Map<string, Uint8Array> | undefined => {
    const files = held.get(key);
    if (files) {
      held.delete(key);
      held.set(key, files);
    }
    return files;
  };

  const read = async (key: string, { character, files, storage }: LibraryEntry): Promise<void> => {
    const content = new Map<string, Uint8Array>();
    let room = MAX_CHARACTER_BYTES;
    for (const { name, sizeBytes } of files.toSorted((left, right) => left.sizeBytes - right.sizeBytes)) {
      // The library holds it already, and it changes under the same address.
      if (name === METADATA_FILE) continue;
      if (sizeBytes > room) break;
      const bytes = await storage.read(character.id, name);
      room -= bytes.byteLength;
      content.set(name, bytes);
    }
    held.set(key, content);
    for (const oldest of held.keys()) {
      if (held.size <= MAX_CHARACTERS) break;
      held.delete(oldest);
    }
  };

  return {
    async warm(entry) {
      // The address holds the state of the files.
      const key = entry.character.assets;
      if (touch(key)) return;
      const running = underWay.get(key) ?? read(key, entry).finally(() => underWay.delete(key));
      underWay.set(key, running);
      await running;
    },
    get: (entry, file) => touch(entry.character.assets)?.get(file),
    sizeBytes: () => [...held.values()].flatMap((files) => [...files.values()]).reduce((sum, { byteLength }) => sum + byteLength, 0),
  };
}
