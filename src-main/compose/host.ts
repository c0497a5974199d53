import type { Clock } from '../base/clock.ts';
import type { DisposeBag } from '../base/dispose.ts';
import { AppError } from '../base/errors.ts';
import type { Language } from '../inference/language/index.ts';
import type { LivePortrait } from '../inference/liveportrait/index.ts';
import { createModelsHandlers, type ModelsService } from '../inference/models/index.ts';
import type { Characters } from '../modules/characters/index.ts';
import { createHistoryHandlers, type Conversation } from '../modules/conversation/index.ts';
import { createKillSwitchHandlers, type Effect, type Gate, type KillSwitchService } from '../modules/killswitch/index.ts';
import type { Mcp } from '../modules/mcp/index.ts';
import { createAppHandlers, createFirstRun, germanAddress } from '../modules/shell/index.ts';
import { createSandboxHandlers, createToolsHandlers } from '../modules/tools/index.ts';
import { createSettingsHandlers } from '../platform/config/index.ts';
import { createContractHost, type Caller, type ContractHost, type Handlers } from '../platform/contract-host/index.ts';
import { createAuditHandlers, createEventLoopMonitor } from '../platform/observability/index.ts';
import type { CallName } from '../../src-preload/contract/index.ts';
import { createSecretsHandlers, createVaultHandlers } from '../platform/secrets/index.ts';
import type { CoreOptions } from '../compose.ts';
import { createDoctor } from './doctor.ts';
import type { ComposedHands } from './hands.ts';
import type { ComposedPhone } from './phone.ts';
import type { Platform } from './platform.ts';
import { createVitals } from './vitals.ts';

interface HostParts {
  options: CoreOptions;
  platform: Platform;
  clock: Clock;
  bag: DisposeBag;
  models: ModelsService;
  language: Language;
  characters: Characters;
  live: LivePortrait;
  conversation: Conversation;
  locale: () => 'en' | 'de';
  killSwitch: KillSwitchService;
  hands: ComposedHands;
  mcp: Mcp;
  phone: ComposedPhone;
}

/** Everything a page may ask, gathered from the modules; the type checker finds a call that nobody answers. */
export function composeHost({
  options,
  platform,
  clock,
  bag,
  models,
  language,
  characters,
  live,
  conversation,
  locale,
  killSwitch,
  hands,
  mcp,
  phone,
}: HostParts): ContractHost {
  const { config, hub, log, metrics, notices, store, workers } = platform;
  const { desktop, environment } = options;
  const eventLoop = bag.add(createEventLoopMonitor(clock));
  const app = createAppHandlers({
    version: options.version,
    config,
    notices,
    hub,
    firstRun: createFirstRun(environment.dataDirectory),
    restartPart: async (part) => {
      killSwitch.gate.pass('process');
      workers[part].reset();
      if (part === 'language') language.begin();
      await workers[part].start();
    },
    vitals: createVitals({ clock, eventLoop, workers: workers.all }),
    ...(desktop ? { desktop } : {}),
  });
  bag.add(app);
  return createContractHost({
    log,
    checkResults: environment.isTest,
    handlers: forPersons(
      behindGate(killSwitch.gate, {
        ...app.handlers,
        ...createSettingsHandlers({ config, tell: hub.tell }),
        ...createSecretsHandlers({ secrets: platform.secrets }),
        ...createModelsHandlers({
          service: models,
          modelsDirectory: environment.modelsDirectory,
          backend: language.backend,
          languages: () => [locale(), 'en'],
          ...(desktop ? { chooseFile: (job: 'language' | 'synthesis') => desktop.pickModelFile(job) } : {}),
        }),
        ...language.handlers,
        ...characters.handlers,
        ...live.handlers,
        ...conversation.handlers,
        ...createToolsHandlers({
          tools: hands.tools,
          workspace: hands.workspace,
          sharePage: hands.builtIn.sharePage,
          pickFolder: desktop && (() => desktop.pickFolder()),
          config,
          audit: platform.audit,
        }),
        ...createSandboxHandlers({ sandbox: hands.sandbox, log }),
        ...createVaultHandlers({ vault: platform.vault }),
        ...createAuditHandlers({ audit: platform.audit }),
        ...createKillSwitchHandlers({ killSwitch }),
        ...mcp.handlers,
        ...phone.handlers,
        ...createHistoryHandlers({
          store,
          tell: hub.tell,
          audit: platform.audit,
          clock,
          exportOptions: () => ({ locale: locale(), address: config.get(germanAddress) }),
        }),
        'doctor.run': createDoctor({ models, store, notices, metrics, dataDirectory: environment.dataDirectory }),
      }),
    ),
  });
}

/** Calls that reach out of this machine or have something computed, beside the answers and tools, which pass the gate themselves. */
const GATED = {
  'models.download': 'outgoing',
  'models.testBackend': 'inference',
  'characters.paint': 'outgoing',
  'characters.renderClip': 'outgoing',
  'characters.draftPersona': 'inference',
  'sandbox.prepare': 'tool',
} as const satisfies Partial<Record<CallName, Effect>>;

function behindGate(gate: Gate, handlers: Handlers): Handlers {
  const gated = Object.entries(GATED).map(([name, effect]) => {
    const handle = handlers[name as CallName] as (...call: unknown[]) => unknown;
    return [
      name,
      (...call: unknown[]) => {
        gate.pass(effect);
        return handle(...call);
      },
    ];
  });
  return { ...handlers, ...(Object.fromEntries(gated) as Partial<Handlers>) };
}

/** What widens the rights of the assistant or of others: a program with the token could say yes to itself by these. (Answers to questions refuse it themselves.) */
const FOR_PERSONS = [
  'tools.setPolicy',
  'tools.forget',
  'tools.chooseWorkspace',
  'vault.set',
  'vault.remove',
  'mcp.save',
  'mcp.remove',
  'mcp.setEnabled',
  'mcp.decide',
  'mcp.createAccess',
] as const satisfies readonly CallName[];

function forPersons(handlers: Handlers): Handlers {
  const guarded = FOR_PERSONS.map((name) => {
    const handle = handlers[name] as (input: unknown, caller: Caller) => unknown;
    return [
      name,
      (input: unknown, caller: Caller) => {
        if (caller.isProgram) throw new AppError('request.person-only', 'Only a person at the window may change this.');
        return handle(input, caller);
      },
    ];
  });
  return { ...handlers, ...(Object.fromEntries(guarded) as Partial<Handlers>) };
}
