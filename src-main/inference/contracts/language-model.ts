import type { LanguageCode } from './speech-recognizer.ts';

/** JSON Schema (2020-12, an object at the top) of a tool's input. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool as the model is told about it. */
export interface ToolDefinition {
  /** /^[a-z][a-z0-9_]{0,63}$/ */
  name: string;
  description: string;
  parameters: JsonSchema;
}

/** What the model wants done. The input has not been checked against the tool's schema yet. */
export interface ToolRequest {
  /** Unique within the prompt. */
  id: string;
  name: string;
  input: unknown;
}

/**
 * One message of the prompt. The system message, if any, comes first and must stay byte-identical between turns (KV cache). The results of an
 * assistant message with `toolRequests` follow it directly, one `tool` message for each, in their order.
 */
export type PromptMessage =
  | { role: 'system' | 'user'; text: string }
  | { role: 'assistant'; text: string; toolRequests?: readonly ToolRequest[] }
  | { role: 'tool'; requestId: string; name: string; text: string };

/** Sampling and limits of one generation. */
export interface GenerationOptions {
  /** Upper bound of generated tokens. */
  maxTokens: number;
  /** 0 = greedy. */
  temperature: number;
  /** Aborting stops the inference itself, not only the stream; the promise then resolves with `finishReason: 'aborted'`. */
  signal?: AbortSignal;
  /** What the model may ask for; local models are held to these by a grammar. Absent or empty = it can only write. */
  tools?: readonly ToolDefinition[];
  /** Called for each piece of visible text, in order; reasoning ("thoughts") is never passed on. */
  onText?: (text: string) => void;
}

/** How a generation went. All times in milliseconds. */
export interface GenerationResult {
  text: string;
  /** `tools` = it waits for the results of `toolRequests`. */
  finishReason: 'stop' | 'length' | 'aborted' | 'tools';
  /** Empty unless `finishReason` is `tools`. */
  toolRequests: readonly ToolRequest[];
  promptTokens: number;
  /** Prompt tokens that were found in the KV cache; 0 when the engine does not say. */
  cachedPromptTokens: number;
  completionTokens: number;
  /** Request → first visible token (metric llm_ttft). */
  timeToFirstTokenMs: number;
}

/**
 * A language model, local or behind a server. Errors are `AppError`s: `language.not-ready` (there is none), `language.failed` (it does not work
 * here: damaged, or too large), `language.unreachable`, `language.timeout`, `language.cut-off` (stream ended in mid-answer; `details.received` =
 * characters), `language.bad-answer`, `language.unauthorized`, `language.crashed`, `language.busy` (rate limit, overload), `language.server-error`,
 * `language.model-missing` (the server does not know the model), `language.refused` (any other no), `language.too-long` (the prompt does not fit
 * into the context window).
 */
export interface LanguageModel {
  /** Short name for the window, e.g. "SmolLM2 135M". */
  readonly name: string;
  /** Real size of the context window in tokens. */
  readonly contextTokens: number;
  /** Size of the model; undefined = unknown. Below a billion a model needs a far simpler prompt. */
  readonly parameterCount?: number | undefined;
  /** Whether it can be offered tools: its template or server knows them and it is large enough to choose well. undefined = no. */
  readonly usesTools?: boolean | undefined;
  /** What it was made for; undefined = not known. */
  readonly languages?: readonly LanguageCode[] | undefined;
  /** Exact for local models; for servers an upper estimate (characters / 3). */
  countTokens(texts: readonly string[]): Promise<number[]>;
  /**
   * Evaluates a prompt prefix ahead of time so that `generate` with the same beginning starts sooner. A last message of the user may be
   * unfinished: it is not closed. May be called while the user still speaks; a later call or a `generate` replaces it. Resolves also when
   * it was replaced or aborted. `tools`: those that `generate` will be given, since they stand at the beginning of the prompt.
   */
  preload(messages: readonly PromptMessage[], signal?: AbortSignal, tools?: readonly ToolDefinition[]): Promise<void>;
  generate(messages: readonly PromptMessage[], options: GenerationOptions): Promise<GenerationResult>;
  dispose(): Promise<void>;
}
