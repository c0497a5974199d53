import type { HandlersFor } from '../../platform/contract-host/index.ts';
import type { AuditLog } from '../../platform/observability/index.ts';
import type { Config } from '../../platform/config/index.ts';
import type { SharedPage } from './built-in/index.ts';
import { workspaceFolder } from './tools-config.ts';
import { toolError } from './tools-errors.ts';
import type { ToolsService } from './tools-service.ts';
import type { Workspace } from './workspace.ts';

type Calls =
  | 'tools.list'
  | 'tools.setPolicy'
  | 'tools.calls'
  | 'tools.approvals'
  | 'tools.answer'
  | 'tools.cancel'
  | 'tools.undo'
  | 'tools.remembered'
  | 'tools.forget'
  | 'tools.sharePage'
  | 'tools.chooseWorkspace';

interface ToolsHandlerDependencies {
  tools: ToolsService;
  workspace: Pick<Workspace, 'accept'>;
  sharePage: (page: SharedPage) => void;
  /** A dialog of the system; absent without a desktop. */
  pickFolder?: (() => Promise<string | undefined>) | undefined;
  config: Pick<Config, 'set'>;
  audit: Pick<AuditLog, 'record'>;
}

/** The contract's side of the tools. */
export function createToolsHandlers({ tools, workspace, config, audit, ...deps }: ToolsHandlerDependencies): HandlersFor<Calls> {
  return {
    'tools.list': () => tools.list(),
    'tools.setPolicy': async ({ tool, policy }) => {
      const view = tools.setPolicy(tool, policy);
      await audit.record({ action: 'tool.policy', subject: tool, details: { policy } });
      return view;
    },
    'tools.calls': (filter) => tools.calls(filter),
    'tools.approvals': () => tools.approvals(),
    'tools.answer': ({ approvalId, answer }, { isProgram }) => {
      // Else a program would say yes to itself.
      if (isProgram) throw toolError('approval.person-only');
      tools.answer(approvalId, answer, 'window');
    },
    'tools.cancel': ({ callId }) => tools.cancel(callId),
    'tools.undo': async ({ callId }) => {
      const call = await tools.undo(callId);
      await audit.record({ action: 'tool.undo', subject: call.tool, details: { callId } });
      return call;
    },
    'tools.remembered': () => tools.remembered(),
    'tools.forget': async ({ id }) => {
      tools.forget(id);
      await audit.record({ action: 'approval.forget', subject: id });
    },
    'tools.sharePage': (page) => deps.sharePage(page),
    'tools.chooseWorkspace': async () => {
      const folder = await deps.pickFolder?.();
      if (folder === undefined) return null;
      await workspace.accept(folder);
      await config.set(workspaceFolder.key, folder);
      return { folder };
    },
  };
}
