import { rm } from 'node:fs/promises';
import type { Hardware, MemoryPlan, ModelJob, ModelView } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { Config, SettingDefinition } from '../../platform/config/index.ts';
import type { Tell } from '../../platform/contract-host/contract-host.ts';
import type { LiveWeights, RecognitionModels, SynthesisModels } from '../contracts/index.ts';
import { createDownloadQueue } from './download-queue.ts';
import type { DownloadQueue } from './download-queue.ts';
import { freeBytesOf } from './free-space.ts';
import { createHardwareProbe } from './hardware.ts';
import type { HardwareProbe } from './hardware.ts';
import { createHostReach } from './host-reach.ts';
import { importModel } from './import-model.ts';
import type { ImportRequest } from './import-model.ts';
import { discardDownload, installModel, sweepDownloads } from './install-model.ts';
import type { InstallEnvironment } from './install-model.ts';
import { readManifest, thisPlatform } from './manifest.ts';
import type { Manifest } from './manifest-schema.ts';
import { planThreads, refusal } from './memory-plan.ts';
import type { KnownModel } from './model-catalogue.ts';
import { inUse } from './model-errors.ts';
import { createModelLibrary } from './model-library.ts';
import type { LanguageModelFile, ModelLibrary } from './model-library.ts';
import { readPlan, readViews } from './model-views.ts';
import { languageModelOrder, memoryGuard, recogniserOrder, voiceOrder } from './models-config.ts';
import { createPackageClient } from './package-client.ts';

/** What has become different; workers that load models of this job should load anew. */
export interface ModelsChange {
  modelId: string;
  job: ModelJob;
  reason: 'installed' | 'imported' | 'used' | 'deleted';
}

/**
 * The models of this machine: what there is, what is here, what is used. Everything that reaches a worker was checked: size and time at each
 * call, the hash when it was installed and whenever size or time differ from then.
 */
export interface ModelsService extends Disposable {
  list(): Promise<ModelView[]>;
  hardware(): Promise<Hardware>;
  /** Tier, budgets and recommendation for this machine; `languages` are those the owner speaks. */
  plan(languages: readonly string[]): Promise<MemoryPlan>;
  /** Queues a model, or goes on with a paused one, or repairs a damaged one. Rejects with `model.unknown` or `model.does-not-fit`. */
  download(modelId: string): Promise<void>;
  pause(modelId: string): Promise<void>;
  /** Stops the download and throws away what has arrived. */
  cancel(modelId: string): Promise<void>;
  /** Rejects with `model.in-use` when its user does not let go. Files that an imported model only refers to stay. */
  delete(modelId: string): Promise<void>;
  /** Makes it the first choice for its job (and its languages). Rejects with `model.missing` or `model.does-not-fit`. */
  use(modelId: string): Promise<void>;
  /** Resolves with the new model's id; it is not used before `use`. Rejects with `model.bad-import`. */
  importModel(request: ImportRequest): Promise<string>;
  /** Rejects with `model.missing`, `model.truncated` or `model.wrong-hash` when what cannot be done without is not there or damaged. */
  recognitionModels(): Promise<RecognitionModels>;
  /** Damaged voices are left out and logged; without any, espeak speaks. */
  synthesisModels(): Promise<SynthesisModels>;
  /** The model given, else the first choice. Rejects like `recognitionModels`. */
  languageModel(modelId?: string): Promise<LanguageModelFile>;
  /** LivePortrait; undefined when it is not installed. Rejects like `recognitionModels` when it is damaged. */
  liveWeights(): Promise<LiveWeights | undefined>;
  onChange(listener: (change: ModelsChange) => void): Unsubscribe;
}

export interface ModelsServiceDeps {
  modelsDirectory: string;
  cacheDirectory: string;
  /** Folder of manifest.json and the shipped graphs. */
  shippedDirectory: string;
  config: Pick<Config, 'get' | 'set'>;
  tell: Tell;
  log: Log;
  clock: Clock;
  /**
   * Called before files of an installed model are deleted or replaced. Whoever has them open (a worker) stops; resolves false when that is
   * impossible now, because somebody is talking.
   */
  release: (model: { modelId: string; job: ModelJob }) => Promise<boolean>;
  /** Aborted, with its reason, while nothing may reach out. */
  shut: () => AbortSignal;
  /** For tests. */
  install?: Partial<Pick<InstallEnvironment, 'hosts' | 'packages' | 'freeBytes' | 'platform'>>;
  hardware?: HardwareProbe;
}

const ORDERS: Partial<Record<ModelJob, SettingDefinition<string>>> = {
  language: languageModelOrder,
  recognition: recogniserOrder,
  synthesis: voiceOrder,
};
/** An interrupted download that nobody has gone on with for so long is thrown away. */
const KEEP_PARTIAL_MS = 14 * 24 * 3_600_000;

/** What the parts of the service share. */
interface Parts {
  deps: ModelsServiceDeps;
  environment: InstallEnvironment;
  library: ModelLibrary;
  probe: HardwareProbe;
  announce: (known: KnownModel, reason: ModelsChange['reason']) => void;
}

