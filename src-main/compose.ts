import { systemClock, type Clock } from './base/clock.ts';
import { buildOrDispose, type Disposable, type DisposeBag } from './base/dispose.ts';
import { toErrorData } from './base/errors.ts';
import type { Log } from './base/log.ts';
import type { Conversation } from './modules/conversation/index.ts';
import type { KillSwitchService, WatchdogCommand } from './modules/killswitch/index.ts';
import { uiLocale, type Desktop } from './modules/shell/index.ts';
import type { AuditVerdict } from '../src-preload/contract/index.ts';
import type { Config, Environment } from './platform/config/index.ts';
import type { AttachAudio, ContractHost, PageHub, PageResources, ProgramRoute } from './platform/contract-host/index.ts';
import type { NoticeBoard } from './platform/notices/index.ts';
import type { SystemKeyStore } from './platform/secrets/index.ts';
import type { LinkWorkers, WorkerLauncher } from './platform/workers/index.ts';
import { composeApi, joinResources } from './compose/api.ts';
import { composeCharacters } from './compose/characters.ts';
import { composeHands } from './compose/hands.ts';
import { composeHost } from './compose/host.ts';
import { composeInference } from './compose/inference.ts';
import { composeMcp } from './compose/mcp.ts';
import { beginOffSwitch, composeOffSwitch } from './compose/off-switch.ts';
import { composePhone } from './compose/phone.ts';
import { composePlatform } from './compose/platform.ts';
import { watchRecords } from './compose/records.ts';
import { composeTalk } from './compose/talk.ts';
import { createRelease, joinWorkers } from './compose/join-workers.ts';

/** What differs between the worlds: with a window, without one, in a test. */
export interface CoreOptions {
  environment: Environment;
  door: 'window' | 'browser';
  version: string;
  createLauncher: (log: Log) => WorkerLauncher;
  /** Joins two workers by a line of their own. */
  link: LinkWorkers;
  clock?: Clock;
  systemKeyStore?: SystemKeyStore;
  /** What only a desktop can do; absent on a server. */
  desktop?: Desktop;
  /** How this program starts itself as its watchdog; absent = nothing watches from outside. */
  watchdog?: WatchdogCommand;
  /** Address of the web door, opened for it where it is not; null = there is none. */
  doorUrl?: () => Promise<string | null>;
}

/** The running core. Doors are opened by the entry and joined with `host`, `hub` and `attachAudio`. */
export interface Core extends Disposable {
  host: ContractHost;
  hub: PageHub;
  attachAudio: AttachAudio;
  /** Uploads, files of characters and downloads, for whoever serves a page. */
  resources: PageResources;
  /** Where the telephone exchange waits for softphones; for doors that lead a page there. */
  exchangeUrl: () => string | undefined;
  /** What other programs reach at the web door by tokens of their own. */
  program: ProgramRoute;
  killSwitch: KillSwitchService;
  verifyAudit: () => Promise<AuditVerdict>;
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
  const { config, hub, log, notices, store, workers } = platform;
  const locale = (): 'en' | 'de' => uiLocale(config, options.desktop);

  // Before anything that acts: what was stopped the last time is stopped still.
  const killSwitch = composeOffSwitch({ options, platform, clock, bag, names: () => characters.names() });

  const { models, language, model } = composeInference({ options, platform, clock, bag, killSwitch, release: (id) => release(id) });

  // Modules: what the app does.
  const hands = composeHands({
    options,
    platform,
    clock,
    bag,
    killSwitch,
    announce: (...said) => void conversation.announce(...said),
    speakQuestion: (...question) => conversation.speakQuestion(...question),
    locale,
  });
  const { characters, live, resources } = await composeCharacters({
    options,
    platform,
    clock,
    bag,
    gate: killSwitch.gate,
    model,
    locale,
    changed: (characterId) => conversation.characterChanged(characterId),
    speak: (...sample) => conversation.speakSample(...sample),
    render: (...speech) => conversation.renderSpeech(...speech),
    liveWeights: models.liveWeights,
  });
  const talk = composeTalk({ platform, clock, bag, killSwitch, language, tools: hands.tools, characters, locale });
  const { agent } = talk;
  const conversation: Conversation = talk.conversation;
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

  const phone = await composePhone({
    options,
    platform,
    clock,
    bag,
    killSwitch,
    model,
    characters,
    conversation,
    tools: hands.tools,
    locale,
  });
  const calls = phone.records;
  const mcp = await composeMcp({ options, platform, clock, bag, killSwitch, tools: hands.tools, agent, conversation, calls, locale });
  const host = composeHost({
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
  });

  return {
    host,
    hub,
    resources: joinResources(resources, phone.resources, composeApi({ platform, killSwitch })),
    exchangeUrl: phone.exchangeUrl,
    program: { path: '/mcp', handle: mcp.serve },
    killSwitch,
    verifyAudit: () => platform.audit.verify(),
    config,
    notices,
    log,
    attachAudio: (kind, sessionId, media) => workers[WORKER_OF[kind]].attachPort(sessionId, media),
    begin() {
      beginOffSwitch({ options, platform, clock, bag, killSwitch, docker: hands.sandbox.dockerTarget });
      bag.add(watchRecords({ audit: platform.audit, notices, clock, log }));
      hands.builtIn.begin();
      mcp.begin();
      phone.begin();
      hands.sandbox.refresh().catch((error: unknown) => log.warn('sandbox.not-ready', { error }));
      beginWhenOpen(killSwitch, () => language.begin(), bag);
      if (!killSwitch.gate.isOpen('process')) return;
      for (const worker of [workers.recognition, workers.synthesis])
        worker.start().catch((error: unknown) => log.warn('worker.not-started', { worker: worker.name, ...toErrorData(error) }));
    },
    dispose: () => bag.dispose(),
  };
}

/** A start while inference is stopped leaves the language model alone; whoever lifts the stop has it ready again. */
function beginWhenOpen(killSwitch: KillSwitchService, begin: () => void, bag: DisposeBag): void {
  let hasBegun = false;
  const look = (): void => {
    if (hasBegun || !killSwitch.gate.isOpen('inference')) return;
    hasBegun = true;
    begin();
  };
  look();
  bag.add(killSwitch.onChange(look));
}
