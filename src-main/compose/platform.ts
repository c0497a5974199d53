import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../base/clock.ts';
import { createDisposeBag, type DisposeBag } from '../base/dispose.ts';
import { toErrorData, type ErrorData } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { faceServerSettings } from '../inference/face-servers/index.ts';
import { imagesSettings } from '../inference/images/index.ts';
import { languageSettings } from '../inference/language/index.ts';
import { modelsSettings } from '../inference/models/index.ts';
import { voiceServerSettings } from '../inference/voice-server/index.ts';
import { agentSettings } from '../modules/agent/index.ts';
import { charactersSettings } from '../modules/characters/index.ts';
import { conversationSettings } from '../modules/conversation/index.ts';
import { killSwitchSettings } from '../modules/killswitch/index.ts';
import { shellSettings, windowSettings } from '../modules/shell/index.ts';
import { avrSettings, telephonySettings } from '../modules/telephony/index.ts';
import { toolsSettings } from '../modules/tools/index.ts';
import { claimDataFolder } from '../platform/config/data-folder-claim.ts';
import { backupCount, createConfig, historyDays, logLevel, platformSettings, type Config } from '../platform/config/index.ts';
import { createPageHub, type PageHub } from '../platform/contract-host/index.ts';
import { createNoticeBoard, type NoticeBoard } from '../platform/notices/index.ts';
import { createAuditLog, createLogger, createMetrics, type AuditLog, type Metrics } from '../platform/observability/index.ts';
import { createRedactor, redactionPatterns, redactionSettings, type LearningRedactor } from '../platform/redaction/index.ts';
import {
  createSecrets,
  createVault,
  openKeyring,
  watchSecrets,
  type Keyring,
  type Secrets,
  type Vault,
} from '../platform/secrets/index.ts';
import { openStore, type HistoryStore } from '../platform/store/index.ts';
import type { CoreOptions } from '../compose.ts';
import { createWorkers, type Workers } from './workers.ts';

/** What every module may use, opened in dependency order. */
export interface Platform {
  log: Log;
  metrics: Metrics;
  hub: PageHub;
  notices: NoticeBoard;
  config: Config;
  audit: AuditLog;
  /** Seals what lies in files of its own, such as recordings of calls. */
  keyring: Keyring;
  secrets: Secrets;
  vault: Vault;
  /** Knows the stored secrets and the owner's own patterns. */
  redactor: LearningRedactor;
  store: HistoryStore;
  workers: Workers;
  /** Closed after everything else: for the watchdog, which watches the end as well. */
  lastly: DisposeBag;
}

/** Rejects with `core.already-running`, before anything in the data folder is read, when another core is at work there. */
export async function composePlatform(options: CoreOptions, clock: Clock, bag: DisposeBag): Promise<Platform> {
  const { environment, systemKeyStore } = options;
  const { dataDirectory } = environment;
  bag.add(claimDataFolder({ dataDirectory, nativeBinding: environment.sqliteBinding }));
  const redactor = createRedactor();
  const logger = bag.add(createLogger({ dataDirectory, level: 'info', redact: (line) => redactor.redact(line).text }));
  const log: Log = logger;
  const lastly = bag.add(createDisposeBag());
  const metrics = createMetrics();
  const hub = createPageHub({ log, checkEvents: environment.isTest });
  const notices = createNoticeBoard({ tell: hub.tell });
  const definitions = [
    ...platformSettings,
    ...redactionSettings,
    ...windowSettings,
    ...shellSettings,
    ...modelsSettings,
    ...languageSettings,
    ...agentSettings,
    ...conversationSettings,
    ...voiceServerSettings,
    ...charactersSettings,
    ...imagesSettings,
    ...faceServerSettings,
    ...toolsSettings,
    ...killSwitchSettings,
    ...telephonySettings,
    ...avrSettings,
  ];
  const config = createConfig({ dataDirectory, definitions, clock, log });
  const applyLogLevel = (): void => logger.setLevel(environment.logLevel ?? config.get(logLevel));
  applyLogLevel();
  config.onChange(({ key }) => key === logLevel.key && applyLogLevel());
  const applyPatterns = (): void => void redactor.setOwnPatterns(config.get(redactionPatterns));
  applyPatterns();
  config.onChange(({ key }) => key === redactionPatterns.key && applyPatterns());
  const keyring = await openKeyring({ dataDirectory, clock, log, ...(systemKeyStore ? { systemKeyStore } : {}) });
  const audit = createAuditLog({ dataDirectory, keys: keyring, clock, log, onFailure: (error) => tellAuditFailure(notices, error) });
  const secrets = bag.add(await createSecrets({ dataDirectory, keyring, audit, clock, log }));
  const vault = bag.add(await createVault({ dataDirectory, keyring, audit, clock, log }));
  bag.add(watchSecrets({ redactor, sources: [secrets, vault] }));
  const store = bag.add(
    await openStore({
      dataDirectory,
      keyring,
      nativeBinding: environment.sqliteBinding,
      clock,
      log,
      keepBackups: () => config.get(backupCount),
      historyDays: () => config.get(historyDays),
    }),
  );
  const workers = bag.add(createWorkers({ launch: options.createLauncher(log), clock, log, notices, metrics }));
  tellProblems(notices, [config.problem(), ...keyring.problems, secrets.problem(), vault.problem(), store.problem()], environment.isTest);
  notices.setPart({ part: 'store', status: store.isLasting() ? 'ready' : 'broken' });
  return { log, metrics, hub, notices, config, audit, keyring, secrets, vault, redactor, store, workers, lastly };
}

