import { describe, expect, it } from 'vitest';
import { parameterCountOf } from '../../../../src-main/inference/language/parameter-count.ts';

describe('parameterCountOf', () => {
  it.each([
    ['qwen3:0.6b', 0.6e9],
    ['SmolLM2-135M-Instruct', 135e6],
    ['Qwen3.5-35B-A3B', 35e9],
    ['llama-3.2-1b-instruct-q4_k_m.gguf', 1e9],
    ['mistralai/Mistral-7B-Instruct-v0.3', 7e9],
    ['gemma3:270m', 270e6],
    ['mixtral-8x7b', undefined],
    ['gpt-5-mini', undefined],
    ['phi4', undefined],
    ['v2b', undefined],
    ['model-3bit', undefined],
    ['', undefined],
  ])('reads %j as %s', (name, count) => {
    expect(parameterCountOf(name)).toBe(count);
  });
});
