import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import type { SynthesisModels } from '../../../../src-main/inference/contracts/index.ts';
import type { Espeak } from '../../../../src-main/inference/espeak/espeak-library.ts';
import { openVoices, primaryLanguage, type VoiceLoaders } from '../../../../src-main/inference/synthesis/voices.ts';
import { createScriptedEspeak } from '../../../doubles/scripted-espeak.ts';
import { createScriptedVoice } from '../../../doubles/scripted-voice.ts';

const piperModel = (id: string, ...languages: string[]) => ({ id, name: id, languages, model: `${id}.onnx`, config: `${id}.json` });
const MODELS: SynthesisModels = {
  piper: [piperModel('joe', 'en'), piperModel('amy', 'en'), piperModel('thorsten', 'de')],
  sherpa: [{ id: 'kokoro', name: 'Kokoro', languages: ['ja', 'en'], modelConfig: {} }],
  espeak: { library: 'libespeak-ng.so', dataDirectory: 'data' },
  threads: 2,
};

function setUp(broken: readonly string[] = [], espeak: Espeak | AppError = createScriptedEspeak({ languages: ['cs', 'de', 'en'] })) {
  const loaded: string[] = [];
  const voices = new Map<string, ReturnType<typeof createScriptedVoice>>();
  const load = (id: string, languages: string[], engine: 'piper' | 'sherpa') => {
    loaded.push(id);
    if (broken.includes(id)) return Promise.reject(new AppError('synthesis.bad-model', `${id} is damaged.`));
    const voice = createScriptedVoice({ info: { id, languages, engine } });
    voices.set(id, voice);
    return Promise.resolve(voice);
  };
  const loaders: VoiceLoaders = {
    openEspeak() {
      if (espeak instanceof AppError) throw espeak;
      return espeak;
    },
    loadPiperVoice: ({ id, languages }) => load(id, languages, 'piper'),
    loadSherpaVoice: ({ id, languages }) => load(id, languages, 'sherpa'),
    createServerVoice: ({ model }) =>
      createScriptedVoice({ info: { id: 'voice-server', name: model, languages: ['en', 'fr'], engine: 'server', canClone: true } }),
  };
  return { loaded, voices, espeak, open: (models = MODELS) => openVoices(models, loaders) };
}

describe('openVoices', () => {
  it('loads the first voice of each language at once and the others when they are asked for', async () => {
    const { open, loaded } = setUp();
    const voices = await open();
    expect(loaded).toEqual(['joe', 'thorsten', 'kokoro']);
    expect((await voices.find('en', { id: 'amy' })).info.id).toBe('amy');
    expect((await voices.find('en', { id: 'amy' })).info.id).toBe('amy');
    expect(loaded).toEqual(['joe', 'thorsten', 'kokoro', 'amy']);
    expect(voices.list().map(({ id }) => id)).toEqual(['joe', 'amy', 'thorsten', 'kokoro', 'espeak-ng']);
  });

  it.each([
    ['the first voice of the language', 'en', undefined, 'joe'],
    ['the voice asked for', 'en', 'kokoro', 'kokoro'],
    ['another voice when the one asked for does not speak the language', 'de', 'joe', 'thorsten'],
    ['another voice when the one asked for is not there', 'en', 'gone', 'joe'],
    ['a region of a language', 'de-AT', undefined, 'thorsten'],
    ['espeak for every other language', 'cs', undefined, 'espeak-ng'],
    ['espeak even for a language that it does not list', 'xx', undefined, 'espeak-ng'],
    ['espeak when it is asked for', 'en', 'espeak-ng', 'espeak-ng'],
  ])('finds %s', async (_name, language, id, expected) => {
    const voices = await setUp().open();
    expect((await voices.find(language, { id })).info.id).toBe(expected);
  });

  it.each([
    ['a voice of this machine before the server', 'en', {}, 'joe'],
    ['the server when it is chosen', 'en', { id: 'voice-server' }, 'voice-server'],
    ['the server for what only it can do', 'en', { ability: 'canClone' as const }, 'voice-server'],
    ['one that can do it before the voice that stands in for it', 'en', { id: 'amy', ability: 'canClone' as const }, 'voice-server'],
    ['the voice that stands in when nothing can do it', 'en', { id: 'amy', ability: 'canDesign' as const }, 'amy'],
    ['the voice that stands in for the server that failed', 'en', { id: 'amy', butNot: 'voice-server' }, 'amy'],
    ['the best there is when nothing can do it', 'en', { ability: 'canDesign' as const }, 'joe'],
    ['the server for a language that no voice here speaks', 'fr', {}, 'voice-server'],
    ['another voice in place of the server that failed', 'fr', { butNot: 'voice-server' }, 'espeak-ng'],
  ])('finds %s', async (_name, language, wanted, expected) => {
    const voices = await setUp().open({
      ...MODELS,
      server: { baseUrl: 'http://127.0.0.1:1/v1', model: 'm', voice: '', remoteAllowed: false },
    });
    expect((await voices.find(language, wanted)).info.id).toBe(expected);
  });

  it('leaves out a voice that cannot be loaded, tells why, and lets the next one speak', async () => {
    const { open } = setUp(['joe', 'thorsten']);
    const voices = await open();
    expect(voices.problems()).toMatchObject([
      { code: 'synthesis.bad-model', message: 'joe is damaged.' },
      { code: 'synthesis.bad-model', message: 'thorsten is damaged.' },
    ]);
    expect((await voices.find('en', { id: 'joe' })).info.id).toBe('amy');
    expect((await voices.find('de')).info.id).toBe('espeak-ng');
    expect(voices.list().map(({ id }) => id)).toEqual(['amy', 'kokoro', 'espeak-ng']);
    expect(voices.problems()).toHaveLength(2);
  });

  it('speaks with what needs no pronunciation data when that is damaged', async () => {
    const { open, loaded } = setUp([], new AppError('synthesis.espeak-missing', 'Download it.'));
    const voices = await open();
    expect(loaded).toEqual(['kokoro']);
    expect((await voices.find('en')).info.id).toBe('kokoro');
    expect(voices.problems()).toMatchObject([{ code: 'synthesis.espeak-missing' }]);
    await expect(voices.find('de')).rejects.toMatchObject({ code: 'synthesis.no-voice', details: { language: 'de' } });
  });

  it('says that the pronunciation data is missing when voices need it', async () => {
    const { espeak: _espeak, sherpa: _sherpa, ...models } = MODELS;
    const voices = await setUp().open(models);
    expect([voices.list(), voices.problems()]).toMatchObject([[], [{ code: 'synthesis.espeak-missing' }]]);
  });

  it('lets every voice go that was loaded, then espeak', async () => {
    const espeak = createScriptedEspeak({ languages: ['en'] });
    const { open, voices } = setUp(['thorsten'], espeak);
    const opened = await open();
    await opened.dispose();
    expect([...voices].map(([id, voice]) => [id, voice.disposed])).toEqual([
      ['joe', true],
      ['kokoro', true],
    ]);
    expect(espeak.disposed).toBe(true);
  });
});

describe('primaryLanguage', () => {
  it.each([
    ['de-AT', 'de'],
    ['pt_BR', 'pt'],
    ['EN', 'en'],
    ['', ''],
  ])('%j → %j', (language, primary) => {
    expect(primaryLanguage(language)).toBe(primary);
  });
});
