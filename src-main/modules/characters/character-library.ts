import { createHash } from 'node:crypto';
import { CHARACTERS_PATH, type Character, type CharacterMetadata } from '../../../src-preload/contract/index.ts';
import { fromErrorData, toErrorData, type ErrorData } from '../../base/errors.ts';
import { METADATA_FILE, type CharacterStorage, type StoredFile, type StoredFolder } from './character-storage.ts';
import { fileMissing, idTaken, shippedIsFixed, unknownCharacter, unreadableCharacter } from './characters-errors.ts';
import { parseMetadata } from './metadata-file.ts';

/** A character with the place where it lies. */
export interface LibraryEntry {
  character: Character;
  metadata: CharacterMetadata;
  files: readonly StoredFile[];
  storage: CharacterStorage;
}

/** A folder that cannot be used, or only in part, and why. */
export interface LibraryProblem {
  id: string;
  error: ErrorData;
}

/** Everyone who is there, from all storages, held in memory: who speaks must be known without waiting. */
export interface CharacterLibrary {
  /** Looks at the storages again; metadata that has not changed is not read again. Never rejects: what fails is a problem. */
  refresh(): Promise<void>;
  /** Shipped ones first, in the order of their folders, then by name. */
  all(): Character[];
  find(id: string): LibraryEntry | undefined;
  /** Rejects with `character.unknown`. */
  require(id: string): LibraryEntry;
  /** Also rejects with `character.shipped`. */
  requireOwn(id: string): LibraryEntry;
  problems(): readonly LibraryProblem[];
  /** Whether the id belongs to a folder, readable or not. */
  isTaken(id: string): boolean;
}

export interface LibrarySources {
  shipped: CharacterStorage;
  /** Where the owner's lie; on the same id the first one wins. */
  own: () => readonly CharacterStorage[];
}

export function createCharacterLibrary(sources: LibrarySources): CharacterLibrary {
  let entries = new Map<string, LibraryEntry>();
  let problems: LibraryProblem[] = [];
  const known = new WeakMap<CharacterStorage, Map<string, { stamp: string; metadata: CharacterMetadata }>>();
  let refreshing: Promise<void> = Promise.resolve();

  const metadataOf = async (storage: CharacterStorage, { id, files }: StoredFolder): Promise<CharacterMetadata> => {
    const file = files.find(({ name }) => name === METADATA_FILE);
    if (!file) throw unreadableCharacter(id, 'its metadata is missing');
    const stamp = `${file.sizeBytes}:${file.stamp}`;
    const cache = known.get(storage) ?? new Map<string, { stamp: string; metadata: CharacterMetadata }>();
    known.set(storage, cache);
    const before = cache.get(id);
    if (before?.stamp === stamp) return before.metadata;
    const metadata = parseMetadata(id, await storage.read(id, METADATA_FILE));
    cache.set(id, { stamp, metadata });
    return metadata;
  };

  const look = async (): Promise<void> => {
    const found = new Map<string, LibraryEntry>();
    const failed: LibraryProblem[] = [];
    for (const storage of [sources.shipped, ...sources.own()]) {
      const folders = await storage.list().catch((error: unknown) => {
        failed.push({ id: '', error: toErrorData(error) });
        return [];
      });
      const trouble = storage.problem();
      if (trouble) failed.push({ id: '', error: trouble });
      for (const folder of folders) {
        try {
          if (found.has(folder.id)) throw idTaken(folder.id);
          const metadata = await metadataOf(storage, folder);
          const character = characterOf(metadata, folder.files, storage === sources.shipped);
          found.set(folder.id, { character, metadata, files: folder.files, storage });
          const missing = namedFiles(metadata).find((name) => !folder.files.some((file) => file.name === name));
          if (missing !== undefined) throw fileMissing(folder.id, missing);
        } catch (error) {
          failed.push({ id: folder.id, error: toErrorData(error) });
        }
      }
    }
    entries = found;
    problems = failed;
  };

  const library: CharacterLibrary = {
    refresh() {
      // One after the other, so that an older look never takes the place of a newer one.
      refreshing = refreshing.then(look);
      return refreshing;
    },
    all() {
      const characters = Array.from(entries.values(), ({ character }) => character);
      const own = characters.filter(({ shipped }) => !shipped);
      return [
        ...characters.filter(({ shipped }) => shipped).toSorted((left, right) => rank(left.id) - rank(right.id)),
        ...own.toSorted((left, right) => left.name.localeCompare(right.name) || left.id.localeCompare(right.id)),
      ];
    },
    find: (id) => entries.get(id),
    require(id) {
      const entry = entries.get(id);
      if (entry) return entry;
      const problem = problems.find((each) => each.id === id);
      throw problem ? fromErrorData(problem.error) : unknownCharacter(id);
    },
    requireOwn(id) {
      const entry = library.require(id);
      if (entry.character.shipped) throw shippedIsFixed(entry.character.name);
      return entry;
    },
    problems: () => problems,
    isTaken: (id) => entries.has(id) || problems.some((problem) => problem.id === id),
  };
  return library;
}

/** The one whom a new owner meets comes first. */
function rank(id: string): number {
  return id === 'default' ? 0 : 1;
}

/** Files that the metadata itself names. */
function namedFiles({ portrait, model, voice }: CharacterMetadata): string[] {
  return [portrait.file, ...(model === null ? [] : [model]), ...(voice.clone === null ? [] : [voice.clone.file])];
}

function characterOf(metadata: CharacterMetadata, files: readonly StoredFile[], shipped: boolean): Character {
  return { ...metadata, shipped, assets: `${CHARACTERS_PATH}/${metadata.id}/${revisionOf(files)}` };
}

/** Changes when a picture, a model or a sample does; new words leave it, so that nothing is fetched and decoded again for them. */
function revisionOf(files: readonly StoredFile[]): string {
  const list = files.filter(({ name }) => name !== METADATA_FILE).map(({ name, sizeBytes, stamp }) => `${name}:${sizeBytes}:${stamp}`);
  return createHash('sha256').update(list.join('\n')).digest('hex').slice(0, 12);
}
