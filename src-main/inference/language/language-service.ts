import { cpus } from 'node:os';
import { join } from 'node:path';
import type { LanguageBackend } from '../../../src-preload/contract/index.ts';
import { assertNever } from '../../base/assert-never.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { type ErrorData, toErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Config } from '../../platform/config/index.ts';
import type { HandlersFor } from '../../platform/contract-host/contract-host.ts';
import { createClaudeModel } from '../claude/claude-model.ts';
import type { LanguageModel } from '../contracts/index.ts';
import {
  createLocalLanguageEngine,
  engineThreads,
  readEngineTrust,
  type LanguageWorker,
  type LocalLanguageEngine,
} from '../llama/index.ts';
import type { LanguageModelFile, ModelsChange } from '../models/index.ts';
import { createOpenAiCompatibleModel } from '../openai-compatible/openai-compatible-model.ts';
import { serverAddress } from '../openai-compatible/server-address.ts';
import {
  claudeModel,
  languageBackend,
  languageSettings,
  localContextTokens,
  localGpu,
  localThreads,
  serverAddressSetting,
  serverModel,
} from './language-config.ts';
import { notReady, unauthorized } from './language-errors.ts';
import { createLanguageRouter, type RouterState } from './language-router.ts';
import { failedTrial, tryModel, type TrialResult } from './language-trial.ts';

/** How the language model is, for the window. */
export type LanguageStatus =
  | { status: 'off' }
  | { status: 'starting' }
  | { status: 'ready'; name: string }
  /** `missing` = nothing to open (no model, no key, no address); `broken` = it was there and failed. */
  | { status: 'missing' | 'broken'; error: ErrorData };

export type LanguageHandlers = HandlersFor<'models.setBackend' | 'models.testBackend'>;

/** The language model of the app and everything that chooses it. */
export interface Language extends Disposable {
  /** The same object for ever; what is behind it changes without a restart. */
  readonly model: LanguageModel;
  readonly handlers: LanguageHandlers;
  /** Opens what the settings say, in the background. Call it once, when the app may load models. */
  begin(): void;
  backend(): LanguageBackend;
  status(): LanguageStatus;
  onStatus(listener: (status: LanguageStatus) => void): Unsubscribe;
  /** To be joined with the models service's `onChange`. */
  modelsChanged(change: Pick<ModelsChange, 'modelId' | 'job' | 'reason'>): void;
  /** To be joined with the models service's `release`: lets go of the file. */
  release(modelId: string): Promise<void>;
}

export interface LanguageDeps {
  worker: LanguageWorker;
  /** The models service's: the file of this model, or of the first choice. */
  modelFile: (modelId?: string) => Promise<LanguageModelFile>;
  /** The models service's `use`. */
  useModel: (modelId: string) => Promise<void>;
  config: Pick<Config, 'get' | 'set' | 'onChange'>;
  /** Undefined = none stored. */
  readSecret: (name: 'openai-compatible.apiKey' | 'claude.apiKey') => string | undefined;
  dataDirectory: string;
  clock: Clock;
  log: Log;
  /** Logical cores; for tests. */
  cores?: number;
  /** Where the Claude API is; for tests. */
  claudeBaseUrl?: string;
}

/** Codes that mean: there is nothing wrong, something is just not there yet. */
const MISSING = new Set(['model.missing', 'model.unknown', 'language.not-ready', 'language.unauthorized', 'language.bad-address']);
/** In place of a model's id: the first installed one in the owner's order. */
const FIRST_CHOICE = '';
const OWN_KEYS: ReadonlySet<string> = new Set(languageSettings.map(({ key }) => key));

