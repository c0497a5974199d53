import { describe, expect, it } from 'vitest';
import { backendOf, draftOf } from '../../../../src-renderer/features/models/backend-draft.ts';

describe('backendOf', () => {
  const draft = draftOf({ kind: 'local', modelId: 'smollm2' }, []);

  it('describes the model in use when nothing was changed', () => {
    expect(backendOf(draft)).toEqual({ kind: 'local', modelId: 'smollm2' });
  });

  it('trims what was typed', () => {
    const server = { ...draft, kind: 'openai-compatible', baseUrl: ' http://127.0.0.1:11434/v1 ', serverModel: ' qwen3 ' } as const;
    expect(backendOf(server)).toEqual({ kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:11434/v1', model: 'qwen3' });
  });

  it('gives nothing while the model is missing or the address is none', () => {
    const server = { ...draft, kind: 'openai-compatible', serverModel: 'qwen3' } as const;
    expect(backendOf({ ...server, serverModel: '  ' })).toBeUndefined();
    for (const baseUrl of ['', 'ollama', 'file:///etc/passwd', 'javascript:alert(1)'])
      expect(backendOf({ ...server, baseUrl })).toBeUndefined();
    expect(backendOf({ ...draft, kind: 'claude', claudeModel: '' })).toBeUndefined();
  });
});
