import type { GenerationResult, PromptMessage, ToolDefinition } from './language-model.ts';

/** What main and the language worker (node-llama-cpp) say to each other. */
export interface LanguageMethods {
  /** Loads a model in place of the one before, and evaluates a short prompt, so that a processor that cannot run the engine shows it here. */
  load: {
    params: {
      modelPath: string;
      /** Wanted size of the context window; what the model was trained for is the limit. */
      contextTokens: number;
      threads: number;
      gpu: 'auto' | false;
      /** Without AMX, AVX-512 and GPU, for a machine on which the fastest path faults. */
      plainCpu: boolean;
    };
    result: {
      loadedMs: number;
      name: string;
      contextTokens: number;
      parameterCount: number;
      gpu: string | false;
      /** Its chat template has a form for calls of tools. */
      knowsTools: boolean;
    };
  };
  countTokens: { params: { texts: string[] }; result: number[] };
  /** Resolves when evaluated, replaced by a later call, or cancelled. */
  preload: { params: { messages: PromptMessage[]; tools?: ToolDefinition[] }; result: void };
  /** Each chunk is a piece of visible text. Cancelling the call stops the inference and resolves with what was written. */
  generate: {
    params: { messages: PromptMessage[]; maxTokens: number; temperature: number; tools?: ToolDefinition[] };
    chunk: string;
    result: GenerationResult;
  };
}
