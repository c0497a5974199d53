import { createDeferred } from '../../base/deferred.ts';
import { createId } from '../../base/ids.ts';
import type { ToolRequest } from '../../inference/contracts/index.ts';
import type { CallSetting, Executor } from './executor.ts';
import { decide } from './policy.ts';
import type { Registry } from './registry.ts';
import { createSearchTool, SEARCH_TOOLS } from './search-tools.ts';
import { stableText } from './tool-text.ts';
import { toolReason, type ToolErrorCode } from './tools-errors.ts';
import type { Tool, ToolResult, ToolTurn, ToolTurnRequest } from './tools.ts';

/** Of one turn. */
const turnLimits = { calls: 12, sameCall: 2, cost: 100, found: 8 } as const;

export function createToolTurn(deps: { registry: Registry; executor: Executor }, request: ToolTurnRequest): ToolTurn {
  const { registry, executor } = deps;
  const { asker, conversationId, language, signal } = request;
  const found = new Set<string>();
  const made = new Map<string, number>();
  let count = 0;
  let cost = 0;
  let tainted = request.tainted;
  let interruption = new AbortController();
  let chain: Promise<unknown> = Promise.resolve();

  const setting: CallSetting = {
    context: { asker, conversationId, language },
    isTainted: () => tainted,
    turnSignal: signal,
    interruption: () => interruption.signal,
    inOrder(work) {
      const mine = chain.then(work);
      chain = mine.catch(() => undefined);
      return mine;
    },
  };
  /** Nothing that the policy would refuse in any case: the model need not be tempted. */
  const mayEverRun = (tool: Tool): boolean =>
    decide({
      asker,
      tainted,
      tool,
      plan: { verdict: 'allow', reasons: [], rights: tool.rights.slice(0, 1) },
      ownerPolicy: registry.policyOf(tool.name),
    }).verdict !== 'deny';
  const searchTool = createSearchTool({
    search: (words) => registry.search(words, turnLimits.found).filter(mayEverRun),
    onFound: (tools) => tools.forEach((tool) => found.add(tool.name)),
  });
  const toolOf = (name: string): Tool | undefined => (name === SEARCH_TOOLS ? searchTool : registry.get(name));

  const spend = (tool: Tool, input: unknown): { code: ToolErrorCode; details: Record<string, number> } | undefined => {
    const key = `${tool.name} ${stableText(input)}`;
    const times = (made.get(key) ?? 0) + 1;
    made.set(key, times);
    count += 1;
    if (times > turnLimits.sameCall) return { code: 'tools.repeats', details: { count: times } };
    if (count > turnLimits.calls) return { code: 'tools.too-many', details: { count: turnLimits.calls } };
    if (cost + tool.cost > turnLimits.cost) return { code: 'tools.budget', details: {} };
    cost += tool.cost;
    return undefined;
  };

  const call = async (asked: ToolRequest): Promise<ToolResult> => {
    const tool = toolOf(asked.name);
    if (!tool) return refused('tools.unknown', { tool: asked.name.slice(0, 64) });
    const limit = spend(tool, asked.input);
    if (limit) return refused(limit.code, limit.details);
    if (!(await isCommitted(request))) {
      const reason = toolReason('tools.cancelled');
      return { state: 'cancelled', text: `Ended: ${reason.message}`, reason, tainted: false };
    }
    const result = await executor.run(tool, createId('call'), asked.input, setting);
    tainted ||= result.tainted;
    return result;
  };

  return {
    offered() {
      const tools = [...registry.common(), searchTool, ...[...found].map(toolOf)].filter((tool) => tool !== undefined);
      const byName = new Map(tools.map((tool) => [tool.name, tool]));
      const offered = [...byName.values()].filter((tool) => registry.unavailable(tool) === undefined && mayEverRun(tool));
      // A description of somebody else's server is read by the model like any text from outside.
      tainted ||= offered.some(({ source }) => source.kind === 'mcp');
      return offered.map(({ name, description, parameters }) => ({ name, description, parameters }));
    },
    call,
    isTainted: () => tainted,
    interrupt() {
      interruption.abort();
      interruption = new AbortController();
    },
  };
}

function refused(code: ToolErrorCode, details: Record<string, string | number>): ToolResult {
  const reason = toolReason(code, details);
  return { state: 'refused', text: `Refused: ${reason.message}`, reason, tainted: false };
}

/** False when the turn ended before it was sure to count. */
async function isCommitted({ committed, signal }: ToolTurnRequest): Promise<boolean> {
  if (signal.aborted) return false;
  const { promise: over, resolve } = createDeferred<false>();
  const onAbort = (): void => resolve(false);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([committed.then(() => !signal.aborted), over]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
