import Anthropic from '@anthropic-ai/sdk';
import type { Clock } from '../../base/clock.ts';
import type { GenerationOptions, LanguageModel, PromptMessage, ToolDefinition } from '../contracts/index.ts';
import { hostOf } from '../remote/reach.ts';
import { toRemoteError } from '../remote/remote-error.ts';
import { estimateTokens, generateRemotely, type RemotePiece } from '../remote/remote-generation.ts';
import { defaultDeadlines, type Deadlines } from '../remote/stream-watch.ts';
import { inputObject, withoutToolCalls } from '../remote/tool-messages.ts';

export interface ClaudeOptions {
  model: string;
  /** Asked at each request, so that a new key counts at once. */
  apiKey: () => string | undefined;
  clock: Clock;
  /** Another address of the same interface, for a gateway or a test. */
  baseUrl?: string;
  deadlines?: Deadlines;
}

const BASE_URL = 'https://api.anthropic.com';
/** Every current model has at least this much. */
const CONTEXT_TOKENS = 200_000;
/** Room for models that reason and cannot be told not to: their thoughts count as output. */
const THINKING_TOKENS = 4_000;

/**
 * A model of the Claude API. The temperature is not sent: newer models refuse it. Reasoning is switched off, for a spoken answer cannot wait for it;
 * the few models that refuse to do without are asked once more and remembered.
 */
export function createClaudeModel(options: ClaudeOptions): LanguageModel {
  const { model, clock } = options;
  const address = new URL(options.baseUrl ?? BASE_URL);
  const deadlines = options.deadlines ?? defaultDeadlines;
  const client = new Anthropic({
    baseURL: address.href.replace(/\/$/, ''),
    apiKey: async () => options.apiKey() ?? 'none',
    // Explicit, or the client would look for other credentials in the environment.
    authToken: null,
    webhookKey: null,
    maxRetries: 0,
    timeout: 2 * (deadlines.firstTokenMs + deadlines.idleMs),
    logLevel: 'off',
  });
  let alwaysThinks = false;

  async function* open(
    messages: readonly PromptMessage[],
    generation: GenerationOptions,
    signal: AbortSignal,
  ): AsyncGenerator<RemotePiece> {
    const { maxTokens, tools = [] } = generation;
    const request = (thinks: boolean): Anthropic.MessageCreateParamsStreaming => ({
      model,
      max_tokens: thinks ? maxTokens + THINKING_TOKENS : maxTokens,
      ...promptOf(tools.length > 0 ? messages : withoutToolCalls(messages)),
      ...(tools.length > 0 ? { tools: tools.map(claudeTool) } : {}),
      ...(thinks ? {} : { thinking: { type: 'disabled' } }),
      stream: true,
    });
    const stream = await client.messages.create(request(alwaysThinks), { signal }).catch((error: unknown) => {
      if (alwaysThinks || !refusesToStopThinking(error)) throw error;
      alwaysThinks = true;
      return client.messages.create(request(true), { signal });
    });
    for await (const event of stream) yield* piecesOf(event);
  }

  return {
    name: model,
    contextTokens: CONTEXT_TOKENS,
    usesTools: true,
    countTokens: async (texts) => texts.map(estimateTokens),
    preload: async () => undefined,
    generate: (messages, generation) =>
      generateRemotely({
        address,
        clock,
        deadlines,
        options: generation,
        open: (signal) => open(messages, generation, signal),
        toError: (error, received) => toRemoteError(error, { where: hostOf(address), model, contextTokens: CONTEXT_TOKENS, received }),
      }),
    dispose: async () => undefined,
  };
}

function promptOf(messages: readonly PromptMessage[]): Pick<Anthropic.MessageCreateParamsStreaming, 'system' | 'messages'> {
  const system = messages.filter(({ role }) => role === 'system').map(({ text }) => text);
  const turns: Anthropic.MessageParam[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role === 'system') continue;
    if (message.role === 'tool') {
      const result = { type: 'tool_result' as const, tool_use_id: message.requestId, content: message.text };
      // All results of one round belong into one message.
      if (last?.role === 'user' && Array.isArray(last.content)) last.content.push(result);
      else turns.push({ role: 'user', content: [result] });
    } else if (message.role === 'assistant' && message.toolRequests !== undefined && message.toolRequests.length > 0) {
      const calls = message.toolRequests.map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input: inputObject(input) }));
      turns.push({
        role: 'assistant',
        content: [...(message.text === '' ? [] : [{ type: 'text' as const, text: message.text }]), ...calls],
      });
    } else turns.push({ role: message.role, content: message.text });
  }
  return {
    // Marked, so that the stable beginning is kept on the server's side when it is long enough to be worth it.
    ...(system.length === 0 ? {} : { system: [{ type: 'text', text: system.join('\n\n'), cache_control: { type: 'ephemeral' } }] }),
    messages: turns,
  };
}

function claudeTool({ name, description, parameters }: ToolDefinition): Anthropic.Tool {
  return { name, description, input_schema: { ...parameters, type: 'object' } };
}

function refusesToStopThinking(error: unknown): boolean {
  return error instanceof Anthropic.BadRequestError && /thinking/i.test(error.message);
}

function* piecesOf(event: Anthropic.RawMessageStreamEvent): Generator<RemotePiece> {
  if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') yield { kind: 'text', text: event.delta.text };
  else if (typeof event.type === 'string') yield { kind: 'alive' };
  if (event.type === 'content_block_start' && event.content_block.type === 'tool_use')
    yield { kind: 'tool', index: event.index, id: event.content_block.id, name: event.content_block.name };
  if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta')
    yield { kind: 'tool', index: event.index, input: event.delta.partial_json };
  if (event.type === 'message_start') {
    const { usage } = event.message;
    const cached = usage.cache_read_input_tokens ?? 0;
    yield {
      kind: 'usage',
      promptTokens: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
      cachedPromptTokens: cached,
    };
  }
  if (event.type === 'message_delta') {
    yield { kind: 'usage', completionTokens: event.usage.output_tokens };
    if (event.delta.stop_reason) yield { kind: 'finish', reason: event.delta.stop_reason === 'max_tokens' ? 'length' : 'stop' };
  }
}
