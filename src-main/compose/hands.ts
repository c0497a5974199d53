import { randomInt } from 'node:crypto';
import { homedir } from 'node:os';
import type { Clock } from '../base/clock.ts';
import type { DisposeBag } from '../base/dispose.ts';
import type { LanguageCode } from '../inference/contracts/index.ts';
import type { KillSwitchService } from '../modules/killswitch/index.ts';
import {
  cleanOutput,
  createBuiltInTools,
  createSandbox,
  createTools,
  createWorkspace,
  judgeCommand,
  planSummary,
  type BuiltInTools,
  type Sandbox,
  type ToolsService,
  type Workspace,
} from '../modules/tools/index.ts';
import type { Desktop } from '../modules/shell/index.ts';
import type { CoreOptions } from '../compose.ts';
import { shippedSandboxDirectory, type Platform } from './platform.ts';

/** What acts: the tools with their locked room and their folder. */
export interface ComposedHands {
  tools: ToolsService;
  builtIn: BuiltInTools;
  sandbox: Sandbox;
  workspace: Workspace;
}

const TOOLS_STOPPED = 2;

/** `announce` and `speakQuestion` are the conversation's, which is built later, because it asks the tools. */
export function composeHands(parts: {
  options: CoreOptions;
  platform: Platform;
  clock: Clock;
  bag: DisposeBag;
  killSwitch: KillSwitchService;
  announce: (text: string, language: LanguageCode, options?: { tainted?: boolean }) => void;
  speakQuestion: (words: string, language: LanguageCode) => void;
  locale: () => 'en' | 'de';
}): ComposedHands {
  const { options, platform, clock, bag, killSwitch } = parts;
  const { audit, config, hub, log, redactor, store, vault } = platform;
  const { cacheDirectory, dataDirectory, dockerHost, modelsDirectory } = options.environment;
  const homeDirectory = homedir();
  const workspace = createWorkspace({ config, homeDirectory, forbidden: [dataDirectory, modelsDirectory, cacheDirectory] });
  const sandbox = bag.add(
    createSandbox({
      clock,
      log,
      dockerHost,
      dataDirectory,
      modelsDirectory,
      cacheDirectory,
      recipeFolder: shippedSandboxDirectory(),
      gate: killSwitch.gate,
      watch: killSwitch.watch,
      usualFolder: () => workspace.folder().catch(() => undefined),
    }),
  );
  bag.add(sandbox.onStatus((status) => hub.tell('sandbox.changed', status)));
  const tools = bag.add(
    createTools({
      records: store.tools,
      config,
      tell: hub.tell,
      audit,
      gate: killSwitch.gate,
      clock,
      log,
      redact: (text) => redactor.redact(text).text,
      clean: cleanOutput,
      countCall: () => killSwitch.count('tool-call'),
      onBackgroundDone: (call) => {
        const language = parts.locale();
        const [done, failed] = language === 'de' ? ['Das ist fertig', 'Das hat nicht geklappt'] : ['That is done', 'That did not work'];
        parts.announce(`${call.state === 'done' ? done : failed}: ${planSummary(call.plan, language)}.`, language, {
          tainted: call.tainted,
        });
      },
      speakQuestion: parts.speakQuestion,
      intentWays: () => ({ hasSandbox: sandbox.status().state === 'ready', nowMs: clock.wallMs() }),
      random: () => randomInt(2 ** 32) / 2 ** 32,
    }),
  );
  const builtIn = bag.add(
    createBuiltInTools({
      config,
      clock,
      log,
      records: store.tools,
      workspace,
      judge: judgeCommand,
      sandbox,
      homeDirectory,
      desktop: options.desktop,
      resolveSecrets: (template, host) => vault.resolve(template, host),
      announce: parts.announce,
    }),
  );
  for (const tool of builtIn.tools) bag.add(tools.register(tool));
  bag.add(
    killSwitch.register({
      effect: 'tool',
      async stop() {
        const [calls, rooms] = await Promise.all([tools.stopAll(), sandbox.killAll()]);
        // Calls that the gate has ended already are known by their containers only.
        return [...calls, ...rooms.slice(calls.length).map(() => 'run_command')];
      },
    }),
  );
  // What the stop has thrown away is made ready again when it is lifted.
  let wasStopped = killSwitch.state().level >= TOOLS_STOPPED;
  bag.add(
    killSwitch.onChange(({ level }) => {
      if (wasStopped && level < TOOLS_STOPPED) sandbox.refresh().catch((error: unknown) => log.warn('sandbox.not-ready', { error }));
      wasStopped = level >= TOOLS_STOPPED;
    }),
  );
  bag.add(
    tools.onApproval(({ plan, expiresAtMs }) => tellWhoIsAway(options.desktop, parts.locale(), plan.summary, expiresAtMs - clock.wallMs())),
  );
  return { tools, builtIn, sandbox, workspace };
}

/** A question that nobody sees runs out: whoever works in another window is told of it. */
function tellWhoIsAway(desktop: Desktop | undefined, locale: 'en' | 'de', summary: string, leftMs: number): void {
  if (!desktop || desktop.isInFront()) return;
  const seconds = Math.max(0, Math.round(leftMs / 1000));
  const [title, hint] =
    locale === 'de'
      ? ['Darf ich?', `In ${seconds} Sekunden gilt das als Nein. Klicken öffnet das Fenster.`]
      : ['May I?', `In ${seconds} seconds this counts as no. Click to open the window.`];
  desktop.notify(title, `${summary}\n${hint}`);
}
