import { anything, assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextSizeIn, DEFAULT_CONTEXT_TOKENS } from '../../../../src-main/inference/openai-compatible/context-size.ts';

const list = (...data: object[]) => ({ object: 'list', data });

describe('contextSizeIn', () => {
  it.each([
    ['vLLM', { max_model_len: 16_384 }, 16_384],
    ['LM Studio', { max_context_length: 131_072, loaded_context_length: 4_096 }, 4_096],
    ['OpenRouter', { context_length: 200_000 }, 200_000],
    ['Groq', { context_window: 32_768 }, 32_768],
    ['llama.cpp, which runs with it', { meta: { n_ctx: 8_192, n_ctx_train: 131_072 } }, 8_192],
    ['llama.cpp, which was only trained for it', { meta: { n_ctx_train: 131_072 } }, DEFAULT_CONTEXT_TOKENS],
    ['a small model of llama.cpp', { meta: { n_ctx_train: 2_048 } }, 2_048],
    ['Ollama, which does not tell', { owned_by: 'library' }, undefined],
    ['nonsense', { max_model_len: 'large', context_length: -1, context_window: 1.5, meta: 7 }, undefined],
  ])('reads the size that %s tells', (_server, fields, size) => {
    expect(contextSizeIn(list({ id: 'other', max_model_len: 512 }, { id: 'wanted', ...fields }), 'wanted')).toBe(size);
  });

  it('takes the only model whatever its name, because servers with one accept any', () => {
    expect(contextSizeIn(list({ id: '/models/qwen.gguf', max_model_len: 4_096 }), 'qwen')).toBe(4_096);
    expect(contextSizeIn(list({ id: 'one', max_model_len: 4_096 }, { id: 'two', max_model_len: 4_096 }), 'three')).toBeUndefined();
  });

  it('survives whatever a server sends', () => {
    assert(
      property(anything(), (answer) => {
        const size = contextSizeIn(answer, 'wanted');
        expect(size === undefined || size >= 256).toBe(true);
      }),
    );
  });
});
