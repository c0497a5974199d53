import { createHash } from 'node:crypto';
import { CHARACTERS_PATH, type Character, type CharacterMetadata } from '../../../src-preload/contract/index.ts';
import { fromErrorData, toErrorData, type ErrorData } from '../../base/errors.ts';
import { METADATA_FILE, type CharacterStorage, type StoredFile, type StoredFolder } from './character-storage.ts';
import { FIRST_CHARACTER } from './characters-config.ts';
import { fileMissing, idTaken, shippedIsFixed, unknownCharacter, unreadableCharacter } from './characters-errors.ts';
import { parseMetadata } from './metadata-file.ts';
import { createTurns } from './turns.ts';

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
  /** Looks at the storages (all unless given) again; metadata that has not changed is not read again. Never rejects: what fails is a problem. */
  refresh(storages?: readonly CharacterStorage[]): Promise<void>;
  /** The same without waiting for a network: of a storage behind one, what the last look has found. */
  refreshNear(): Promise<void>;
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

/** What one storage holds, as of the last look at it. */
interface Shelf {
  entries: readonly LibraryEntry[];
  problems: readonly LibraryProblem[];
}

export function createCharacterLibrary(sources: LibrarySources): CharacterLibrary {
  let entries = new Map<string, LibraryEntry>();
  let problems: LibraryProblem[] = [];
  const shelves = new WeakMap<CharacterStorage, Shelf>();
  const looks = createTurns<CharacterStorage>();
  const look = createLook((storage) => storage === sources.shipped);
  const everywhere = (): CharacterStorage[] => [sources.shipped, ...sources.own()];

  /** Puts together what is known of all storages. */
  const join = (): void => {
    const found = new Map<string, LibraryEntry>();
    const failed: LibraryProblem[] = [];
    for (const storage of everywhere()) {
      const shelf = shelves.get(storage);
      failed.push(...(shelf?.problems ?? []));
      for (const entry of shelf?.entries ?? []) {
        const { id } = entry.character;
        if (found.has(id)) failed.push({ id, error: toErrorData(idTaken(id)) });
        else found.set(id, entry);
      }
    }
    entries = found;
    problems = failed;
  };

  const library: CharacterLibrary = {
    async refresh(storages = everywhere()) {
      // One after the other, so that an older look never takes the place of a newer one; a storage that is slow holds up only itself.
      await Promise.all(
        storages.map((storage) => looks.take(storage, async () => shelves.set(storage, await look(storage, () => storage.list())))),
      );
      join();
    },
    async refreshNear() {
      await Promise.all(
        everywhere().map(async (storage) => {
          const known = storage.known?.bind(storage);
          if (known === undefined) return looks.take(storage, async () => shelves.set(storage, await look(storage, () => storage.list())));
          if (shelves.has(storage)) return undefined;
          const shelf = await look(storage, known);
          // Whoever has asked the storage itself in the meantime knows better.
          return shelves.has(storage) ? undefined : shelves.set(storage, shelf);
        }),
      );
      join();
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

/** Reads what lies in a storage; metadata that has not changed is not read again. */
function createLook(isShipped: (storage: CharacterStorage) => boolean) {
  const known = new WeakMap<CharacterStorage, Map<string, { stamp: string; metadata: CharacterMetadata }>>();

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

  return async (storage: CharacterStorage, list: () => Promise<StoredFolder[]>): Promise<Shelf> => {
    const entries: LibraryEntry[] = [];
    const problems: LibraryProblem[] = [];
    const folders = await list().catch((error: unknown) => {
      problems.push({ id: '', error: toErrorData(error) });
      return [];
    });
    const trouble = storage.problem();
    if (trouble) problems.push({ id: '', error: trouble });
    for (const folder of folders) {
      try {
        const metadata = await metadataOf(storage, folder);
        entries.push({ character: characterOf(metadata, folder.files, isShipped(storage)), metadata, files: folder.files, storage });
        const missing = namedFiles(metadata).find((name) => !folder.files.some((file) => file.name === name));
        if (missing !== undefined) throw fileMissing(folder.id, missing);
      } catch (error) {
        problems.push({ id: folder.id, error: toErrorData(error) });
      }
    }
    return { entries, problems };
  };
}

function rank(id: string): number {
  return id === FIRST_CHARACTER ? 0 : 1;
}

/** Files that the metadata itself names. */
export function namedFiles({ portrait, model, voice }: CharacterMetadata): string[] {
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
