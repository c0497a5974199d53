import { systemClock, type Clock } from './base/clock.ts';
import { buildOrDispose, type Disposable, type DisposeBag } from './base/dispose.ts';
import { toErrorData } from './base/errors.ts';
import type { Log } from './base/log.ts';
import { createLanguage, type Language } from './inference/language/index.ts';
import { createModelsService, type ModelsService } from './inference/models/index.ts';
import { createAgent } from './modules/agent/index.ts';
import { createConversation, createMessageLog, type Conversation } from './modules/conversation/index.ts';
import { uiLocale, type Desktop } from './modules/shell/index.ts';
import type { Config, Environment } from './platform/config/index.ts';
import type { AttachAudio, ContractHost, PageHub, PageResources } from './platform/contract-host/index.ts';
import type { NoticeBoard } from './platform/notices/index.ts';
import type { SystemKeyStore } from './platform/secrets/index.ts';
import type { WorkerLauncher } from './platform/workers/index.ts';
import { composeCharacters } from './compose/characters.ts';
import { composeHost } from './compose/host.ts';
import { composePlatform, shippedModelsDirectory, unsavedNotices } from './compose/platform.ts';
import { createRelease, joinWorkers } from './compose/join-workers.ts';
import { createLanguageNotice } from './compose/language-notice.ts';

/** What differs between the worlds: with a window, without one, in a test. */
export interface CoreOptions {
  environment: Environment;
  door: 'window' | 'browser';
  version: string;
  createLauncher: (log: Log) => WorkerLauncher;
  clock?: Clock;
  systemKeyStore?: SystemKeyStore;
  /** What only a desktop can do; absent on a server. */
  desktop?: Desktop;
}

/** The running core. Doors are opened by the entry and joined with `host`, `hub` and `attachAudio`. */
export interface Core extends Disposable {
  host: ContractHost;
  hub: PageHub;
  attachAudio: AttachAudio;
  /** Uploads, files of characters and downloads, for whoever serves a page. */
  resources: PageResources;
  config: Config;
  notices: NoticeBoard;
  log: Log;
  /** Loads the models in the background; called once the doors are open. */
  begin(): void;
}

/** Who is at the other end of a line. */
const WORKER_OF = { capture: 'recognition', playback: 'synthesis', portrait: 'portrait' } as const;

/** Builds the modules and joins them, in dependency order. The only place where that happens. Rejects with `core.already-running`. */
export function compose(options: CoreOptions): Promise<Core> {
  return buildOrDispose((bag) => build(options, bag));
}

async function build(options: CoreOptions, bag: DisposeBag): Promise<Core> {
  const clock = options.clock ?? systemClock;
  const platform = await composePlatform(options, clock, bag);
  const { config, hub, log, metrics, notices, store, workers } = platform;
  const { desktop, environment } = options;
  const locale = (): 'en' | 'de' => uiLocale(config, desktop);

  // Inference: engines behind contracts.
  const models: ModelsService = bag.add(
    createModelsService({
      modelsDirectory: environment.modelsDirectory,
      cacheDirectory: environment.cacheDirectory,
      shippedDirectory: shippedModelsDirectory(),
      config,
      tell: hub.tell,
      log,
      clock,
      release: (model) => release(model),
    }),
  );
  const language: Language = bag.add(
    createLanguage({
      worker: workers.language,
      modelFile: (modelId) => models.languageModel(modelId),
      useModel: (modelId) => models.use(modelId),
      config,
      readSecret: (name) => platform.secrets.get(name),
      dataDirectory: environment.dataDirectory,
      clock,
      log,
    }),
  );

  // Modules: what the app does.
  const { characters, live, resources } = await composeCharacters({
    options,
    platform,
    clock,
    bag,
    model: language.model,
    locale,
    changed: (characterId) => conversation.characterChanged(characterId),
    speak: (...sample) => conversation.speakSample(...sample),
    render: (...speech) => conversation.renderSpeech(...speech),
    liveWeights: models.liveWeights,
  });
  const agent = createAgent({ model: language.model, store, config, persona: characters.persona, clock, log });
  const messages = bag.add(createMessageLog({ store, tell: hub.tell, clock, log, ...unsavedNotices(notices) }));
  const conversation: Conversation = createConversation({
    clock,
    agent,
    store,
    config,
    messages,
    tell: hub.tell,
    openAudio: hub.openAudio,
    notices,
    recognition: workers.recognition,
    synthesis: workers.synthesis,
    character: characters.speaker,
    locale,
    observer: {
      turnLatency: (latency) => {
        for (const [stage, ms] of Object.entries(latency)) if (ms !== undefined) metrics.observeMs(stage, ms);
      },
      answered: createLanguageNotice({ model: language.model, notices }),
      interruption: (kind) => metrics.count(kind === 'interrupted' ? 'interruptions' : 'false_interruptions_resumed'),
    },
  });
  bag.add(conversation);
  bag.add(hub.onGone(conversation.clientGone));
  bag.add(hub.onGone(characters.clientGone));
  bag.add(hub.onGone(live.clientGone));
  bag.add(
    store.onReplaced(() => {
      conversation.historyReplaced();
      notices.setPart({ part: 'store', status: store.isLasting() ? 'ready' : 'broken' });
    }),
  );
  const release: ReturnType<typeof createRelease> = createRelease({ language, workers, isTalking: conversation.isTalking });
  joinWorkers({ bag, models, workers, conversation, language, notices, config, log });

  const host = composeHost({ options, platform, clock, bag, models, language, characters, live, conversation, locale });

  return {
    host,
    hub,
    resources,
    config,
    notices,
    log,
    attachAudio: (kind, sessionId, media) => workers[WORKER_OF[kind]].attachPort(sessionId, media),
    begin() {
      language.begin();
      for (const worker of [workers.recognition, workers.synthesis])
        worker.start().catch((error: unknown) => log.warn('worker.not-started', { worker: worker.name, ...toErrorData(error) }));
    },
    dispose: () => bag.dispose(),
  };
}
