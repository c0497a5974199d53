import { createHash } from 'node:crypto';
import type { Tool as ServerTool } from '@modelcontextprotocol/client';
import { AppError, toErrorData, type ErrorData } from '../../base/errors.ts';
import type { McpTool, ToolRight } from '../../../src-preload/contract/index.ts';
import type { Tool, ToolPlan } from '../tools/index.ts';
import { cleanText } from './clean-text.ts';
import type { Connection } from './connection.ts';
import type { Decision, SavedServer } from './mcp-file.ts';
import { needsSignIn, notConnected, schemaHides, schemaTooLarge, toolChanged, toolNew, toolOff, toolUnusable } from './mcp-errors.ts';
import { mcpWords } from './mcp-words.ts';
import { resultText } from './result-text.ts';
import { pinOf, proposedRights, stateOf } from './tool-pin.ts';
import { readToolSchema, type SchemaFault, type ToolSchema } from './tool-schema.ts';

const MAX_DESCRIPTION = 1000;
const MAX_TITLE = 100;
const CALL_LIMIT_MS = 30_000;
/** From then on the turn goes on without it; the executor allows twenty times the limit in all. */
const BACKGROUND_AFTER_MS = 15_000;
const LONGEST_CALL_MS = CALL_LIMIT_MS * 20;
/** Rights that leave something behind or carry something out. */
const HEAVY_RIGHTS: readonly ToolRight[] = ['write-files', 'run-command', 'send', 'call-out', 'write-memory'];

/** What the owner sees of one tool of a server. */
export function viewTool(modelName: string, tool: ServerTool, decision: Decision | undefined): McpTool {
  const pin = pinOf(tool);
  const state = stateOf(pin, decision?.pin);
  const former = state === 'changed' ? decision : undefined;
  const schema = readToolSchema(tool.inputSchema);
  return {
    name: modelName,
    serverName: tool.name,
    title: titleOf(tool),
    description: descriptionOf(tool),
    rights: decision?.rights ?? proposedRights(tool.annotations),
    policy: decision?.policy ?? 'default',
    state,
    formerDescription: former?.description ?? null,
    schema: schemaText(schema),
    formerSchema: former?.schema ?? null,
    problem: typeof schema === 'string' ? toErrorData(FAULTS[schema]()) : null,
    pin,
  };
}

export function decide(tool: ServerTool, rights: readonly ToolRight[], policy: Decision['policy']): Decision {
  const schema = schemaText(readToolSchema(tool.inputSchema));
  const words = { title: titleOf(tool), description: descriptionOf(tool), ...(schema === null ? {} : { schema }) };
  return { pin: pinOf(tool), ...words, rights: [...new Set(rights)], policy };
}

const FAULTS: Record<SchemaFault, () => AppError> = { invalid: toolUnusable, 'too-large': schemaTooLarge, hides: schemaHides };

/** For the owner, exactly what the model is told. */
function schemaText(schema: ToolSchema | SchemaFault): string | null {
  return typeof schema === 'string' ? null : JSON.stringify(schema.parameters, undefined, 2);
}

export interface ServerToolParts {
  modelName: string;
  tool: ServerTool;
  decision: Decision | undefined;
  server: Pick<SavedServer, 'id' | 'name'>;
  connection: Pick<Connection, 'state' | 'call'>;
}

/** A server's tool as one of the assistant's own: described by strangers, ruled by the owner. */
export function createServerTool({ modelName, tool, decision, server, connection }: ServerToolParts): Tool {
  const view = viewTool(modelName, tool, decision);
  const read = readToolSchema(tool.inputSchema);
  const schema = typeof read === 'string' ? undefined : read;
  const pin = pinOf(tool);
  const unusable = ((): ErrorData | undefined => {
    if (view.problem !== null) return view.problem;
    if (view.state === 'new') return toErrorData(toolNew());
    if (view.state === 'changed') return toErrorData(toolChanged());
    return view.policy === 'off' ? toErrorData(toolOff()) : undefined;
  })();
  const rights = view.rights.length > 0 ? view.rights : (['connector'] as const);
  return {
    name: modelName,
    source: { kind: 'mcp', serverId: server.id, serverName: server.name },
    title: view.title,
    description: `${view.description} (a tool of the program "${server.name}")`,
    keywords: [server.name, tool.name, view.title],
    isCommon: false,
    parameters: schema?.parameters ?? { type: 'object' },
    parse(input) {
      const given = input ?? {};
      const checked = schema?.check(given) ?? { ok: false, problem: 'it cannot be used' };
      if (!checked.ok) return checked;
      return { ok: true, input: given };
    },
    rights,
    risk: rights.some((right) => HEAVY_RIGHTS.includes(right)) ? 'high' : 'low',
    cost: 5,
    timeoutMs: CALL_LIMIT_MS,
    backgroundAfterMs: BACKGROUND_AFTER_MS,
    // What another program has begun is not known to be safe to leave half-done.
    stopsOnBargeIn: false,
    unavailable: () => unusable ?? lineProblem(connection, server.name),
    plan: (input, { language }) =>
      Promise.resolve<ToolPlan>({
        summary: mcpWords(language).use(view.title, server.name),
        code: 'use-tool',
        values: { tool: view.title, server: server.name },
        details: [{ name: 'program', text: server.name }, { name: 'tool', text: tool.name }, ...inputDetails(input)],
        sandboxed: false,
        verdict: unusable !== undefined ? 'deny' : view.policy === 'allow' ? 'allow' : 'ask',
        reasons: unusable !== undefined ? [unusable] : view.policy === 'allow' ? [] : [otherProgram(server.name)],
        rights,
        rememberKey: rememberKey(server.id, pin, input),
      }),
    async run(input, { signal, onProgress }) {
      // Between the plan and now the owner may have waited for minutes, and the server changed its tool.
      if (unusable !== undefined) throw new AppError(unusable.code, unusable.message);
      const result = await connection.call(tool, input as Record<string, unknown>, { signal, timeoutMs: LONGEST_CALL_MS, onProgress });
      return { text: resultText(result), outside: true };
    },
  };
}

function titleOf({ title, annotations, name }: ServerTool): string {
  return cleanText(title ?? annotations?.title ?? name, { maxLength: MAX_TITLE, oneLine: true }) || name.slice(0, MAX_TITLE);
}

function descriptionOf({ description }: ServerTool): string {
  return cleanText(description ?? '', { maxLength: MAX_DESCRIPTION });
}

function lineProblem(connection: Pick<Connection, 'state'>, name: string): ErrorData | undefined {
  const state = connection.state();
  switch (state.kind) {
    case 'ready':
    // A call starts it again.
    case 'stopped':
      return undefined;
    case 'failed':
      return state.problem;
    case 'needs-sign-in':
      return toErrorData(needsSignIn(name));
    default:
      return toErrorData(notConnected(name));
  }
}

function otherProgram(name: string): ErrorData {
  return {
    code: 'mcp.other-program',
    message: `The MCP server "${name}" is another program: what it does is its own affair.`,
    details: { name },
  };
}

/** What is sent, as the owner reads it before it goes. */
function inputDetails(input: unknown): { name: string; text: string }[] {
  const text = JSON.stringify(input, undefined, 1);
  return text === '{}' ? [] : [{ name: 'input', text }];
}

/** "Always" is for this tool as it is now, with exactly this input. */
function rememberKey(serverId: string, pin: string, input: unknown): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([serverId, pin, input]))
    .digest('hex');
  return `mcp:${hash}`;
}
