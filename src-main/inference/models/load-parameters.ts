import { join } from 'node:path';
import type { LiveWeights, RecognitionModels, SherpaVoiceModel, SynthesisModels } from '../contracts/index.ts';
import type { KnownModel } from './model-catalogue.ts';
import type { Assignment, ModelChoice } from './model-choice.ts';
import { missing } from './model-errors.ts';

/** Absolute path of the file that plays a role. Throws `model.missing` when the entry has none, which the manifest's schema rules out. */
export function pathOf(known: KnownModel, role: string): string {
  const file = known.files.find((each) => each.role === role);
  if (!file) throw missing(known.model.name, known.model.id, role);
  return join(known.place.filesFolder, file.path);
}

/** What the recognition worker loads. Throws `model.missing` without voice activity or without any recogniser. */
export function recognitionParameters(choice: ModelChoice, threads: number): RecognitionModels {
  if (!choice.voiceActivity) throw missing('Voice activity detection', 'silero-vad-v6');
  if (choice.recognisers.length === 0) throw missing('Speech recognition', 'whisper-base');
  const ofEngine = (engine: string): Assignment | undefined => choice.recognisers.find(({ known }) => known.model.engine === engine);
  const moonshine = ofEngine('moonshine')?.known;
  const whisper = ofEngine('whisper')?.known;
  const custom = ofEngine('sherpa-offline');
  return {
    voiceActivity: pathOf(choice.voiceActivity, 'model'),
    ...(choice.turnDetector ? { turnDetector: pathOf(choice.turnDetector, 'model') } : {}),
    ...(moonshine
      ? {
          moonshine: {
            encoder: pathOf(moonshine, 'encoder'),
            mergedDecoder: pathOf(moonshine, 'mergedDecoder'),
            tokens: pathOf(moonshine, 'tokens'),
          },
        }
      : {}),
    ...(whisper
      ? { whisper: { encoder: pathOf(whisper, 'encoder'), decoder: pathOf(whisper, 'decoder'), tokens: pathOf(whisper, 'tokens') } }
      : {}),
    ...(custom ? { custom: { languages: custom.languages, modelConfig: absoluteConfig(custom.known) } } : {}),
    threads,
  };
}

/** The six files of LivePortrait. */
export function liveWeights(known: KnownModel): LiveWeights {
  return {
    appearance: pathOf(known, 'appearance'),
    motion: pathOf(known, 'motion'),
    warping: pathOf(known, 'warping'),
    stitching: pathOf(known, 'stitching'),
    eyes: pathOf(known, 'eyes'),
    lips: pathOf(known, 'lips'),
  };
}

/** What the synthesis worker loads: every installed voice, those of the owner's choice first, and espeak for all that no voice speaks. */
export function synthesisParameters(choice: ModelChoice, threads: number): SynthesisModels {
  const piper = choice.voices.filter(({ known }) => known.model.engine === 'piper').map(({ known }) => known);
  const sherpa = choice.voices.filter(({ known }) => known.model.engine === 'sherpa-voice');
  return {
    piper: piper.map((known) => ({
      id: known.model.id,
      name: known.model.name,
      model: pathOf(known, 'model'),
      config: pathOf(known, 'config'),
      languages: known.model.languages,
    })),
    ...(sherpa.length > 0 ? { sherpa: sherpa.map(sherpaVoice) } : {}),
    ...(choice.pronunciation
      ? { espeak: { library: pathOf(choice.pronunciation, 'library'), dataDirectory: choice.pronunciation.place.filesFolder } }
      : {}),
    threads,
  };
}

/** The worker asks these voices before Piper's, so that only the languages are handed out that they are the choice for. */
function sherpaVoice({ known, languages }: Assignment): SherpaVoiceModel {
  const reference = known.files.find(({ role }) => role === 'reference');
  return {
    id: known.model.id,
    name: known.model.name,
    languages,
    modelConfig: absoluteConfig(known),
    ...(reference ? { reference: join(known.place.filesFolder, reference.path) } : {}),
  };
}

/** The entry's `modelConfig` with the names of its files made absolute. */
function absoluteConfig(known: KnownModel): Record<string, unknown> {
  const names = new Set(known.files.map((file) => file.path));
  const resolve = (value: unknown): unknown => {
    if (typeof value === 'string') return names.has(value) ? join(known.place.filesFolder, value) : value;
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]));
    return value;
  };
  return Object.fromEntries(Object.entries(known.model.modelConfig ?? {}).map(([key, value]) => [key, resolve(value)]));
}
