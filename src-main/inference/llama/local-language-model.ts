import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../base/clock.ts';
import { AppError, isAbort, toErrorData } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { CallOptions, SupervisedWorker, WorkerCall } from '../../platform/workers/workers.ts';
import type { GenerationResult, LanguageCode, LanguageMethods, LanguageModel, ToolDefinition } from '../contracts/index.ts';
import { crashed, failed, notReady } from '../language/language-errors.ts';
import type { EngineTrust } from './engine-trust.ts';

/** What is loaded. */
export interface LocalModel {
  name: string;
  /** GGUF, absolute. */
  path: string;
  contextTokens: number;
  /** Empty = not known. */
  languages: readonly LanguageCode[];
  threads: number;
  gpu: 'auto' | false;
}

export type LanguageWorker = Pick<SupervisedWorker<LanguageMethods, never>, 'call' | 'onStart' | 'start' | 'stop' | 'reset'>;

/**
 * The language worker seen as language models, one at a time. Each model gets a process of its own, so that the memory of the one before is
 * given back; after a crash the supervisor starts it again and the same model is loaded.
 */
export interface LocalLanguageEngine {
  /** Ends what runs and loads this model. Rejects with `language.failed` or `language.crashed`. */
  open(model: LocalModel): Promise<LanguageModel>;
  /** Ends the process; its files may then be deleted. */
  close(): Promise<void>;
}

export interface LocalLanguageEngineDeps {
  worker: LanguageWorker;
  trust: EngineTrust;
  clock: Clock;
  log: Log;
}

type Loaded = LanguageMethods['load']['result'];

/** Loading reads gigabytes from a disk that may be slow. */
const LOAD_MS = 10 * 60_000;
/** A long answer on a slow processor; a worker that hangs is found by the supervisor's pings. */
const GENERATE_MS = 20 * 60_000;
/** Smaller ones call whatever is offered, whether it helps or not. */
const LEAST_PARAMETERS_FOR_TOOLS = 1_000_000_000;

export function createLocalLanguageEngine({ worker, trust, clock, log }: LocalLanguageEngineDeps): LocalLanguageEngine {
  let current: LocalModel | undefined;
  let loaded: Loaded | undefined;
  /** An answer has come since the process started: what happens later is not the processor's fault. */
  let answered = false;

  /** Runs at every start of the process. A death here makes the supervisor start it again, then with plain code. */
  const load = async (call: WorkerCall<LanguageMethods>): Promise<void> => {
    answered = false;
    if (!current) throw notReady('No language model is chosen. Choose one on the Models page.');
    const { path, contextTokens, threads, gpu } = current;
    try {
      loaded = await call('load', { modelPath: path, contextTokens, threads, gpu, plainCpu: trust.isPlain() }, { timeoutMs: LOAD_MS });
    } catch (error) {
      if (isCrash(error)) await trust.died();
      throw error;
    }
    log.info('language.loaded', { ...loaded, threads, plainCpu: trust.isPlain() });
  };
  worker.onStart(load);

  /** A process that died at its first prompt is asked once more, now with plain code. */
  const callTrusted: WorkerCall<LanguageMethods> = async (method, params, options) => {
    let heard = false;
    const attempt = (): ReturnType<typeof worker.call<typeof method>> =>
      worker.call(
        method,
        params,
        heardBy(options, () => (heard = true)),
      );
    try {
      return await attempt();
    } catch (error) {
      if (!isCrash(error) || answered || heard || options?.signal?.aborted || !(await trust.died())) throw error;
      return attempt();
    }
  };

  const generate: LanguageModel['generate'] = async (messages, options) => {
    const startedAtMs = clock.nowMs();
    let text = '';
    let timeToFirstTokenMs = 0;
    const aborted = (): GenerationResult => ({
      text,
      finishReason: 'aborted',
      toolRequests: [],
      promptTokens: 0,
      cachedPromptTokens: 0,
      completionTokens: 0,
      timeToFirstTokenMs,
    });
    const onChunk = (piece: string): void => {
      if (options.signal?.aborted) return;
      if (text === '') timeToFirstTokenMs = clock.nowMs() - startedAtMs;
      text += piece;
      options.onText?.(piece);
    };
    try {
      const { maxTokens, temperature, signal, tools } = options;
      const result = await callTrusted(
        'generate',
        { messages: [...messages], maxTokens, temperature, ...offered(tools) },
        { onChunk, timeoutMs: GENERATE_MS, ...(signal ? { signal } : {}) },
      );
      if (!answered) {
        answered = true;
        await trust.answered();
      }
      // Pieces written after the abort were not passed on, so they do not count.
      return { ...result, text, timeToFirstTokenMs };
    } catch (error) {
      if (options.signal?.aborted && isAbort(error)) return aborted();
      throw toLanguageError(error, text.length);
    }
  };

  return {
    async open(model) {
      await worker.stop();
      // What another model did is not held against this one; the same one again, by a later question, leaves the breaker as it is.
      if (!isDeepStrictEqual(current, model)) worker.reset();
      current = model;
      loaded = undefined;
      await worker.start().catch((error: unknown) => {
        throw toLanguageError(error, 0);
      });
      return {
        name: model.name,
        languages: model.languages.length > 0 ? model.languages : undefined,
        get contextTokens() {
          return loaded?.contextTokens ?? model.contextTokens;
        },
        get parameterCount() {
          return loaded?.parameterCount;
        },
        async countTokens(texts) {
          try {
            return await worker.call('countTokens', { texts: [...texts] });
          } catch (error) {
            throw toLanguageError(error, 0);
          }
        },
        get usesTools() {
          return loaded?.knowsTools === true && loaded.parameterCount >= LEAST_PARAMETERS_FOR_TOOLS;
        },
        async preload(messages, signal, tools) {
          try {
            const params = { messages: [...messages], ...offered(tools) };
            await callTrusted('preload', params, { timeoutMs: GENERATE_MS, ...(signal ? { signal } : {}) });
          } catch (error) {
            if (!isAbort(error)) throw toLanguageError(error, 0);
          }
        },
        generate,
        dispose: async () => {
          if (current === model) await worker.stop();
        },
      };
    },
    close: () => worker.stop(),
  };
}

function offered(tools: readonly ToolDefinition[] | undefined): { tools?: ToolDefinition[] } {
  return tools === undefined || tools.length === 0 ? {} : { tools: [...tools] };
}

function heardBy<Chunk>(options: CallOptions<Chunk> | undefined, onHeard: () => void): CallOptions<Chunk> {
  return {
    ...options,
    onChunk(chunk) {
      onHeard();
      options?.onChunk?.(chunk);
    },
  };
}

function isCrash(error: unknown): boolean {
  return error instanceof AppError && error.code === 'worker.crashed';
}

/** Errors of the worker are those of language models already; those of its supervisor are put into the same words. */
function toLanguageError(error: unknown, receivedCharacters: number): AppError {
  const { code, message } = toErrorData(error);
  if (error instanceof AppError && code.startsWith('language.')) return error;
  if (code === 'worker.crashed' || code === 'worker.broken') return crashed(receivedCharacters, error);
  if (code === 'worker.timeout')
    return new AppError('language.timeout', message, {
      cause: error,
      details: { where: 'local', stage: 'idle', seconds: GENERATE_MS / 1000 },
    });
  // Stopped because another model takes its place.
  if (isAbort(error)) return notReady('The language model is being changed. Ask again in a moment.', error);
  return failed(message.replace(/\.$/, ''), error);
}
