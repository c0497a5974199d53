import type { LanguageBackend, ModelView } from '../../../src-preload/contract/index.ts';

/** Well-known servers at the addresses that they listen to when nobody has changed them. */
export const SERVER_PRESETS = [
  { id: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1' },
  { id: 'lmStudio', baseUrl: 'http://127.0.0.1:1234/v1' },
  { id: 'llamaCpp', baseUrl: 'http://127.0.0.1:8080/v1' },
  { id: 'vllm', baseUrl: 'http://127.0.0.1:8000/v1' },
] as const;

const SUGGESTED_CLAUDE_MODEL = 'claude-haiku-5-5';

/** What the owner has typed so far, for each kind: going back and forth loses nothing. */
export interface BackendDraft {
  kind: LanguageBackend['kind'];
  localModelId: string;
  baseUrl: string;
  serverModel: string;
  claudeModel: string;
}

export function draftOf(backend: LanguageBackend, models: readonly ModelView[]): BackendDraft {
  const installed = models.find((model) => model.job === 'language' && model.status.status === 'installed');
  return {
    kind: backend.kind,
    localModelId: backend.kind === 'local' ? backend.modelId : (installed?.id ?? ''),
    baseUrl: backend.kind === 'openai-compatible' ? backend.baseUrl : SERVER_PRESETS[0].baseUrl,
    serverModel: backend.kind === 'openai-compatible' ? backend.model : '',
    claudeModel: backend.kind === 'claude' ? backend.model : SUGGESTED_CLAUDE_MODEL,
  };
}

/** The back end that the draft describes; undefined while something is missing or the address is none. */
export function backendOf(draft: BackendDraft): LanguageBackend | undefined {
  switch (draft.kind) {
    case 'local':
      return draft.localModelId === '' ? undefined : { kind: 'local', modelId: draft.localModelId };
    case 'openai-compatible':
      return draft.serverModel.trim() === '' || !isWebAddress(draft.baseUrl)
        ? undefined
        : { kind: 'openai-compatible', baseUrl: draft.baseUrl.trim(), model: draft.serverModel.trim() };
    case 'claude':
      return draft.claudeModel.trim() === '' ? undefined : { kind: 'claude', model: draft.claudeModel.trim() };
  }
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text.trim()) && /^https?:$/.test(new URL(text.trim()).protocol);
}
