import type { z } from 'zod';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { ErrorData } from '../../base/errors.ts';
import type { JsonSchema, LanguageCode, ToolDefinition, ToolRequest } from '../../inference/contracts/index.ts';
import type { Approval, Asker, ToolCall, ToolPlanView, ToolRight, ToolSource, Verdict } from '../../../src-preload/contract/index.ts';

/** What a tool knows about the call it is serving. */
export interface ToolContext {
  callId: string;
  asker: Asker;
  conversationId: string | null;
  language: LanguageCode;
  tainted: boolean;
  /** Aborted by the owner, by the kill switch, by the time limit, and by a barge-in where the tool allows it. */
  signal: AbortSignal;
  /** Words for the window while it runs. */
  onProgress: (text: string) => void;
}

/** What a call is going to do, worked out before anybody is asked. Planning has no effects. */
export interface ToolPlan extends ToolPlanView {
  /** The tool's own opinion; the policy may only make it stricter. */
  verdict: Verdict;
  reasons: readonly ErrorData[];
  /** The rights that this very call needs: a subset of the tool's. */
  rights: readonly ToolRight[];
  /** What an "always" would be remembered for: argv, program path and folder, or the like. undefined = it cannot be remembered. */
  rememberKey: string | undefined;
}

export interface ToolOutcome {
  /** For the model. Bounded and redacted by the executor. */
  text: string;
  /** The text, or part of it, comes from outside (web, files, other people's programs). */
  outside: boolean;
  /** Takes it back; kept while the app runs. */
  undo?: (signal: AbortSignal) => Promise<void>;
}

/** One ability. Built-in tools state their input as zod; those of MCP servers bring a JSON Schema and a check of their own. */
export interface Tool<Input = unknown> {
  /** /^[a-z][a-z0-9_]{0,63}$/, unique. */
  name: string;
  source: ToolSource;
  title: string;
  /** For the model: what it does and when to use it, in one or two sentences. */
  description: string;
  /** Further words that a search for tools finds it by, English and German. */
  keywords: readonly string[];
  /** Always in the short list that the model sees; the others are found by `search_tools`. */
  isCommon: boolean;
  parameters: JsonSchema;
  /** The checked input, or why it is refused, as a sentence for the model. */
  parse(input: unknown): { ok: true; input: Input } | { ok: false; problem: string };
  rights: readonly ToolRight[];
  risk: 'none' | 'low' | 'high';
  /** Of the budget of a turn (100). */
  cost: number;
  /** At most 30 s; a tool that may go on in the background has `backgroundAfterMs` as well. */
  timeoutMs: number;
  /** From then on the turn goes on without it; it may take `timeoutMs` × 20 in all. undefined = never. */
  backgroundAfterMs: number | undefined;
  /** A barge-in ends it. Those with effects that must not be left half-done say no. */
  stopsOnBargeIn: boolean;
  /** undefined = can be used; otherwise why not. */
  unavailable(): ErrorData | undefined;
  plan(input: Input, context: Omit<ToolContext, 'signal' | 'onProgress'>): Promise<ToolPlan>;
  run(input: Input, context: ToolContext): Promise<ToolOutcome>;
}

/** Makes the schema, the check and the defaults of a built-in tool. */
export type DefineTool = <Schema extends z.ZodType>(
  definition: Omit<Tool<z.infer<Schema>>, 'parameters' | 'parse' | 'source' | 'unavailable' | 'backgroundAfterMs' | 'stopsOnBargeIn'> & {
    input: Schema;
    unavailable?: () => ErrorData | undefined;
    backgroundAfterMs?: number;
    stopsOnBargeIn?: boolean;
  },
) => Tool<z.infer<Schema>>;

/** What the model gets back, and whether it makes the turn tainted. Refusals and failures are results, too. */
export interface ToolResult {
  state: ToolCall['state'];
  text: string;
  tainted: boolean;
  /** Why it was refused, failed or ended; for ready answers in another language. */
  reason?: ErrorData;
}

/** The hands of one turn of the assistant. */
export interface ToolTurn {
  /** What the model may ask for now: the short list, and what a search in this turn has found. */
  offered(): ToolDefinition[];
  /** Checks, plans, asks, runs. Never rejects; a call that repeats itself or exceeds the turn's limits is a refused one. Calls of one round may overlap. */
  call(request: ToolRequest): Promise<ToolResult>;
  isTainted(): boolean;
  /** A barge-in: ends what may be ended. */
  interrupt(): void;
}

export interface ToolTurnRequest {
  asker: Asker;
  conversationId: string | null;
  language: LanguageCode;
  /** Something in the prompt came from outside. */
  tainted: boolean;
  /** Aborted when the turn is over for good. */
  signal: AbortSignal;
  /** Nothing is done before it resolves: a speculative turn has no effects. */
  committed: Promise<void>;
}

/** A ready answer without a language model: small models cannot be trusted with tools. */
export interface Intent {
  calls: readonly ToolRequest[];
  /** The answer, from the results in their order. */
  answer(results: readonly ToolResult[]): string;
}

/** The tools as the other modules see them. */
export interface Tools extends Disposable {
  register(tool: Tool): Unsubscribe;
  beginTurn(request: ToolTurnRequest): ToolTurn;
  /** What the owner plainly asks for, recognised by sentence patterns in English and German; undefined = leave it to the model. */
  intent(question: string, language: LanguageCode): Intent | undefined;
  /** Words that were heard or typed in this conversation (in any, where none is named) while one approval waits there: `answered` when they were its exact yes or a plain no. Called before any model. */
  hear(words: string, asker: Asker, conversationId?: string | null): 'answered' | 'not-for-me';
  onApproval(listener: (approval: Approval) => void): Unsubscribe;
  onCall(listener: (call: ToolCall) => void): Unsubscribe;
  /** Ends every running call; for the kill switch. */
  stopAll(): Promise<readonly string[]>;
}
