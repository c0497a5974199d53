import type { CallInput, Character, CharacterMetadata } from '../../../src-preload/contract/index.ts';
import { encodeWav } from '../../platform/audio/index.ts';
import { ARCHIVE_TYPE, packCharacter } from './character-archive.ts';
import type { CharacterStorage } from './character-storage.ts';
import type { Characters } from './characters.ts';
import { noConsent } from './characters-errors.ts';
import type { CharactersCore } from './characters-service.ts';
import { createFromModel, createFromPortrait, duplicateCharacter, importCharacter, readSample } from './create-character.ts';
import { draftPersona } from './persona-draft.ts';

/** The contract's side of the characters. */
export function createCharacterHandlers(core: CharactersCore): Characters['handlers'] {
  const { deps, library } = core;
  const portraitPath = async (uploadId: string): Promise<string> => (await deps.uploads.locate(uploadId)).path;
  return {
    'characters.list': async (filter) => {
      // The folders may have been changed by hand, or by another machine that uses the bucket.
      await core.look();
      return library.all().filter((character) => fits(character, filter));
    },
    'characters.use': ({ id }, caller) => core.use(caller, id),
    'characters.preload': ({ id }) => core.warm.warm(library.require(id)),
    'characters.analysePortrait': async ({ portrait }) => deps.studio.analyse(await portraitPath(portrait)),
    'characters.fitAnchors': async ({ portrait, anchors }) => ({
      landmarks: await deps.studio.fitAnchors(await portraitPath(portrait), anchors),
    }),
    'characters.createFromPortrait': (input) => createFromPortrait(core, input),
    'characters.createFromModel': (input) => createFromModel(core, input),
    'characters.paint': async (request) => {
      const pictures = await deps.painter.paint(request);
      return Promise.all(
        pictures.map(async ({ bytes, contentType }) => ({
          portrait: await deps.uploads.add(bytes),
          preview: `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`,
        })),
      );
    },
    'characters.draftPersona': (request) => draftPersona(deps, request),
    'characters.update': ({ id, patch }) =>
      core.inTurn(id, async () => {
        const entry = library.requireOwn(id);
        return core.change(entry, patched(entry.metadata, patch));
      }),
    'characters.setVoiceSample': async ({ id, voiceSample, consent }) => {
      library.requireOwn(id);
      if (voiceSample !== null && !consent) throw noConsent();
      const sample = voiceSample === null ? undefined : await readSample(core, voiceSample);
      return core.inTurn(id, async () => {
        // Reading takes a while, in which the character may have changed or gone.
        const entry = library.requireOwn(id);
        const { metadata, storage } = entry;
        const former = metadata.voice.clone?.file;
        const isOver = former !== undefined && former !== sample?.file;
        return core.change(
          entry,
          { ...metadata, voice: { ...metadata.voice, ...(sample?.voice ?? { clone: null }) } },
          {
            add: new Map(sample ? [[sample.file, sample.wav]] : []),
            // On this machine an utterance may still be speaking with it: there it goes at the next start. From a bucket everybody has a copy.
            remove: isOver && storage.known !== undefined ? [former] : [],
          },
        );
      });
    },
    'characters.duplicate': ({ id }) => duplicateCharacter(core, id),
    'characters.delete': async ({ id }) => {
      await core.inTurn(id, async () => {
        const { storage } = library.requireOwn(id);
        await storage.bin(id);
        await core.refresh(null, storage);
      });
      await core.letGo(id);
    },
    'characters.restore': async ({ id }) => {
      await core.inTurn(id, async () => core.refresh(null, await restoreFrom(core, id)));
      return library.require(id).character;
    },
    'characters.export': async ({ id }) => {
      const entry = library.require(id);
      const fileName = `${safeName(entry.character.name)}.character`;
      return { fileName, url: await deps.downloads.offer(fileName, ARCHIVE_TYPE, await packCharacter(entry)) };
    },
    'characters.import': ({ file }) => importCharacter(core, file),
    'characters.speakSample': async ({ id, text }, caller) => {
      const { metadata } = library.require(id);
      const language = deps.locale();
      await deps.speak(caller, core.speakerOf(metadata), text ?? metadata.sample[language], language);
    },
    'characters.renderSample': async ({ id, text }) => {
      const { metadata } = library.require(id);
      const language = deps.locale();
      const { samples, sampleRateHz, phonemes, emotion } = await deps.render(
        core.speakerOf(metadata),
        text ?? metadata.sample[language],
        language,
      );
      const url = await deps.downloads.offer('sample.wav', 'audio/wav', encodeWav({ samples, sampleRateHz }));
      return { url, phonemes, emotion };
    },
    'characters.renderClip': core.clips.render,
    'characters.cancelClip': (_input, { clientId }) => core.clips.giveUp(clientId),
  };
}

function fits({ style, tags, createdBy }: Character, filter: CallInput<'characters.list'>): boolean {
  if (filter.style !== undefined && style !== filter.style) return false;
  if (filter.createdBy !== undefined && createdBy !== filter.createdBy) return false;
  return filter.tag === undefined || tags.includes(filter.tag);
}

/** The sample belongs to `setVoiceSample`, which sees the consent: a patch of the voice never brings or takes one. */
function patched(metadata: CharacterMetadata, patch: CallInput<'characters.update'>['patch']): CharacterMetadata {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const next: CharacterMetadata = { ...metadata, ...given };
  return { ...next, voice: { ...next.voice, clone: metadata.voice.clone } };
}

/** It may lie in the bin of any storage. */
async function restoreFrom(core: CharactersCore, id: string): Promise<CharacterStorage> {
  let failure: unknown;
  for (const storage of core.storages()) {
    try {
      await storage.restore(id);
      return storage;
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** What every file system takes. */
function safeName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N} ._-]+/gu, '').trim() || 'character';
}
