import type {
  GenerationOptions,
  GenerationResult,
  LanguageModel,
  PromptMessage,
  ToolDefinition,
  ToolRequest,
} from '../../src-main/inference/contracts/index.ts';
import type { Clock } from '../../src-main/base/clock.ts';
import { tooLong } from '../../src-main/inference/language/language-errors.ts';

/** What the scripted model does with one `generate`. */
export interface ScriptedAnswer {
  /** The whole answer; it is cut into tokens (a word with its leading space, or a run of punctuation). */
  text: string;
  /** Asked for behind the text, whether they were offered or not. Ids are made up where there are none. */
  toolRequests?: readonly (Omit<ToolRequest, 'id'> & { id?: string })[];
  /** Request → first token, ms. Default 50. */
  firstTokenMs?: number;
  /** Between two tokens, ms. Default 20. */
  tokenMs?: number;
  /** Thrown instead of the next token once `failAfterTokens` (default 0) have been given. */
  error?: Error;
  failAfterTokens?: number;
}

/** A generation that has been asked for, for assertions. */
export interface ScriptedGeneration {
  messages: readonly PromptMessage[];
  maxTokens: number;
  temperature: number;
  tools: readonly ToolDefinition[];
  startedAtMs: number;
  /** Visible text so far. */
  text: string;
  outcome: 'running' | 'stop' | 'length' | 'aborted' | 'tools' | 'failed';
}

/** The double as tests see it: the contract and what was asked of it. */
export interface ScriptedLanguageModel extends LanguageModel {
  /** In the order of the calls. */
  readonly generations: readonly ScriptedGeneration[];
  /** Prefixes given to `preload`, in the order of the calls. */
  readonly preloads: readonly (readonly PromptMessage[])[];
  /** Tools given along with each of them. */
  readonly preloadedTools: readonly (readonly ToolDefinition[])[];
  readonly disposed: boolean;
}

export interface ScriptedLanguageModelOptions {
  clock: Clock;
  /** Called once per `generate`; a plain list is used in order, its last element again and again. */
  answers: readonly (string | ScriptedAnswer)[] | ((messages: readonly PromptMessage[], index: number) => string | ScriptedAnswer);
  name?: string;
  contextTokens?: number;
  parameterCount?: number;
  usesTools?: boolean;
}

/**
 * A language model that says what the test wrote, one token at a time on the injected clock, so that hours of talk take milliseconds.
 * An abort is honoured at once, as the contract demands; calls overlap freely. A token is a word; `countTokens` counts the same way, and a prompt
 * that does not fit is refused.
 */
export function createScriptedLanguageModel(options: ScriptedLanguageModelOptions): ScriptedLanguageModel {
  const { clock, answers, contextTokens = 2048 } = options;
  const generations: ScriptedGeneration[] = [];
  const preloads: (readonly PromptMessage[])[] = [];
  const preloadedTools: (readonly ToolDefinition[])[] = [];
  let disposed = false;
  let lastPrompt = '';

  const chooseAnswer = (messages: readonly PromptMessage[]): ScriptedAnswer => {
    const index = generations.length;
    const chosen = typeof answers === 'function' ? answers(messages, index) : answers[Math.min(index, answers.length - 1)];
    if (chosen === undefined) throw new Error('createScriptedLanguageModel: no answer was scripted');
    return typeof chosen === 'string' ? { text: chosen } : chosen;
  };

  return {
    name: options.name ?? 'Scripted',
    contextTokens,
    parameterCount: options.parameterCount,
    usesTools: options.usesTools,
    generations,
    preloads,
    preloadedTools,
    get disposed() {
      return disposed;
    },
    countTokens: async (texts) => texts.map((text) => tokensOf(text).length),
    async preload(messages, signal, tools) {
      if (signal?.aborted) return;
      preloads.push([...messages]);
      preloadedTools.push([...(tools ?? [])]);
      lastPrompt = promptOf(messages);
    },
    async generate(messages, generation) {
      if (disposed) throw new Error('createScriptedLanguageModel: generate after dispose');
      const answer = chooseAnswer(messages);
      const record: ScriptedGeneration = {
        messages: [...messages],
        maxTokens: generation.maxTokens,
        temperature: generation.temperature,
        tools: [...(generation.tools ?? [])],
        startedAtMs: clock.nowMs(),
        text: '',
        outcome: 'running',
      };
      generations.push(record);
      const prompt = promptOf(messages);
      const promptTokens = tokensOf(prompt).length;
      if (promptTokens >= contextTokens) {
        record.outcome = 'failed';
        throw tooLong(promptTokens, contextTokens);
      }
      const cachedPromptTokens = tokensOf(commonPrefix(prompt, lastPrompt)).length;
      lastPrompt = prompt;
      const progress = await stream(clock, answer, record, generation);
      const asked = progress.finishReason === 'tools' ? (answer.toolRequests ?? []) : [];
      const toolRequests = asked.map((request, index) => ({ id: `call-${generations.length}-${index + 1}`, ...request }));
      return { ...progress, toolRequests, promptTokens, cachedPromptTokens };
    },
    async dispose() {
      disposed = true;
    },
  };
}

type Progress = Pick<GenerationResult, 'text' | 'finishReason' | 'completionTokens' | 'timeToFirstTokenMs'>;

function stream(clock: Clock, answer: ScriptedAnswer, record: ScriptedGeneration, generation: GenerationOptions): Promise<Progress> {
  const tokens = tokensOf(answer.text);
  const { signal } = generation;
  return new Promise((resolve, reject) => {
    let given = 0;
    let firstTokenAtMs: number | undefined;
    const finish = (finishReason: GenerationResult['finishReason']): void => {
      timer.cancel();
      signal?.removeEventListener('abort', abort);
      record.outcome = finishReason;
      resolve({
        text: record.text,
        finishReason,
        completionTokens: given,
        timeToFirstTokenMs: (firstTokenAtMs ?? clock.nowMs()) - record.startedAtMs,
      });
    };
    const abort = (): void => finish('aborted');
    const step = (): void => {
      if (answer.error && given >= (answer.failAfterTokens ?? 0)) {
        signal?.removeEventListener('abort', abort);
        record.outcome = 'failed';
        reject(answer.error);
        return;
      }
      const token = tokens[given];
      if (token === undefined) return finish(answer.toolRequests && answer.toolRequests.length > 0 ? 'tools' : 'stop');
      if (given === generation.maxTokens) return finish('length');
      firstTokenAtMs ??= clock.nowMs();
      given += 1;
      record.text += token;
      // The timer comes first: a listener may abort from within onText.
      timer = clock.after(given === tokens.length && !answer.error ? 0 : (answer.tokenMs ?? 20), step);
      generation.onText?.(token);
    };
    let timer = clock.after(answer.firstTokenMs ?? 50, step);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

function tokensOf(text: string): string[] {
  return text.match(/\s*[\p{L}\p{N}_'’-]+|\s*[^\s\p{L}\p{N}_'’-]+|\s+/gu) ?? [];
}

function promptOf(messages: readonly PromptMessage[]): string {
  return messages.map((message) => `${message.role}: ${message.text}`).join('\n');
}

function commonPrefix(left: string, right: string): string {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return left.slice(0, length);
}
