import { join } from 'node:path';
import { systemClock, type Clock } from './base/clock.ts';
import { createDisposeBag, type Disposable } from './base/dispose.ts';
import type { Log } from './base/log.ts';
import { createLanguage, languageSettings } from './inference/language/index.ts';
import { createModelsHandlers, createModelsService, modelsSettings } from './inference/models/index.ts';
import { agentSettings, createAgent } from './modules/agent/index.ts';
import { conversationSettings, createConversation, createHistoryHandlers, createMessageLog } from './modules/conversation/index.ts';
import { createAppHandlers, createFirstRun, shellSettings, uiLocale, windowSettings, type Desktop } from './modules/shell/index.ts';
import { createConfig, createSettingsHandlers, logLevel, platformSettings, type Config, type Environment } from './platform/config/index.ts';
import { createContractHost, createPageHub, type AttachAudio, type ContractHost, type PageHub } from './platform/contract-host/index.ts';
import { createNoticeBoard, type NoticeBoard } from './platform/notices/index.ts';
import { createAuditLog, createLogger, createMetrics } from './platform/observability/index.ts';
import { createSecrets, createSecretsHandlers, openKeyring, type SystemKeyStore } from './platform/secrets/index.ts';
import { openStore } from './platform/store/index.ts';
import type { WorkerLauncher } from './platform/workers/index.ts';
import { createVitals } from './compose/vitals.ts';
import { createDoctor } from './compose/doctor.ts';
import { createWorkers } from './compose/workers.ts';

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
  config: Config;
  notices: NoticeBoard;
  log: Log;
  /** Loads the models in the background; called once the doors are open. */
  begin(): void;
}

/** Builds the modules and joins them, in dependency order. The only place where that happens. */
export async function compose(options: CoreOptions): Promise<Core> {
  const { environment, desktop } = options;
  const clock = options.clock ?? systemClock;
  const bag = createDisposeBag();

  // Platform: what every module may use.
  const log = bag.add(createLogger({ dataDirectory: environment.dataDirectory, level: 'info' }));
  const metrics = createMetrics();
  const hub = createPageHub({ log, checkEvents: environment.isTest });
  const { tell } = hub;
  const notices = createNoticeBoard({ tell });
  const config = await createConfig({
    dataDirectory: environment.dataDirectory,
    definitions: [...platformSettings, ...windowSettings, ...shellSettings, ...modelsSettings, ...languageSettings, ...agentSettings, ...conversationSettings],
    clock,
    log,
  });
  const keyring = await openKeyring({ dataDirectory: environment.dataDirectory, clock, log, ...(options.systemKeyStore ? { systemKeyStore: options.systemKeyStore } : {}) });
  const audit = createAuditLog({ dataDirectory: environment.dataDirectory, keys: keyring, clock, log });
  const secrets = bag.add(await createSecrets({ dataDirectory: environment.dataDirectory, keyring, audit, clock, log }));
  const store = bag.add(
    await openStore({
      dataDirectory: environment.dataDirectory,
      keyring,
      nativeBinding: environment.sqliteBinding,
      clock,
      log,
      keepBackups: () => config.get(backupCount),
      historyDays: () => config.get(historyDays),
    }),
  );
  const workers = bag.add(createWorkers({ launch: options.createLauncher(log), clock, log, notices, metrics }));
}
