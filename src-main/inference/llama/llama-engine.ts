import {
  ChatWrapper,
  getLlama,
  JinjaTemplateChatWrapper,
  LlamaChat,
  LlamaLogLevel,
  resolveChatWrapper,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaModel,
  type ChatModelFunctions,
} from 'node-llama-cpp';
import { AppError, isAbort } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { GenerationResult, LanguageMethods, PromptMessage, ToolDefinition, ToolRequest } from '../contracts/index.ts';
import { failed, notReady, tooLong } from '../language/language-errors.ts';
import { createVisibleText } from '../language/visible-text.ts';
import { withoutBinaryProbe } from './binary-probe.ts';
import { createEngineQueue } from './engine-queue.ts';
import { usePlainCpu } from './plain-cpu.ts';
import { createPrefixEvaluation } from './prefix-evaluation.ts';
import { chatHistory, openPromptText, promptText } from './prompt-text.ts';
import { toolFunctions, withoutAbsent } from './tool-grammar.ts';

type LoadParameters = LanguageMethods['load']['params'];
type GenerateParameters = LanguageMethods['generate']['params'];

/** node-llama-cpp behind the four methods of the language worker. Calls may overlap: they are done one after the other. */
export interface LlamaEngine {
  load(parameters: LoadParameters): Promise<LanguageMethods['load']['result']>;
  countTokens(texts: readonly string[]): number[];
  preload(messages: readonly PromptMessage[], tools: readonly ToolDefinition[] | undefined, signal: AbortSignal): Promise<void>;
  generate(parameters: GenerateParameters, signal: AbortSignal, onText: (text: string) => void): Promise<GenerationResult>;
  dispose(): Promise<void>;
}

interface Loaded {
  llama: Llama;
  model: LlamaModel;
  context: LlamaContext;
  sequence: LlamaContextSequence;
  chat: LlamaChat;
}

/** Evaluating ahead gives way to a question after at most this long, a question to its own abort. */
const PRELOAD_PIECE_MS = 40;
const PROMPT_PIECE_MS = 80;
const GIBIBYTE = 1024 ** 3;
/** Of one round; a model that has lost its way would go on for ever. */
const MAX_CALLS = 4;

export function createLlamaEngine(): LlamaEngine {
  const queue = createEngineQueue();
  const ahead = createPrefixEvaluation(PRELOAD_PIECE_MS);
  const direct = createPrefixEvaluation(PROMPT_PIECE_MS);
  const disposal = new AbortController();
  let loaded: Loaded | undefined;

  const unload = async (): Promise<void> => {
    const old = loaded;
    loaded = undefined;
    // Waiting for the queue first: disposing a context during an evaluation has crashed the process (node-llama-cpp #631).
    await old?.llama.dispose();
  };
  const require = (): Loaded => {
    if (!loaded) throw notReady('No language model is loaded. Choose one on the Models page.');
    return loaded;
  };

  return {
    load: (parameters) =>
      queue.run(async () => {
        await unload();
        const startedAtMs = performance.now();
        loaded = await open(parameters);
        const { llama, model, context } = loaded;
        return {
          loadedMs: performance.now() - startedAtMs,
          name: model.fileInfo.metadata.general?.name ?? model.filename ?? 'Language model',
          contextTokens: context.contextSize,
          parameterCount: model.fileInsights.totalParameters,
          gpu: llama.gpu,
          knowsTools: knowsTools(loaded.chat.chatWrapper),
        };
      }),

    countTokens: (texts) => texts.map((text) => require().model.tokenize(text).length),

    preload: (messages, tools, callerSignal) =>
      queue.runReplaceable(async (queueSignal) => {
        const { sequence, chat, model, context } = require();
        const signal = AbortSignal.any([callerSignal, queueSignal, disposal.signal]);
        const functions = functionsOf(tools);
        const tokens = openPromptText(chat.chatWrapper, messages, functions).tokenize(model.tokenizer);
        if (tokens.length >= context.contextSize || signal.aborted) return;
        if (sequence.needsCheckpoints) {
          // Such a model cannot forget the words of a question that turns out otherwise; it goes back to this point instead.
          const stable = openPromptText(chat.chatWrapper, withoutQuestion(messages), functions).tokenize(model.tokenizer);
          await ahead.evaluate(sequence, stable, signal);
          if (signal.aborted) return;
          await sequence.takeCheckpoint();
        }
        await ahead.evaluate(sequence, tokens, signal);
      }),

    generate: (parameters, callerSignal, onText) => {
      const receivedAtMs = performance.now();
      const signal = AbortSignal.any([callerSignal, disposal.signal]);
      return queue.run(async () => generate(require(), direct, parameters, { signal, onText, receivedAtMs }));
    },

    dispose() {
      disposal.abort();
      return queue.run(unload);
    },
  };
}

