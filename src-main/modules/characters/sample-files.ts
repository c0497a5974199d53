import type { CharacterLibrary } from './character-library.ts';
import type { CharacterStorage } from './character-storage.ts';
import type { CharactersCore } from './characters-service.ts';

/** A voice sample as the app names it: by its content, so that another sample is another file. */
export const SAMPLE_NAME = /^voice-[\w-]{1,64}\.wav$/;

/** Where the voice samples lie on this machine. Who speaks must be known without waiting, so they are looked for beforehand. */
interface SamplePaths {
  /** Looks at the characters of these storages; resolves with whether something is different. Never rejects. */
  locate(storages: readonly CharacterStorage[]): Promise<boolean>;
  get(id: string): string | undefined;
}

export function createSamplePaths(library: CharacterLibrary): SamplePaths {
  const paths = new Map<string, string>();
  return {
    async locate(storages) {
      let isDifferent = false;
      const put = (id: string, path: string | undefined): void => {
        isDifferent ||= paths.get(id) !== path;
        if (path === undefined) paths.delete(id);
        else paths.set(id, path);
      };
      for (const id of paths.keys()) if (!library.find(id)) put(id, undefined);
      await Promise.all(
        library.all().map(async ({ id }) => {
          const entry = library.find(id);
          if (!entry || !storages.includes(entry.storage)) return;
          const file = entry.metadata.voice.clone?.file;
          put(id, file === undefined ? undefined : await entry.storage.locate(id, file).catch(() => undefined));
        }),
      );
      return isDifferent;
    },
    get: (id) => paths.get(id),
  };
}

/**
 * Deletes samples on this machine that their characters no longer name. They stay until the next start, since somebody may be speaking with them when they
 * are taken back. Never rejects.
 */
export async function sweepSamples({ library, storages, inTurn, refresh, deps }: CharactersCore): Promise<void> {
  const onThisMachine = new Set(storages().filter(({ known }) => known === undefined));
  for (const { id } of library.all()) {
    await inTurn(id, async () => {
      const entry = library.find(id);
      if (!entry || !onThisMachine.has(entry.storage)) return;
      const named = entry.metadata.voice.clone?.file;
      const remove = entry.files.map(({ name }) => name).filter((name) => SAMPLE_NAME.test(name) && name !== named);
      if (remove.length === 0) return;
      await entry.storage.change(id, { remove });
      await refresh(null, entry.storage);
    }).catch((error: unknown) => deps.log.warn('character.not-purged', { id, error }));
  }
}