/** Creates the service; the manifest is read at the first call. Disposing stops downloads, which go on at the next start. */
export function createModelsService(deps: ModelsServiceDeps): ModelsService {
  const environment = installEnvironment(deps);
  const listeners = new Set<(change: ModelsChange) => void>();
  let reading: Promise<Manifest> | undefined;
  const library = createModelLibrary({
    ...environment,
    log: deps.log,
    manifest: () => (reading ??= readManifest(deps.shippedDirectory)),
    orders: () => ({
      language: orderOf(deps.config.get(languageModelOrder)),
      recognition: orderOf(deps.config.get(recogniserOrder)),
      synthesis: orderOf(deps.config.get(voiceOrder)),
    }),
  });
  const probe = deps.hardware ?? createHardwareProbe({ modelsDirectory: deps.modelsDirectory, freeBytes: environment.freeBytes });
  const announce = ({ model }: KnownModel, reason: ModelsChange['reason']): void => {
    deps.tell('models.changed', { modelId: model.id });
    for (const listener of listeners) listener({ modelId: model.id, job: model.job, reason });
  };
  const parts: Parts = { deps, environment, library, probe, announce };
  const queue = createQueue(parts);
  return {
    ...createActions(parts, queue),
    list: async () => readViews(library, await probe.read(), queue.statusOf, environment),
    hardware: () => probe.read(),
    plan: async (languages) => readPlan(library, await probe.read(), languages, environment.platform),
    recognitionModels: () => library.recognitionModels(planThreads(probe.cores())),
    synthesisModels: () => library.synthesisModels(planThreads(probe.cores())),
    languageModel: (modelId) => library.languageModel(modelId),
    liveWeights: () => library.liveWeights(),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => queue.dispose(),
  };
}

function installEnvironment({
  modelsDirectory,
  cacheDirectory,
  shippedDirectory,
  clock,
  install = {},
}: ModelsServiceDeps): InstallEnvironment {
  return {
    modelsDirectory,
    cacheDirectory,
    shippedDirectory,
    clock,
    platform: install.platform ?? thisPlatform,
    hosts: install.hosts ?? createHostReach({ clock }),
    packages: install.packages ?? createPackageClient({ clock }),
    freeBytes: install.freeBytes ?? freeBytesOf,
  };
}

function createQueue({ deps, environment, library, announce }: Parts): DownloadQueue {
  return createDownloadQueue({
    clock: deps.clock,
    shut: deps.shut,
    async run(modelId, { signal, onStage }) {
      const known = await library.find(modelId);
      const beforeReplace = async (): Promise<void> => {
        if (!(await deps.release({ modelId, job: known.model.job }))) throw inUse(known.model.name);
      };
      await installModel(known.model, { signal, onStage, beforeReplace }, environment);
      deps.log.info('model installed', { modelId });
      announce(known, 'installed');
    },
    onStatus(modelId, status) {
      if (status?.status === 'failed') deps.log.warn('model download failed', { modelId, code: status.code, message: status.message });
      if (status) deps.tell('models.progress', { modelId, status });
      else deps.tell('models.changed', { modelId });
    },
  });
}

type Actions = Pick<ModelsService, 'download' | 'pause' | 'cancel' | 'delete' | 'use' | 'importModel'>;

function createActions({ deps, environment, library, probe, announce }: Parts, queue: DownloadQueue): Actions {
  const requireFit = async (known: KnownModel): Promise<void> => {
    if (!deps.config.get(memoryGuard)) return;
    const error = refusal(
      known.model,
      await probe.read(),
      (await library.all()).map(({ model }) => model),
    );
    if (error) throw error;
  };
  return {
    async download(modelId) {
      const known = await library.find(modelId);
      // There is nowhere to fetch an imported model from: either it is whole, or the error says what to do.
      if (known.origin === 'imported') return library.verify(known);
      await requireFit(known);
      await sweepDownloads(KEEP_PARTIAL_MS, environment);
      // A stop may have come while the disk was looked at.
      deps.shut().throwIfAborted();
      queue.add(modelId);
    },
    pause: (modelId) => queue.pause(modelId),
    async cancel(modelId) {
      await library.find(modelId);
      await queue.cancel(modelId);
      await discardDownload(modelId, environment);
      deps.tell('models.changed', { modelId });
    },
    async delete(modelId) {
      const known = await library.find(modelId);
      await queue.cancel(modelId);
      if (!(await deps.release({ modelId, job: known.model.job }))) throw inUse(known.model.name);
      await rm(known.place.folder, { recursive: true, force: true, maxRetries: 3 });
      await discardDownload(modelId, environment);
      announce(known, 'deleted');
    },
    async use(modelId) {
      const known = await library.find(modelId);
      await library.verify(known);
      await requireFit(known);
      const setting = ORDERS[known.model.job];
      if (setting) {
        const others = orderOf(deps.config.get(setting)).filter((id) => id !== modelId);
        await deps.config.set(setting.key, [modelId, ...others].join(' '));
      }
      announce(known, 'used');
    },
    async importModel(request) {
      const { modelsDirectory, freeBytes, clock } = environment;
      const modelId = await importModel(request, { modelsDirectory, freeBytes, wallMs: clock.wallMs() });
      announce(await library.find(modelId), 'imported');
      return modelId;
    },
  };
}

function orderOf(setting: string): string[] {
  return setting.split(' ').filter((id) => id !== '');
}
