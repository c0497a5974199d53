import { describe, expect, it } from 'vitest';
import { recognitionParameters, synthesisParameters } from '../../../../src-main/inference/models/load-parameters.ts';
import type { KnownModel } from '../../../../src-main/inference/models/model-catalogue.ts';
import { chooseModels, idsInUse } from '../../../../src-main/inference/models/model-choice.ts';
import type { ManifestModel } from '../../../../src-main/inference/models/manifest-schema.ts';
import { modelWith } from '../../../doubles/model-bench.ts';

const NO_ORDER = { language: [], recognition: [], synthesis: [] };
const body = Buffer.from('x');

function known(
  id: string,
  engine: ManifestModel['engine'],
  job: ManifestModel['job'],
  languages: string[],
  roles: string[],
  more: Partial<ManifestModel> = {},
): KnownModel {
  const files = (roles.length > 0 ? roles : ['']).map((role) => ({ body, path: `${role || 'model'}.bin`, ...(role ? { role } : {}) }));
  const model = modelWith(files, { id, name: id, engine, job, languages, ...more });
  const folder = `/models/${id}`;
  return { model, origin: 'manifest', place: { folder, filesFolder: folder }, files: model.files };
}

const small = known('small', 'llama', 'language', ['en'], ['model']);
const large = known('large', 'llama', 'language', ['en'], ['model']);
const moonshine = known('moonshine', 'moonshine', 'recognition', ['en'], ['encoder', 'mergedDecoder', 'tokens']);
const whisper = known('whisper', 'whisper', 'recognition', ['en', 'de', 'fr'], ['encoder', 'decoder', 'tokens']);
const parakeet = known('parakeet', 'sherpa-offline', 'recognition', ['en', 'de'], [], {
  modelConfig: { transducer: { encoder: 'model.bin' }, modelType: 'nemo_transducer', numThreads: 3 },
});
const joe = known('joe', 'piper', 'synthesis', ['en'], ['model', 'config']);
const amy = known('amy', 'piper', 'synthesis', ['en'], ['model', 'config']);
const thorsten = known('thorsten', 'piper', 'synthesis', ['de'], ['model', 'config']);
const supertonic = known('supertonic', 'sherpa-voice', 'synthesis', ['en', 'de', 'fr'], [], {
  modelConfig: { supertonic: { vocoder: 'model.bin' } },
});
const espeak = known('espeak', 'espeak', 'pronunciation', ['en', 'de'], ['dataDirectory', 'library']);
const silero = known('silero', 'silero', 'voice-activity', [], ['model']);
const smartTurn = known('smart-turn', 'smart-turn', 'turn-detection', [], ['model']);

const assigned = (order: string[]) =>
  chooseModels([moonshine, whisper, parakeet], { ...NO_ORDER, recognition: order }).recognisers.map(({ known: { model }, languages }) => [
    model.id,
    languages,
  ]);
const supertonicLanguages = (order: string[]) =>
  synthesisParameters(chooseModels([joe, supertonic], { ...NO_ORDER, synthesis: order }), 2).sherpa?.[0]?.languages;

describe('chooseModels', () => {
  it('takes the first of the catalogue until the owner prefers another', () => {
    expect(chooseModels([small, large], NO_ORDER).language?.model.id).toBe('small');
    expect(chooseModels([small, large], { ...NO_ORDER, language: ['gone', 'large'] }).language?.model.id).toBe('large');
    expect(chooseModels([], NO_ORDER).language).toBeUndefined();
  });

  it('gives each language to the first recogniser that knows it', () => {
    expect(assigned([])).toEqual([
      ['moonshine', ['en']],
      ['whisper', ['de', 'fr']],
    ]);
    expect(assigned(['parakeet'])).toEqual([
      ['parakeet', ['en', 'de']],
      ['whisper', ['fr']],
    ]);
    expect(assigned(['whisper'])).toEqual([['whisper', ['en', 'de', 'fr']]]);
  });

  it('takes one recogniser of each engine only, as the worker does', () => {
    const other = known('whisper-small', 'whisper', 'recognition', ['en', 'de', 'fr', 'ja'], ['encoder', 'decoder', 'tokens']);
    const { recognisers } = chooseModels([whisper, other], { ...NO_ORDER, recognition: ['whisper-small'] });
    expect(recognisers.map(({ known: { model } }) => model.id)).toEqual(['whisper-small']);
  });

  it('says which models do something', () => {
    const choice = chooseModels([small, large, moonshine, whisper, joe, amy, thorsten, espeak, silero, smartTurn], NO_ORDER);
    expect([...idsInUse(choice)].toSorted()).toEqual([
      'espeak',
      'joe',
      'moonshine',
      'silero',
      'small',
      'smart-turn',
      'thorsten',
      'whisper',
    ]);
  });
});

describe('recognitionParameters', () => {
  it('hands absolute paths to the worker', () => {
    const choice = chooseModels([moonshine, whisper, silero, smartTurn], NO_ORDER);
    expect(recognitionParameters(choice, 2)).toEqual({
      voiceActivity: '/models/silero/model.bin',
      turnDetector: '/models/smart-turn/model.bin',
      moonshine: {
        encoder: '/models/moonshine/encoder.bin',
        mergedDecoder: '/models/moonshine/mergedDecoder.bin',
        tokens: '/models/moonshine/tokens.bin',
      },
      whisper: { encoder: '/models/whisper/encoder.bin', decoder: '/models/whisper/decoder.bin', tokens: '/models/whisper/tokens.bin' },
      threads: 2,
    });
  });

  it("makes the file names of a family's own configuration absolute and leaves the rest of it alone", () => {
    const choice = chooseModels([whisper, parakeet, silero], { ...NO_ORDER, recognition: ['parakeet'] });
    expect(recognitionParameters(choice, 2).custom).toEqual({
      languages: ['en', 'de'],
      modelConfig: { transducer: { encoder: '/models/parakeet/model.bin' }, modelType: 'nemo_transducer', numThreads: 3 },
    });
  });

  it('refuses to start without voice activity or without any recogniser', () => {
    expect(() => recognitionParameters(chooseModels([whisper], NO_ORDER), 2)).toThrow('Voice activity detection is not installed');
    expect(() => recognitionParameters(chooseModels([silero], NO_ORDER), 2)).toThrow('Speech recognition is not installed');
  });
});

describe('synthesisParameters', () => {
  it('lists the preferred voice first and espeak for the rest', () => {
    const choice = chooseModels([joe, amy, thorsten, espeak], { ...NO_ORDER, synthesis: ['amy'] });
    const parameters = synthesisParameters(choice, 2);
    expect(parameters.piper.map(({ id }) => id)).toEqual(['amy', 'joe', 'thorsten']);
    expect(parameters.piper[0]).toEqual({
      id: 'amy',
      name: 'amy',
      model: '/models/amy/model.bin',
      config: '/models/amy/config.bin',
      languages: ['en'],
    });
    expect(parameters.espeak).toEqual({ library: '/models/espeak/library.bin', dataDirectory: '/models/espeak' });
    expect(parameters).not.toHaveProperty('sherpa');
  });

  it('hands out of a voice of many languages only those that no preferred voice speaks', () => {
    expect(supertonicLanguages([])).toEqual(['de', 'fr']);
    expect(supertonicLanguages(['supertonic'])).toEqual(['en', 'de', 'fr']);
  });

  it('works with nothing installed', () => {
    expect(synthesisParameters(chooseModels([], NO_ORDER), 2)).toEqual({ piper: [], threads: 2 });
  });
});
