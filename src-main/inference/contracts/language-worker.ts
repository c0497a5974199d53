import type { PromptMessage } from './language-model.ts';

/** What main and the language worker (node-llama-cpp) say to each other. */
export interface LanguageMethods {
  load: {
    params: { modelPath: string; contextTokens: number; threads: number; gpu: 'auto' | false };
    result: { loadedMs: number; name: string; contextTokens: number; gpu: string | false };
  };
  countTokens: { params: { texts: string[] }; result: number[] };
  preload: { params: { messages: PromptMessage[] }; result: void };
  /** Each chunk is a piece of visible text. Cancelling the call stops the inference and resolves with what was written. */
  generate: {
    params: { messages: PromptMessage[]; maxTokens: number; temperature: number };
    chunk: string;
    result: {
      text: string;
      finishReason: 'stop' | 'length' | 'aborted';
      promptTokens: number;
      cachedPromptTokens: number;
      completionTokens: number;
      timeToFirstTokenMs: number;
    };
  };
}
