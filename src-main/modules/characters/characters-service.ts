import { voiceProfileSchema, type Character, type CharacterMetadata } from '../../../src-preload/contract/index.ts';
import { createDisposeBag } from '../../base/dispose.ts';
import type { Caller } from '../../platform/contract-host/index.ts';
import { createCharacterFiles } from './character-files.ts';
import { createCharacterLibrary, type CharacterLibrary, type LibraryEntry } from './character-library.ts';
import type { CharacterStorage, FolderChange } from './character-storage.ts';
import { currentCharacter } from './characters-config.ts';
import { createCharacterHandlers } from './characters-handlers.ts';
import { createClips, type Clips } from './clips.ts';
import type { Characters, CharactersDeps, Speaker } from './characters.ts';
import { createDiskStorage } from './disk-storage.ts';
import { writeMetadata } from './metadata-file.ts';
import { readFace } from './read-face.ts';
import { createProblemTeller } from './problem-teller.ts';
import { createStorages } from './storages.ts';
import { createWarmCharacters, type WarmCharacters } from './warm-characters.ts';

/** Nova: always there, whatever happens to the others. */
export const FIRST_CHARACTER = 'default';

/** What the handlers of the module share. */
export interface CharactersCore {
  deps: CharactersDeps;
  library: CharacterLibrary;
  warm: WarmCharacters;
  clips: Clips;
  /** Where new ones go. */
  storageForNew(): CharacterStorage;
  storages(): readonly CharacterStorage[];
  /** Looks at the storages again, without telling anybody. */
  look(): Promise<void>;
  /** Looks again, tells the pages and, for `characterId`, whoever speaks or answers with it. */
  refresh(characterId: string | null): Promise<void>;
  /** Saves changed metadata of an own character, with files. Resolves with what is there now. */
  change(entry: LibraryEntry, metadata: CharacterMetadata, files?: Omit<FolderChange, 'metadata'>): Promise<Character>;
  use(caller: Caller, id: string): Promise<Character>;
  speakerOf(metadata: CharacterMetadata): Speaker;
  /** Pages that chose this one, and the setting, go back to the first. */
  letGo(id: string): Promise<void>;
}

export function createCharacters(deps: CharactersDeps): Characters {
  const { config, clock, log } = deps;
  const bag = createDisposeBag();
  const own = createStorages(deps);
  const shipped = createDiskStorage({ folder: deps.shippedDirectory, clock });
  const library = createCharacterLibrary({ shipped, own: own.all });
  const warm = createWarmCharacters();
  const problems = createProblemTeller(deps.notices);
  /** What a page has chosen for itself; the others follow the setting. */
  const chosen = new Map<string, string>();

  /** Where the voice samples lie. Who speaks must be known without waiting, so they are looked for beforehand. */
  const samplePaths = new Map<string, string>();

  const locateSamples = async (): Promise<void> => {
    for (const { id, voice } of library.all()) {
      const path =
        voice.clone &&
        (await library
          .find(id)
          ?.storage.locate(id, voice.clone.file)
          .catch(() => undefined));
      if (path) samplePaths.set(id, path);
      else samplePaths.delete(id);
    }
  };

  const speakerOf = ({ id, voice, personality }: CharacterMetadata): Speaker => ({
    id,
    voice,
    patterns: personality.speechPatterns,
    samplePath: samplePaths.get(id),
  });

  const currentId = (clientId: string): string => {
    const id = chosen.get(clientId) ?? config.get(currentCharacter);
    return library.find(id) ? id : FIRST_CHARACTER;
  };

  const core: CharactersCore = {
    deps,
    library,
    warm,
    clips: createClips({ deps, library, speakerOf }),
    storageForNew: own.forNew,
    storages: own.all,
    async look() {
      await library.refresh();
      await locateSamples();
      problems.tell(library.problems());
    },
    async refresh(characterId) {
      await core.look();
      deps.tell('characters.changed', { characterId });
      if (characterId !== null) deps.changed(characterId);
    },
    async change(entry, metadata, files = {}) {
      await entry.storage.change(entry.character.id, { ...files, metadata: writeMetadata(metadata) });
      await core.refresh(metadata.id);
      return library.require(metadata.id).character;
    },
    async use(caller, id) {
      const entry = library.require(id);
      await warm.warm(entry).catch((error: unknown) => {
        // The page may still hold its pictures; who speaks does not hang on them.
        log.warn('character.not-warm', { id, error });
      });
      chosen.set(caller.clientId, id);
      if (config.get(currentCharacter) !== id) await config.set(currentCharacter.key, id);
      deps.changed(id);
      return entry.character;
    },
    speakerOf,
    async letGo(id) {
      for (const [clientId, characterId] of chosen) if (characterId === id) chosen.delete(clientId);
      if (config.get(currentCharacter) === id) await config.set(currentCharacter.key, FIRST_CHARACTER);
      deps.changed(currentId(''));
    },
  };

  return {
    async open() {
      await core.look();
      const id = config.get(currentCharacter);
      if (!library.find(id)) log.warn('character.not-found', { id });
      bag.add(own.onChange(() => void core.refresh(null).catch((error: unknown) => log.warn('character.not-refreshed', { error }))));
      bag.add(config.onChange(({ key }) => key === currentCharacter.key && deps.changed(currentId(''))));
      // Not waited for: who speaks first is known, the bin can be emptied later.
      void purge(own.all(), log);
    },
    speaker(clientId) {
      const entry = library.find(currentId(clientId));
      return entry ? core.speakerOf(entry.metadata) : { id: FIRST_CHARACTER, voice: voiceProfileSchema.parse({}), patterns: [] };
    },
    persona: (characterId) => library.find(characterId)?.metadata,
    clientGone(clientId) {
      chosen.delete(clientId);
      core.clips.giveUp(clientId);
    },
    async portraitOf(characterId) {
      const { character, storage } = library.require(characterId);
      return { path: await storage.locate(characterId, character.portrait.file), face: await readFace(storage, characterId) };
    },
    files: createCharacterFiles({ library, warm }),
    handlers: createCharacterHandlers(core),
    warmBytes: warm.sizeBytes,
    dispose: () => bag.dispose(),
  };
}

async function purge(storages: readonly CharacterStorage[], log: CharactersDeps['log']): Promise<void> {
  for (const storage of storages) await storage.purge().catch((error: unknown) => log.warn('character.not-purged', { error }));
}