async function open(parameters: LoadParameters): Promise<Loaded> {
  const plain = parameters.plainCpu && usePlainCpu();
  const llama = await withoutBinaryProbe(() =>
    getLlama({
      gpu: plain ? false : parameters.gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.warn,
      maxThreads: 0,
      // The card is shared with voices and the face.
      vramPadding: (total) => Math.min(6 * GIBIBYTE, Math.max(GIBIBYTE, total / 4)),
    }),
  );
  try {
    const model = await llama.loadModel({ modelPath: parameters.modelPath, useMmap: 'auto' });
    const context = await model.createContext({
      sequences: 1,
      contextSize: { min: 512, max: Math.min(parameters.contextTokens, model.trainContextSize) },
      threads: parameters.threads,
    });
    const sequence = context.getSequence();
    const chatWrapper = resolveChatWrapper(model, {
      warningLogs: false,
      customWrapperSettings: { qwen: { thoughts: 'discourage' }, gemma4: { reasoning: false }, harmony: { reasoningEffort: 'low' } },
    });
    const loaded = { llama, model, context, sequence, chat: new LlamaChat({ contextSequence: sequence, chatWrapper }) };
    await warmUp(loaded);
    return loaded;
  } catch (error) {
    await llama.dispose();
    throw error instanceof AppError ? error : failed(`it could not be loaded: ${reasonOf(error)}`, error);
  }
}

/** A first prompt: brings the weights into memory, and shows a processor that faults before anybody waits for an answer. */
async function warmUp({ model, sequence }: Loaded): Promise<void> {
  const tokens = model.tokenize('One two three four five six seven eight nine ten eleven twelve. What comes next?');
  for await (const token of sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true })) if (Number.isInteger(token)) break;
  await sequence.clearHistory();
}

interface Run {
  signal: AbortSignal;
  onText: (text: string) => void;
  receivedAtMs: number;
}

async function generate(
  loaded: Loaded,
  evaluation: ReturnType<typeof createPrefixEvaluation>,
  parameters: GenerateParameters,
  run: Run,
): Promise<GenerationResult> {
  const { model, context, sequence, chat } = loaded;
  const { signal } = run;
  const result: GenerationResult = {
    text: '',
    finishReason: 'aborted',
    toolRequests: [],
    promptTokens: 0,
    cachedPromptTokens: 0,
    completionTokens: 0,
    timeToFirstTokenMs: 0,
  };
  if (signal.aborted) return result;
  const functions = functionsOf(parameters.tools);
  const tokens = promptText(chat.chatWrapper, parameters.messages, functions).tokenize(model.tokenizer);
  const room = context.contextSize - tokens.length - 1;
  if (room < 1) throw tooLong(tokens.length, context.contextSize);
  result.promptTokens = tokens.length;
  // The last token is left for the generation, which must evaluate something.
  result.cachedPromptTokens = await evaluation.evaluate(sequence, tokens.slice(0, -1), signal);
  if (signal.aborted) return result;

  const visible = createVisibleText((text) => {
    if (result.text === '') result.timeToFirstTokenMs = performance.now() - run.receivedAtMs;
    result.text += text;
    run.onText(text);
  });
  const usedBefore = sequence.tokenMeter.getState();
  try {
    const { metadata, functionCalls } = await chat.generateResponse(chatHistory(parameters.messages), {
      signal,
      stopOnAbortSignal: true,
      maxTokens: Math.min(parameters.maxTokens, room),
      temperature: parameters.temperature,
      minP: 0.05,
      // Penalties make small models avoid the very word that was asked for; loops are ended by the agent.
      repeatPenalty: false,
      budgets: { thoughtTokens: 0 },
      onTextChunk: (text) => visible.push(text),
      ...(functions ? { functions, documentFunctionParams: true, maxParallelFunctionCalls: MAX_CALLS } : {}),
    });
    if (metadata.stopReason !== 'abort') {
      visible.end();
      result.toolRequests = requestsOf(functionCalls ?? [], parameters.tools ?? []);
      if (result.toolRequests.length > 0) result.finishReason = 'tools';
      else result.finishReason = metadata.stopReason === 'maxTokens' ? 'length' : 'stop';
    }
  } catch (error) {
    if (!signal.aborted && !isAbort(error)) throw error;
  }
  result.completionTokens = sequence.tokenMeter.diff(usedBefore).usedOutputTokens;
  return result;
}

function functionsOf(tools: readonly ToolDefinition[] | undefined): ChatModelFunctions | undefined {
  return tools === undefined || tools.length === 0 ? undefined : toolFunctions(tools);
}

function requestsOf(calls: readonly { functionName: string; params?: unknown }[], tools: readonly ToolDefinition[]): ToolRequest[] {
  return calls.map(({ functionName, params }) => {
    const schema = tools.find(({ name }) => name === functionName)?.parameters ?? {};
    return { id: createId('call'), name: functionName, input: withoutAbsent(params ?? {}, schema) };
  });
}

/** Templates without a form of their own get the library's, which their models were never shown. */
function knowsTools(wrapper: ChatWrapper): boolean {
  if (wrapper instanceof JinjaTemplateChatWrapper && wrapper.usingJinjaFunctionCallTemplate) return true;
  return wrapper.settings.functions.call.prefix.toString() !== ChatWrapper.defaultSettings.functions.call.prefix.toString();
}

function withoutQuestion(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  return messages.at(-1)?.role === 'user' ? messages.slice(0, -1) : messages;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 200) : String(error);
}
