import { voiceProfileSchema, type Character, type CharacterMetadata } from '../../../src-preload/contract/index.ts';
import { createDisposeBag } from '../../base/dispose.ts';
import type { Caller } from '../../platform/contract-host/index.ts';
import { createCharacterFiles } from './character-files.ts';
import { createCharacterLibrary, type CharacterLibrary, type LibraryEntry } from './character-library.ts';
import type { CharacterStorage, FileContent, FolderChange } from './character-storage.ts';
import { currentCharacter, FIRST_CHARACTER } from './characters-config.ts';
import { createCharacterHandlers } from './characters-handlers.ts';
import { createClips, type Clips } from './clips.ts';
import type { Characters, CharactersDeps, Speaker } from './characters.ts';
import { createDiskStorage } from './disk-storage.ts';
import { writeMetadata } from './metadata-file.ts';
import { readFace } from './read-face.ts';
import { createProblemTeller } from './problem-teller.ts';
import { saveNew } from './new-character.ts';
import { createSamplePaths, sweepSamples } from './sample-files.ts';
import { createStorages } from './storages.ts';
import { createTurns } from './turns.ts';
import { createWarmCharacters, type WarmCharacters } from './warm-characters.ts';

/** What the handlers of the module share. */
export interface CharactersCore {
  deps: CharactersDeps;
  library: CharacterLibrary;
  warm: WarmCharacters;
  clips: Clips;
  storages(): readonly CharacterStorage[];
  /** Looks at the storages of this machine again, without telling anybody. Those behind a network follow by themselves, and are told of. */
  look(): Promise<void>;
  /** Looks again at `storage`, or all, tells the pages and, for `characterId`, whoever speaks or answers with it. */
  refresh(characterId: string | null, storage?: CharacterStorage): Promise<void>;
  /** What changes the folder `id` is done one after the other: each must see what the one before it has left. */
  inTurn<Result>(id: string, work: () => Promise<Result>): Promise<Result>;
  /** Saves a new character under an id that nobody has. */
  addNew(metadata: Omit<CharacterMetadata, 'id'>, files: ReadonlyMap<string, FileContent>): Promise<Character>;
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

  /** The latest choice under way, by page: with two quick clicks the second wins, however long the first takes to read. */
  const choices = new Map<string, number>();
  let latestChoice = 0;
  const turns = createTurns<string>();
  const creations = createTurns<CharacterStorage>();
  const samples = createSamplePaths(library);

  const speakerOf = ({ id, voice, personality }: CharacterMetadata): Speaker => ({
    id,
    voice,
    patterns: personality.speechPatterns,
    samplePath: samples.get(id),
  });

  const currentId = (clientId: string): string => {
    const id = chosen.get(clientId) ?? config.get(currentCharacter);
    return library.find(id) ? id : FIRST_CHARACTER;
  };

  /** Who is chosen holds for now even when the disk is full: voice and face must not come apart over it. */
  const remember = async (id: string): Promise<void> => {
    if (config.get(currentCharacter) === id) return;
    await config.set(currentCharacter.key, id).catch((error: unknown) => log.warn('character.not-remembered', { id, error }));
  };

  const near = (): CharacterStorage[] => [shipped, ...own.all().filter(({ known }) => known === undefined)];

  let isLookingFar = false;
  /** Looks at the storages behind a network, which nobody waits for, and tells the pages when something is different. */
  const lookFar = (): void => {
    const far = own.all().filter(({ known }) => known !== undefined);
    if (far.length === 0 || isLookingFar) return;
    isLookingFar = true;
    const look = async (): Promise<void> => {
      const before = JSON.stringify(library.all());
      await library.refresh(far);
      problems.tell(library.problems());
      const isDifferent = JSON.stringify(library.all()) !== before;
      if (isDifferent) deps.tell('characters.changed', { characterId: null });
      const hasMoved = await samples.locate(far);
      if (isDifferent || hasMoved) deps.changed(currentId(''));
    };
    void look()
      .catch((error: unknown) => log.warn('character.not-refreshed', { error }))
      .finally(() => (isLookingFar = false));
  };

  const core: CharactersCore = {
    deps,
    library,
    warm,
    clips: createClips({ deps, library, speakerOf }),
    storages: own.all,
    async look() {
      await library.refreshNear();
      await samples.locate(near());
      problems.tell(library.problems());
      lookFar();
    },
    async refresh(characterId, storage) {
      const storages = storage ? [storage] : [shipped, ...own.all()];
      await library.refresh(storages);
      await samples.locate(storages);
      problems.tell(library.problems());
      deps.tell('characters.changed', { characterId });
      if (characterId !== null) deps.changed(characterId);
    },
    async change(entry, metadata, files = {}) {
      await entry.storage.change(entry.character.id, { ...files, metadata: writeMetadata(metadata) });
      await core.refresh(metadata.id, entry.storage);
      return library.require(metadata.id).character;
    },
    inTurn: (id, work) => turns.take(id, work),
    async addNew(metadata, files) {
      const storage = own.forNew();
      const id = await creations.take(storage, () => saveNew({ library, storage }, metadata, files));
      await core.refresh(id, storage);
      return library.require(id).character;
    },
    async use(caller, id) {
      const entry = library.require(id);
      latestChoice += 1;
      const choice = latestChoice;
      choices.set(caller.clientId, choice);
      await warm.warm(entry).catch((error: unknown) => {
        // The page may still hold its pictures; who speaks does not hang on them.
        log.warn('character.not-warm', { id, error });
      });
      // Somebody was chosen after this one while it was read, or the page is gone.
      if (choices.get(caller.clientId) !== choice) return entry.character;
      chosen.set(caller.clientId, id);
      await remember(id);
      deps.changed(id);
      return entry.character;
    },
    speakerOf,
    async letGo(id) {
      for (const [clientId, characterId] of chosen) if (characterId === id) chosen.delete(clientId);
      if (config.get(currentCharacter) === id) await remember(FIRST_CHARACTER);
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
      void sweepSamples(core);
    },
    speaker(clientId) {
      const entry = library.find(currentId(clientId));
      return entry ? core.speakerOf(entry.metadata) : { id: FIRST_CHARACTER, voice: voiceProfileSchema.parse({}), patterns: [] };
    },
    persona: (characterId) => library.find(characterId)?.metadata,
    names: () => library.all().map(({ name }) => name),
    clientGone(clientId) {
      chosen.delete(clientId);
      choices.delete(clientId);
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
