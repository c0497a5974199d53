import OpenAI from 'openai';
import type { Clock } from '../../base/clock.ts';
import type { GenerationOptions, LanguageModel, PromptMessage, ToolDefinition } from '../contracts/index.ts';
import { badAnswer } from '../language/language-errors.ts';
import { parameterCountOf } from '../language/parameter-count.ts';
import { hostOf } from '../remote/reach.ts';
import { toRemoteError } from '../remote/remote-error.ts';
import { estimateTokens, generateRemotely, type RemotePiece } from '../remote/remote-generation.ts';
import { defaultDeadlines, type Deadlines } from '../remote/stream-watch.ts';
import { inputObject, withoutToolCalls } from '../remote/tool-messages.ts';
import { contextSizeIn, DEFAULT_CONTEXT_TOKENS } from './context-size.ts';
import { serverAddress } from './server-address.ts';

export interface OpenAiCompatibleOptions {
  baseUrl: string;
  model: string;
  /** Asked at each request, so that a new key counts at once; undefined = the server wants none. */
  apiKey: () => string | undefined;
  clock: Clock;
  deadlines?: Deadlines;
}

/** Longer than this the answer to `/v1/models` is not waited for. */
const MODEL_LIST_MS = 3_000;

/**
 * A model behind Ollama, LM Studio, llama.cpp, vLLM or any other server with OpenAI's chat interface. Throws `language.bad-address`. The size of
 * the context is asked for once, beside the first use; until then the default counts. A server that refuses tools is asked once more without, and
 * remembered.
 */
export function createOpenAiCompatibleModel(options: OpenAiCompatibleOptions): LanguageModel {
  const { model, clock } = options;
  const address = serverAddress(options.baseUrl);
  const deadlines = options.deadlines ?? defaultDeadlines;
  const client = new OpenAI({
    baseURL: address.href,
    // Explicit, or the client would take keys and accounts for OpenAI out of the environment and send them to this server.
    apiKey: async () => options.apiKey() ?? 'none',
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    // Our own deadlines come first; the client also prints what it cannot read, which may be private.
    timeout: 2 * (deadlines.firstTokenMs + deadlines.idleMs),
    logLevel: 'off',
  });
  let contextTokens: number | undefined;
  let refusesTools = false;
  const disposal = new AbortController();

  const learnContext = async (): Promise<void> => {
    try {
      const list: unknown = await client.get('/models', { timeout: MODEL_LIST_MS, signal: disposal.signal });
      contextTokens = contextSizeIn(list, model) ?? DEFAULT_CONTEXT_TOKENS;
    } catch {
      // Not running yet, or without that list: asked again at the next use.
    }
  };
  let learning = learnContext();

  async function* openWith(
    messages: readonly PromptMessage[],
    generation: GenerationOptions,
    signal: AbortSignal,
  ): AsyncGenerator<RemotePiece> {
    const tools = refusesTools ? [] : (generation.tools ?? []);
    const request: ChatRequest = { address, model, messages, generation, tools };
    let began = false;
    try {
      for await (const piece of open(client, request, signal)) {
        began = true;
        yield piece;
      }
    } catch (error) {
      if (began || tools.length === 0 || !refusesToUseTools(error)) throw error;
      refusesTools = true;
      yield* open(client, { ...request, tools: [] }, signal);
    }
  }

  return {
    name: model,
    parameterCount: parameterCountOf(model),
    get usesTools() {
      return !refusesTools;
    },
    get contextTokens() {
      return contextTokens ?? DEFAULT_CONTEXT_TOKENS;
    },
    countTokens: async (texts) => texts.map(estimateTokens),
    async preload() {
      await learning;
    },
    async generate(messages, generation) {
      if (contextTokens === undefined) learning = learnContext();
      return generateRemotely({
        address,
        clock,
        deadlines,
        options: generation,
        open: (signal) => openWith(messages, generation, signal),
        toError: (error, received) =>
          toRemoteError(error, { where: hostOf(address), model, contextTokens: contextTokens ?? DEFAULT_CONTEXT_TOKENS, received }),
      });
    },
    async dispose() {
      disposal.abort();
      await learning;
    },
  };
}

interface ChatRequest {
  address: URL;
  model: string;
  messages: readonly PromptMessage[];
  generation: { maxTokens: number; temperature: number };
  tools: readonly ToolDefinition[];
}

async function* open(client: OpenAI, request: ChatRequest, signal: AbortSignal): AsyncGenerator<RemotePiece> {
  const { model, messages, generation, tools } = request;
  const { data, response } = await client.chat.completions
    .create(
      {
        model,
        messages: (tools.length > 0 ? messages : withoutToolCalls(messages)).map(chatMessage),
        ...(tools.length > 0 ? { tools: tools.map(functionTool) } : {}),
        max_tokens: generation.maxTokens,
        temperature: generation.temperature,
        stream: true,
        stream_options: { include_usage: true },
      },
      { signal },
    )
    .withResponse();
  const kind = response.headers.get('content-type') ?? '';
  if (/text\/html|application\/(?:json|xml)/i.test(kind)) {
    data.controller.abort();
    throw badAnswer(hostOf(request.address), `it is of the kind ${kind.split(';')[0]?.trim()}`);
  }
  for await (const chunk of data) yield* piecesOf(chunk);
}

function chatMessage(message: PromptMessage): OpenAI.ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.requestId, content: message.text };
  if (message.role !== 'assistant' || message.toolRequests === undefined || message.toolRequests.length === 0)
    return { role: message.role, content: message.text };
  return {
    role: 'assistant',
    content: message.text === '' ? null : message.text,
    tool_calls: message.toolRequests.map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(inputObject(input)) },
    })),
  };
}

function functionTool({ name, description, parameters }: ToolDefinition): OpenAI.ChatCompletionTool {
  return { type: 'function', function: { name, description, parameters: { ...parameters } } };
}

/** Said with 400 by Ollama and vLLM, with 500 by llama.cpp without templates, with 404 by routers that know no provider for it. */
function refusesToUseTools(error: unknown): boolean {
  return error instanceof OpenAI.APIError && error.status !== undefined && /\btools?\b|\btool_choice\b|function.?call/i.test(error.message);
}

function* piecesOf(chunk: OpenAI.ChatCompletionChunk): Generator<RemotePiece> {
  const choice = chunk.choices?.[0];
  const text = choice?.delta?.content;
  // Reasoning comes in fields of its own (`reasoning`, `reasoning_content`), which are only a sign of life. What has no choice is no answer.
  if (choice) yield typeof text === 'string' && text !== '' ? { kind: 'text', text } : { kind: 'alive' };
  for (const [place, call] of (choice?.delta?.tool_calls ?? []).entries())
    yield { kind: 'tool', index: call.index ?? place, id: call.id, name: call.function?.name, input: call.function?.arguments };
  if (choice?.finish_reason) yield { kind: 'finish', reason: choice.finish_reason === 'length' ? 'length' : 'stop' };
  const { usage } = chunk;
  if (usage)
    yield {
      kind: 'usage',
      promptTokens: usage.prompt_tokens,
      completionTokens: usage.completion_tokens,
      cachedPromptTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    };
}
