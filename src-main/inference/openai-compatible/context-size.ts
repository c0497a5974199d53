/** What is assumed of a server that does not tell: every current model takes this much. */
export const DEFAULT_CONTEXT_TOKENS = 8192;

/** Where servers tell the size they run with: vLLM, LM Studio, OpenRouter and others. */
const RUNNING = ['max_model_len', 'loaded_context_length', 'context_length', 'context_window', 'max_context_length'];

/**
 * The context window of a model out of the answer of `/v1/models`, or undefined. llama.cpp tells what the model was trained for, which may be
 * far more than what it runs with: no more than the default is taken of that.
 */
export function contextSizeIn(modelList: unknown, model: string): number | undefined {
  const entries = recordsOf(recordOf(modelList)['data']);
  const entry = entries.find(({ id }) => id === model) ?? (entries.length === 1 ? entries[0] : undefined);
  if (!entry) return undefined;
  const meta = recordOf(entry['meta']);
  const running = [...RUNNING.map((name) => entry[name]), meta['n_ctx']].find(isSize);
  if (running !== undefined) return running;
  const trained = meta['n_ctx_train'];
  return isSize(trained) ? Math.min(trained, DEFAULT_CONTEXT_TOKENS) : undefined;
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 256;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function recordsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}
