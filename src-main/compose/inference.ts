import type { Clock } from '../base/clock.ts';
import type { DisposeBag } from '../base/dispose.ts';
import type { LanguageModel } from '../inference/contracts/index.ts';
import { createGatedModel, createLanguage, type Language } from '../inference/language/index.ts';
import { createModelsService, type ModelsService } from '../inference/models/index.ts';
import type { KillSwitchService } from '../modules/killswitch/index.ts';
import type { CoreOptions } from '../compose.ts';
import { shippedModelsDirectory, type Platform } from './platform.ts';

/** Engines behind contracts. */
export interface ComposedInference {
  models: ModelsService;
  language: Language;
  /** The language model behind the gate of the off-switch: what every module is given. */
  model: LanguageModel;
}

export function composeInference(parts: {
  options: CoreOptions;
  platform: Platform;
  clock: Clock;
  bag: DisposeBag;
  killSwitch: KillSwitchService;
  release: Parameters<typeof createModelsService>[0]['release'];
}): ComposedInference {
  const { platform, clock, bag, killSwitch, release } = parts;
  const { config, hub, log, secrets, workers } = platform;
  const { cacheDirectory, dataDirectory, modelsDirectory } = parts.options.environment;
  const models = bag.add(
    createModelsService({
      modelsDirectory,
      cacheDirectory,
      shippedDirectory: shippedModelsDirectory(),
      config,
      tell: hub.tell,
      log,
      clock,
      release,
      shut: () => killSwitch.gate.signal('outgoing'),
    }),
  );
  const language = bag.add(
    createLanguage({
      worker: workers.language,
      modelFile: (modelId) => models.languageModel(modelId),
      useModel: (modelId) => models.use(modelId),
      config,
      readSecret: (name) => secrets.get(name),
      dataDirectory,
      clock,
      log,
    }),
  );
  bag.add(
    killSwitch.register({
      effect: 'inference',
      async stop() {
        const wasRunning = workers.language.state().state === 'running';
        await workers.language.stop({ now: true });
        return wasRunning ? [language.model.name] : [];
      },
    }),
  );
  return { models, language, model: createGatedModel(language.model, killSwitch.gate) };
}