export function createLanguage(deps: LanguageDeps): Language {
  const { config, clock, log } = deps;
  const listeners = new Set<(status: LanguageStatus) => void>();
  const opener = createOpener(deps);
  const router = createLanguageRouter<LanguageBackend>(opener.open);
  let begun = false;
  let writing = false;

  const apply = (): void => {
    if (!begun || writing) return;
    // The error is the router's state, and shown as such.
    router.use(backendOf(config, FIRST_CHOICE)).catch((error: unknown) => log.warn('language.not-opened', { ...toErrorData(error) }));
  };
  const unsubscribes = [
    config.onChange(({ key }) => {
      if (OWN_KEYS.has(key)) apply();
    }),
    router.onState((state) => {
      for (const listener of listeners) listener(statusOf(state));
    }),
  ];

  const setBackend = async (backend: LanguageBackend): Promise<void> => {
    if (backend.kind === 'openai-compatible') serverAddress(backend.baseUrl);
    writing = true;
    try {
      if (backend.kind === 'local' && backend.modelId !== FIRST_CHOICE) await deps.useModel(backend.modelId);
      for (const [key, value] of settingsOf(backend)) await config.set(key, value);
    } finally {
      writing = false;
    }
    begun = true;
    await router.use(backend);
  };

  const testBackend = async (backend: LanguageBackend): Promise<TrialResult> => {
    const startedAtMs = clock.nowMs();
    try {
      if (backend.kind !== 'local') return await tryRemote(opener.openRemote(backend), clock);
      const current = router.state();
      const isOpen =
        current.state === 'open' && current.backend.kind === 'local' && [FIRST_CHOICE, opener.localModelId()].includes(backend.modelId);
      return isOpen ? await tryModel(router, clock) : await router.borrow(backend, (model) => tryModel(model, clock));
    } catch (error) {
      return failedTrial(error, clock.nowMs() - startedAtMs);
    }
  };

  return {
    model: router,
    handlers: { 'models.setBackend': setBackend, 'models.testBackend': testBackend },
    begin() {
      begun = true;
      apply();
    },
    backend: () => backendOf(config, opener.localModelId()),
    status: () => statusOf(router.state()),
    onStatus(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    modelsChanged({ job, reason, modelId }) {
      if (job !== 'language' || writing) return;
      // "Use" on the Models page means this machine, also when a server answers now.
      if (reason === 'used' && config.get(languageBackend) !== 'local')
        void config.set(languageBackend.key, 'local').catch(() => undefined);
      else if (
        config.get(languageBackend) === 'local' &&
        (reason === 'used' || modelId === opener.localModelId() || router.state().state === 'failed')
      )
        apply();
    },
    async release(modelId) {
      if (opener.localModelId() === modelId) await router.close();
    },
    async dispose() {
      for (const unsubscribe of unsubscribes) unsubscribe();
      await router.dispose();
    },
  };
}

async function tryRemote(model: LanguageModel, clock: Clock): Promise<TrialResult> {
  try {
    return await tryModel(model, clock);
  } finally {
    await model.dispose();
  }
}

type RemoteBackend = Exclude<LanguageBackend, { kind: 'local' }>;

interface Opener {
  open(backend: LanguageBackend): Promise<LanguageModel>;
  openRemote(backend: RemoteBackend): LanguageModel;
  /** The local model that was opened last; empty before the first. */
  localModelId(): string;
}

function createOpener(deps: LanguageDeps): Opener {
  const { worker, clock, log, config } = deps;
  let engine: LocalLanguageEngine | undefined;
  let localModelId = '';

  const openLocal = async (wantedId: string): Promise<LanguageModel> => {
    const file = await deps.modelFile(wantedId === FIRST_CHOICE ? undefined : wantedId);
    const trust = (): ReturnType<typeof readEngineTrust> => readEngineTrust(join(deps.dataDirectory, 'language-engine.json'), log);
    engine ??= createLocalLanguageEngine({ worker, trust: await trust(), clock, log });
    localModelId = file.modelId;
    return engine.open({
      name: file.name,
      path: file.path,
      languages: file.languages,
      contextTokens: config.get(localContextTokens),
      threads: config.get(localThreads) || engineThreads(deps.cores ?? cpus().length),
      gpu: config.get(localGpu) ? 'auto' : false,
    });
  };

  const openRemote = (backend: RemoteBackend): LanguageModel => {
    switch (backend.kind) {
      case 'openai-compatible': {
        if (backend.model === '') throw notReady('No model of the language server is chosen. Enter its name in the settings.');
        return createOpenAiCompatibleModel({ ...backend, apiKey: () => deps.readSecret('openai-compatible.apiKey'), clock });
      }
      case 'claude': {
        const apiKey = (): string | undefined => deps.readSecret('claude.apiKey');
        if (apiKey() === undefined) throw unauthorized('Claude');
        const baseUrl = deps.claudeBaseUrl === undefined ? {} : { baseUrl: deps.claudeBaseUrl };
        return createClaudeModel({ model: backend.model, apiKey, clock, ...baseUrl });
      }
      default:
        return assertNever(backend, 'back end');
    }
  };

  return {
    open: async (backend) => (backend.kind === 'local' ? openLocal(backend.modelId) : openRemote(backend)),
    openRemote,
    localModelId: () => localModelId,
  };
}

function backendOf(config: Pick<Config, 'get'>, localModelId: string): LanguageBackend {
  const kind = config.get(languageBackend);
  switch (kind) {
    case 'local':
      return { kind, modelId: localModelId };
    case 'openai-compatible':
      return { kind, baseUrl: config.get(serverAddressSetting), model: config.get(serverModel) };
    case 'claude':
      return { kind, model: config.get(claudeModel) };
    default:
      return assertNever(kind, 'back end');
  }
}

function settingsOf(backend: LanguageBackend): [key: string, value: string][] {
  const kind: [string, string] = [languageBackend.key, backend.kind];
  switch (backend.kind) {
    case 'local':
      return [kind];
    case 'openai-compatible':
      return [[serverAddressSetting.key, backend.baseUrl], [serverModel.key, backend.model], kind];
    case 'claude':
      return [[claudeModel.key, backend.model], kind];
    default:
      return assertNever(backend, 'back end');
  }
}

function statusOf(state: RouterState<LanguageBackend>): LanguageStatus {
  switch (state.state) {
    case 'closed':
      return { status: 'off' };
    case 'opening':
      return { status: 'starting' };
    case 'open':
      return { status: 'ready', name: state.model.name };
    case 'failed':
      return { status: MISSING.has(state.error.code) ? 'missing' : 'broken', error: toErrorData(state.error) };
    default:
      return assertNever(state, 'router state');
  }
}
