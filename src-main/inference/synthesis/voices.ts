import type { ErrorData } from '../../base/errors.ts';
import { AppError, toErrorData } from '../../base/errors.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { LanguageCode, SynthesisModels, VoiceInfo, VoiceServer } from '../contracts/index.ts';
import type { Espeak } from '../espeak/espeak-library.ts';
import { openEspeak } from '../espeak/espeak-library.ts';
import { createEspeakVoice } from '../espeak/espeak-voice.ts';
import { loadPiperVoice } from '../piper/piper-voice.ts';
import { loadSherpaVoice, sherpaVoiceInfo } from '../sherpa/sherpa-voice.ts';
import { createServerVoice } from '../voice-server/server-voice.ts';
import { systemClock } from '../../base/clock.ts';
import type { Voice } from './voice.ts';

/** The voices that can speak now, and what is wrong with those that cannot. */
export interface Voices extends Disposable {
  list(): VoiceInfo[];
  problems(): ErrorData[];
  /**
   * One with the ability that is wanted, else the voice asked for, else the first, each if it speaks the language; in the end espeak. Loads it when it is first needed.
   * Rejects with `synthesis.no-voice` when nothing speaks the language.
   */
  find(language: LanguageCode, wanted?: WantedVoice): Promise<Voice>;
}

/** Which voice is wanted, besides its language. */
export interface WantedVoice {
  id?: string | undefined;
  /** One that can copy a voice, or make one from words, if there is one: it counts more than `id`, which then only stands in for it. */
  ability?: 'canClone' | 'canDesign' | undefined;
  /** Not this one: it has just failed. */
  butNot?: string | undefined;
}

/** How voices are made; the doubles of tests come in here. */
export interface VoiceLoaders {
  openEspeak: typeof openEspeak;
  loadPiperVoice: typeof loadPiperVoice;
  loadSherpaVoice: typeof loadSherpaVoice;
  createServerVoice: typeof createServerVoice;
}

interface Entry {
  info: VoiceInfo;
  load: () => Promise<Voice>;
  loading?: Promise<Voice>;
  problem?: ErrorData;
}

const REAL_LOADERS: VoiceLoaders = { openEspeak, loadPiperVoice, loadSherpaVoice, createServerVoice };

/**
 * Opens the voices of `models`: the first one of each language at once, the others when they are first asked for. A voice that cannot be
 * loaded is left out and reported, so that the rest still speaks.
 */
export async function openVoices(models: SynthesisModels, loaders: VoiceLoaders = REAL_LOADERS): Promise<Voices> {
  const problems: ErrorData[] = [];
  const espeak = openPronunciation(models, loaders, problems);
  const entries = entriesOf(models, espeak, loaders, problems);
  const tryLoad = async (entry: Entry): Promise<Voice | undefined> => {
    if (entry.problem) return undefined;
    try {
      entry.loading ??= entry.load();
      const voice = await entry.loading;
      // A voice knows more of itself once it has spoken.
      entry.info = voice.info;
      return voice;
    } catch (error) {
      entry.problem = toErrorData(error);
      problems.push(entry.problem);
      return undefined;
    }
  };
  const candidates = (language: LanguageCode, { id, ability, butNot }: WantedVoice = {}): Entry[] => {
    const usable = entries.filter((entry) => entry.info.id !== butNot);
    const speaking = usable.filter((entry) => entry.info.languages.includes(language));
    const able = speaking.filter((entry) => ability !== undefined && entry.info[ability] === true);
    return [
      ...able.filter((entry) => entry.info.id === id),
      ...able,
      ...speaking.filter((entry) => entry.info.id === id),
      ...speaking,
      ...usable.filter((entry) => entry.info.engine === 'espeak'),
    ];
  };

  const languages = new Set(entries.filter((entry) => entry.info.engine !== 'espeak').flatMap((entry) => entry.info.languages));
  for (const language of languages) await firstOf(candidates(language), tryLoad);
  return {
    list: () => entries.filter((entry) => !entry.problem).map((entry) => entry.info),
    problems: () => problems,
    async find(language, wanted) {
      const voice = await firstOf(candidates(primaryLanguage(language), wanted), tryLoad);
      if (voice) return voice;
      throw new AppError('synthesis.no-voice', `No voice speaks "${language}". Download one on the Models page.`, {
        details: { language },
      });
    },
    async dispose() {
      for (const entry of entries) if (entry.loading && !entry.problem) await (await entry.loading).dispose();
      await espeak?.dispose();
    },
  };
}

/** 'de-AT' → 'de'. */
export function primaryLanguage(language: LanguageCode): LanguageCode {
  return language.toLowerCase().split(/[-_]/u)[0] ?? language;
}

async function firstOf(entries: readonly Entry[], tryLoad: (entry: Entry) => Promise<Voice | undefined>): Promise<Voice | undefined> {
  for (const entry of entries) {
    const voice = await tryLoad(entry);
    if (voice) return voice;
  }
  return undefined;
}

function openPronunciation(models: SynthesisModels, loaders: VoiceLoaders, problems: ErrorData[]): Espeak | undefined {
  if (!models.espeak) return undefined;
  try {
    return loaders.openEspeak(models.espeak);
  } catch (error) {
    problems.push(toErrorData(error));
    return undefined;
  }
}

function entriesOf(models: SynthesisModels, espeak: Espeak | undefined, loaders: VoiceLoaders, problems: ErrorData[]): Entry[] {
  const { threads } = models;
  const sherpa = (models.sherpa ?? []).map((model): Entry => ({
    info: sherpaVoiceInfo(model),
    load: () => loaders.loadSherpaVoice(model, { espeak, threads }),
  }));
  const server = models.server ? [serverEntry(models.server, loaders)] : [];
  if (!espeak) {
    if (models.piper.length > 0 && problems.length === 0) problems.push(toErrorData(needsPronunciation()));
    return [...sherpa, ...server];
  }
  const piper = models.piper.map((model): Entry => ({
    info: { id: model.id, name: model.name, languages: model.languages, engine: 'piper' },
    load: () => loaders.loadPiperVoice(model, { espeak, threads }),
  }));
  const last = createEspeakVoice(espeak);
  return [...piper, ...sherpa, ...server, { info: last.info, load: () => Promise.resolve(last) }];
}

/** Behind the voices of this machine: it speaks when it is chosen, or can what they cannot. */
function serverEntry(server: VoiceServer, loaders: VoiceLoaders): Entry {
  const voice = loaders.createServerVoice(server, { clock: systemClock });
  return { info: voice.info, load: () => Promise.resolve(voice) };
}

function needsPronunciation(): AppError {
  return new AppError('synthesis.espeak-missing', 'The voice needs the pronunciation data (espeak-ng). Download it on the Models page.');
}
