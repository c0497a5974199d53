import { hasDigit } from '../value-checks.ts';
import { namedRule, tokenRule, type Rule } from '../rule.ts';

/** Services of models, voices and search. */
export const modelServiceRules: readonly Rule[] = [
  tokenRule('anthropic-key', 'sk-ant-', 'sk-ant-[\\w-]{10,250}'),
  tokenRule('openrouter-key', 'sk-or-', 'sk-or-(?:v\\d-)?[\\w-]{16,250}'),
  tokenRule('langfuse-key', 'sk-lf-', 'sk-lf-[0-9a-f-]{20,80}'),
  tokenRule('openai-key', ['sk-', 'sk_'], 'sk[-_][\\w-]{20,250}', hasDigit),
  tokenRule('openai-session', 'sess-', 'sess-[A-Za-z0-9]{40}'),
  tokenRule('huggingface-token', ['hf_', 'api_org_'], '(?:hf_|api_org_)[A-Za-z0-9]{30,60}'),
  tokenRule('groq-key', 'gsk_', 'gsk_[A-Za-z0-9]{40,80}'),
  tokenRule('xai-key', 'xai-', 'xai-[A-Za-z0-9]{60,120}'),
  tokenRule('perplexity-key', 'pplx-', 'pplx-[A-Za-z0-9]{40,80}'),
  tokenRule('replicate-token', 'r8_', 'r8_[A-Za-z0-9]{36,40}'),
  tokenRule('fireworks-key', 'fw_', 'fw_[A-Za-z0-9]{22,60}', hasDigit),
  tokenRule('cerebras-key', 'csk-', 'csk-[a-z0-9]{40,60}'),
  tokenRule('nvidia-key', 'nvapi-', 'nvapi-[\\w-]{40,100}'),
  tokenRule('tavily-key', 'tvly-', 'tvly-[\\w-]{20,60}'),
  tokenRule('pinecone-key', 'pcsk_', 'pcsk_[\\w]{40,120}'),
  tokenRule('langsmith-key', ['lsv2_pt_', 'lsv2_sk_'], 'lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}'),
  tokenRule('wandb-key', 'wandb_v1_', 'wandb_v1_[\\w]{40,120}'),
  namedRule(
    'model-service-key',
    [
      'elevenlabs',
      'xi-api-key',
      'deepgram',
      'assemblyai',
      'cohere',
      'mistral',
      'together',
      'wandb',
      'deepseek',
      'voyage',
      'jina',
      'stability',
    ],
    '[A-Za-z0-9_-]{32,64}',
    hasDigit,
  ),
];
