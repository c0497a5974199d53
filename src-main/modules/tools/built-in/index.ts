import type { Clock } from '../../../base/clock.ts';
import type { Disposable } from '../../../base/dispose.ts';
import type { Log } from '../../../base/log.ts';
import type { Config } from '../../../platform/config/index.ts';
import type { ToolRecords } from '../../../platform/store/index.ts';
import type { JudgeCommand } from '../command-filter/command-verdict.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { createTimers } from '../timers.ts';
import type { Tool } from '../tools.ts';
import type { Workspace } from '../workspace.ts';
import { createCalculatorTool } from './calculator.ts';
import { createDesktopTools, type ToolDesktop } from './desktop-tools.ts';
import { createFileTools } from './files.ts';
import { createHereAndNowTools, type SharedPage } from './here-and-now.ts';
import { createHttpGetTool, type HttpGetDependencies, type ResolveSecrets } from './http-get.ts';
import { createRunCommandTool } from './run-command.ts';
import { createTimerTools } from './timer-tools.ts';

export type { ResolveSecrets, SharedPage, ToolDesktop };

export interface BuiltInDependencies {
  config: Pick<Config, 'get'>;
  clock: Clock;
  log: Log;
  records: Pick<ToolRecords, 'listTimers' | 'saveTimer' | 'removeTimer'>;
  workspace: Workspace;
  judge: JudgeCommand;
  sandbox: Sandbox;
  homeDirectory: string;
  /** Absent on a server. */
  desktop?: ToolDesktop | undefined;
  /** The vault. */
  resolveSecrets?: ResolveSecrets | undefined;
  /** Says a sentence to whoever is there; for timers. */
  announce: (text: string, language: string, options: { tainted: boolean }) => void;
  /** For tests: names and addresses. */
  reach?: HttpGetDependencies['reach'];
}

/** The first tools. `begin` lets stored timers run and tells those that are late. */
export interface BuiltInTools extends Disposable {
  readonly tools: readonly Tool[];
  begin(): void;
  sharePage(page: SharedPage): void;
}

export function createBuiltInTools(deps: BuiltInDependencies): BuiltInTools {
  const { config, clock, workspace, homeDirectory } = deps;
  const timers = createTimers({ records: deps.records, clock, announce: deps.announce, log: deps.log });
  let page: SharedPage | undefined;
  return {
    tools: [
      createRunCommandTool({ judge: deps.judge, sandbox: deps.sandbox, workspace, config }),
      ...createFileTools(workspace),
      createHttpGetTool({ config, resolveSecrets: deps.resolveSecrets, ...(deps.reach ? { reach: deps.reach } : {}) }),
      ...createDesktopTools(deps.desktop),
      ...createTimerTools({ timers, clock }),
      createCalculatorTool(),
      ...createHereAndNowTools({ clock, config, workspace, homeDirectory, sharedPage: () => page }),
    ],
    begin: timers.begin,
    sharePage: (shared) => void (page = shared.text === '' ? undefined : shared),
    dispose: timers.dispose,
  };
}