/** What the owner should know about what was found at the start, once each. */
function tellProblems(notices: NoticeBoard, problems: readonly (ErrorData | undefined)[], isTest: boolean): void {
  for (const problem of problems) {
    // Without a key store of the system the keys lie in a file: true of every server, and worth a line, not an alarm.
    const isRoutine = problem?.code === 'secrets.file-protection';
    if (!problem || (isRoutine && isTest)) continue;
    const action = problem.code.startsWith('store.') ? 'restore-backup' : 'none';
    notices.raise({
      level: isRoutine ? 'info' : 'problem',
      code: problem.code,
      message: problem.message,
      details: problem.details,
      action,
      part: 'store',
    });
  }
}

/** A record that cannot be written, or was tampered with, is for the owner to know, once. */
function tellAuditFailure(notices: NoticeBoard, error: unknown): void {
  const { code, message, details } = toErrorData(error);
  const isOurs = code.startsWith('audit.');
  notices.raise({
    level: 'problem',
    code: isOurs ? code : 'audit.not-written',
    message: isOurs
      ? message
      : 'A decision could not be written into the record of decisions. Free some space on the disk, or make the data folder writable.',
    details: isOurs ? details : {},
    action: 'none',
    part: 'store',
  });
}

/** Folder of manifest.json and the shipped graphs. */
export function shippedModelsDirectory(here: string = import.meta.url): string {
  return shippedFolder('models', 'manifest.json', here);
}

/** Folder of the recipe for the sandbox's image. */
export function shippedSandboxDirectory(here: string = import.meta.url): string {
  return shippedFolder('resources/sandbox', 'Dockerfile', here);
}

/** Folder of the recipe for the telephone exchange's image. */
export function shippedExchangeDirectory(here: string = import.meta.url): string {
  return shippedFolder('resources/asterisk', 'Dockerfile', here);
}

/** Folder of the characters that come with the app. */
export function shippedCharactersDirectory(here: string = import.meta.url): string {
  return shippedFolder('resources/characters', 'default/metadata.json', here);
}

/** Beside `src-main`, beside `out`, or in the package; `proof` is a file that lies in the right one. */
function shippedFolder(name: string, proof: string, here: string): string {
  const candidates = ['../../', '../', '../../../'].map((up) => fileURLToPath(new URL(`${up}${name}`, here)));
  return candidates.find((folder) => existsSync(join(folder, proof))) ?? join(process.cwd(), name);
}

/** Told once when messages cannot be written, taken back when they are. */
export function unsavedNotices(notices: NoticeBoard): { onUnsaved: (error: ErrorData) => void; onSaved: () => void } {
  let raised: string | undefined;
  return {
    onUnsaved(error) {
      raised = error.code;
      notices.raise({ level: 'problem', code: error.code, message: error.message, details: error.details, action: 'none', part: 'store' });
    },
    onSaved() {
      if (raised !== undefined) notices.dismissCode(raised);
      raised = undefined;
    },
  };
}
