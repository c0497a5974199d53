import type { Approval, Asker, ToolCall } from '../../src-preload/contract/index.ts';
import type { ToolDefinition, ToolRequest } from '../../src-main/inference/contracts/index.ts';
import type { Intent, ToolResult, Tools, ToolTurnRequest } from '../../src-main/modules/tools/index.ts';

export interface ScriptedToolsOptions {
  /** Names of the tools on offer; each takes `{ text?: string }`. */
  names?: readonly string[];
  /** What a call brings; default: "NAME done". */
  run?: (request: ToolRequest, turn: ToolTurnRequest) => Promise<Partial<ToolResult>> | Partial<ToolResult>;
  intent?: (question: string) => Intent | undefined;
  hear?: (words: string, asker: Asker) => boolean;
}

/** What conversation and agent use of the tools, with everything written down that was asked of it. */
export interface ScriptedTools extends Pick<Tools, 'beginTurn' | 'intent' | 'hear' | 'onApproval' | 'onCall'> {
  /** Of every turn that was begun, also those only for looking at what is on offer. */
  readonly turns: readonly ToolTurnRequest[];
  readonly calls: readonly { request: ToolRequest; turn: ToolTurnRequest }[];
  readonly heard: readonly { words: string; asker: Asker }[];
  readonly interruptions: readonly ToolTurnRequest[];
  /** On offer from now on. */
  names: readonly string[];
  askApproval(approval: Approval): void;
  tellCall(call: Pick<ToolCall, 'id' | 'state'>): void;
}

export function definitionOf(name: string): ToolDefinition {
  return { name, description: `Does ${name}.`, parameters: { type: 'object', properties: { text: { type: 'string' } } } };
}

export function createScriptedTools(options: ScriptedToolsOptions = {}): ScriptedTools {
  const turns: ToolTurnRequest[] = [];
  const calls: { request: ToolRequest; turn: ToolTurnRequest }[] = [];
  const heard: { words: string; asker: Asker }[] = [];
  const interruptions: ToolTurnRequest[] = [];
  const onApproval = new Set<(approval: Approval) => void>();
  const onCall = new Set<(call: ToolCall) => void>();
  const state: ScriptedTools = {
    turns,
    calls,
    heard,
    interruptions,
    names: options.names ?? [],
    beginTurn(turn) {
      turns.push(turn);
      let tainted = turn.tainted;
      return {
        offered: () => state.names.map(definitionOf),
        async call(request) {
          await turn.committed;
          calls.push({ request, turn });
          const result: ToolResult = {
            state: 'done',
            text: `${request.name} done`,
            tainted: false,
            ...(await options.run?.(request, turn)),
          };
          tainted ||= result.tainted;
          return result;
        },
        isTainted: () => tainted,
        interrupt: () => void interruptions.push(turn),
      };
    },
    intent: (question) => options.intent?.(question),
    hear(words, asker) {
      heard.push({ words, asker });
      return options.hear?.(words, asker) === true ? 'answered' : 'not-for-me';
    },
    onApproval(listener) {
      onApproval.add(listener);
      return () => void onApproval.delete(listener);
    },
    onCall(listener) {
      onCall.add(listener);
      return () => void onCall.delete(listener);
    },
    askApproval(approval) {
      for (const listener of onApproval) listener(approval);
    },
    tellCall(call) {
      for (const listener of onCall) listener({ ...SOME_CALL, ...call });
    },
  };
  return state;
}

const SOME_CALL: ToolCall = {
  id: 'call',
  conversationId: null,
  tool: 'look',
  source: { kind: 'built-in' },
  asker: { channel: 'voice' },
  tainted: false,
  plan: { summary: 'Look', details: [], sandboxed: false },
  verdict: 'ask',
  reasons: [],
  approval: null,
  state: 'running',
  createdAtMs: 0,
  startedAtMs: null,
  endedAtMs: null,
  result: null,
  error: null,
  undo: 'none',
};

/** A question to the owner about a call of that id. */
export function approvalOf(callId: string, conversationId: string | null, expiresAtMs: number): Approval {
  const { tool, source, asker, tainted, plan, reasons } = SOME_CALL;
  return {
    id: `approval-${callId}`,
    callId,
    conversationId,
    tool,
    source,
    asker,
    tainted,
    plan,
    reasons,
    canRemember: false,
    phrase: { en: 'yes, run it', de: 'ja, ausführen' },
    createdAtMs: 0,
    expiresAtMs,
  };
}
