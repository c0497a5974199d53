import type { Character } from '../../../src-preload/contract/index.ts';
import type { Services } from '../../app/services.ts';
import { talkMode } from '../../app/talk-mode.ts';
import { CallError, uploadFile } from '../../bridge/index.ts';
import { saveFrom } from '../../ui/save-blob.ts';
import { fileKind, nameFromFile } from './file-kind.ts';
import { expectSample } from './own-voice.ts';

/** Lets a character say its sample (or `text`). The sound goes through the session's loudspeaker, so one is opened where there is none. */
export async function speakSample({ bridge, voice, chat, settings }: Services, id: string, text?: string): Promise<void> {
  if (voice.state.getState().session === 'off') await voice.start(chat.getState().currentId, talkMode(settings.getState()));
  const takeBack = expectSample(bridge, id);
  try {
    await bridge.call('characters.speakSample', text === undefined || text.trim() === '' ? { id } : { id, text: text.trim() });
  } catch (error) {
    takeBack();
    throw error;
  }
}

/** A copy of one's own, which can be changed. */
export async function duplicateCharacter({ bridge, characters, view }: Services, id: string): Promise<void> {
  const { fail, toast, showCharacters } = view.getState();
  try {
    const copy = await bridge.call('characters.duplicate', { id });
    characters.getState().put(copy);
    showCharacters({ at: 'editor', id: copy.id, isNew: false });
    toast({ kind: 'done', content: { key: 'characterDuplicated', values: { name: copy.name } } });
  } catch (error) {
    fail(error);
  }
}

/** To the bin, with a way back in the message that says so. */
export async function deleteCharacter({ bridge, characters, view }: Services, { id, name }: Character): Promise<void> {
  const { fail, toast } = view.getState();
  const restore = async (): Promise<void> => {
    characters.getState().put(await bridge.call('characters.restore', { id }));
  };
  try {
    await bridge.call('characters.delete', { id });
    view.setState({ charactersPlace: { at: 'gallery' } });
    await characters.getState().load();
    toast({ kind: 'undo', content: { key: 'characterDeleted', values: { name } }, undo: () => void restore().catch(fail) });
  } catch (error) {
    fail(error);
  }
}

/** The whole character as a file, through the browser's own download. */
export async function exportCharacter({ bridge, view }: Services, id: string): Promise<void> {
  try {
    const { fileName, url } = await bridge.call('characters.export', { id });
    saveFrom(url, fileName);
    view.getState().toast({ kind: 'done', content: { key: 'exported', values: { fileName } } });
  } catch (error) {
    view.getState().fail(error);
  }
}

/** Takes in whatever file was dropped or chosen: a picture begins a new character, the others are whole ones. Failures become a message. */
export async function takeFile(services: Services, file: File): Promise<void> {
  const { bridge, characters, view } = services;
  const { fail, toast, showCharacters } = view.getState();
  try {
    switch (fileKind(file)) {
      case 'picture':
        return showCharacters({ at: 'new', file });
      case 'model': {
        const model = await uploadFile(file);
        const created = await bridge.call('characters.createFromModel', { model, name: nameFromFile(file.name), description: '' });
        characters.getState().put(created);
        return showCharacters({ at: 'editor', id: created.id, isNew: true });
      }
      case 'character': {
        const imported = await bridge.call('characters.import', { file: await uploadFile(file) });
        characters.getState().put(imported);
        toast({ kind: 'done', content: { key: 'characterImported', values: { name: imported.name } } });
        return;
      }
      case 'unknown':
        throw new CallError(UNKNOWN_FILE);
    }
  } catch (error) {
    fail(error);
  }
}

/** Every kind of file that the Characters screen takes, for file dialogs. */
export const TAKEN_FILES = 'image/*,.vrm,.glb,.character';

const UNKNOWN_FILE = {
  code: 'character.unknown-file',
  message: 'This file is no picture, no 3D model (VRM, GLB) and no saved character. Choose one of those.',
  details: {},
};
