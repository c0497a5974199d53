import { toErrorData } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { LiveWeights, RecognitionModels, SynthesisModels } from '../contracts/index.ts';
import { liveWeights, pathOf, recognitionParameters, synthesisParameters } from './load-parameters.ts';
import type { Manifest } from './manifest-schema.ts';
import { lookAt, readCatalogue } from './model-catalogue.ts';
import type { KnownModel } from './model-catalogue.ts';
import { chooseModels } from './model-choice.ts';
import type { ModelChoice, ModelOrders } from './model-choice.ts';
import { missing, unknownModel } from './model-errors.ts';
import { verifyModel } from './receipt.ts';

/** Where the chosen local language model lies. */
export interface LanguageModelFile {
  modelId: string;
  name: string;
  path: string;
  memoryBytes: number;
  /** Empty = not known (an own file). */
  languages: readonly string[];
}

/** Threads of the engines, see `planThreads`. */
export interface EngineThreads {
  recognition: number;
  synthesis: number;
}

/** The models on disk, read anew at each call: set-up, another process or the owner may have changed them. */
export interface ModelLibrary {
  all(): Promise<KnownModel[]>;
  /** Rejects with `model.unknown`. */
  find(modelId: string): Promise<KnownModel>;
  /** Who does what, judged by sizes alone. */
  choice(): Promise<ModelChoice>;
  /** Rejects with `model.missing`, `model.truncated` or `model.wrong-hash`; see {@link verifyModel} for its cost. */
  verify(known: KnownModel): Promise<void>;
  recognitionModels(threads: EngineThreads): Promise<RecognitionModels>;
  synthesisModels(threads: EngineThreads): Promise<SynthesisModels>;
  languageModel(modelId?: string): Promise<LanguageModelFile>;
  /** LivePortrait; undefined when it is not installed. Rejects like `verify` when it is damaged. */
  liveWeights(): Promise<LiveWeights | undefined>;
}

export interface ModelLibraryDeps {
  manifest: () => Promise<Manifest>;
  modelsDirectory: string;
  platform: string;
  orders: () => ModelOrders;
  log: Log;
  clock: Clock;
}

export function createModelLibrary(deps: ModelLibraryDeps): ModelLibrary {
  const all = async (): Promise<KnownModel[]> => readCatalogue(await deps.manifest(), deps.modelsDirectory, deps.platform);
  const ofJobs = async (...jobs: string[]): Promise<KnownModel[]> => (await all()).filter(({ model }) => jobs.includes(model.job));
  const choose = async (models: readonly KnownModel[]): Promise<ModelChoice> =>
    chooseModels(await filterAsync(models, isInstalled), deps.orders());
  const verify = (known: KnownModel): Promise<void> => verifyModel(known.model, known.files, known.place, { wallMs: deps.clock.wallMs() });
  /** A damaged model is left out, so that it does not keep the others from working. */
  const isGood = async (known: KnownModel): Promise<boolean> => {
    try {
      await verify(known);
      return true;
    } catch (error) {
      deps.log.warn('model left out', { modelId: known.model.id, ...toErrorData(error) });
      return false;
    }
  };
  const good = async (models: readonly KnownModel[]): Promise<KnownModel[]> => filterAsync(await filterAsync(models, isInstalled), isGood);

  return {
    all,
    verify,
    async find(modelId) {
      const known = (await all()).find(({ model }) => model.id === modelId);
      if (!known) throw unknownModel(modelId);
      return known;
    },
    choice: async () => choose(await all()),
    async recognitionModels(threads) {
      const models = await ofJobs('recognition', 'voice-activity', 'turn-detection');
      const whole = await good(models);
      // Nothing works without voice activity, so what is wrong with it says more than that it is missing.
      const detector = models.find(({ model }) => model.job === 'voice-activity');
      if (detector && !whole.includes(detector)) await verify(detector);
      return recognitionParameters(chooseModels(whole, deps.orders()), threads.recognition);
    },
    async synthesisModels(threads) {
      return synthesisParameters(chooseModels(await good(await ofJobs('synthesis', 'pronunciation')), deps.orders()), threads.synthesis);
    },
    async liveWeights() {
      const [known] = await filterAsync(await ofJobs('face'), isInstalled);
      if (!known) return undefined;
      await verify(known);
      return liveWeights(known);
    },
    async languageModel(modelId) {
      const models = await ofJobs('language');
      const known = modelId === undefined ? (await choose(models)).language : models.find(({ model }) => model.id === modelId);
      if (!known) throw modelId === undefined ? missing('A language model', '') : unknownModel(modelId);
      await verify(known);
      const { id, name, memoryBytes, languages } = known.model;
      return { modelId: id, name, path: pathOf(known, 'model'), memoryBytes, languages };
    },
  };
}

async function isInstalled(known: KnownModel): Promise<boolean> {
  return (await lookAt(known)).state === 'installed';
}

async function filterAsync<Item>(items: readonly Item[], keep: (item: Item) => Promise<boolean>): Promise<Item[]> {
  const kept = await Promise.all(items.map(keep));
  return items.filter((_, index) => kept[index] === true);
}
