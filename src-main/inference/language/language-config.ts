import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

/** Where answers come from. The three kinds of `LanguageBackend`; the local model itself is chosen by `languageModel.localOrder`. */
export const languageBackend = {
  key: 'languageModel.backend',
  subject: 'languageModel',
  kind: 'choice',
  level: 'common',
  defaultValue: 'local',
  schema: z.enum(['local', 'openai-compatible', 'claude']),
  choices: ['local', 'openai-compatible', 'claude'],
  description:
    'local: a model on this machine; openai-compatible: a server such as Ollama, LM Studio, llama.cpp or vLLM; claude: the Claude API. Takes effect at once.',
} as const satisfies SettingDefinition<'local' | 'openai-compatible' | 'claude'>;

export const serverAddressSetting = {
  key: 'languageModel.serverAddress',
  subject: 'languageModel',
  kind: 'text',
  level: 'advanced',
  defaultValue: 'http://127.0.0.1:11434/v1',
  schema: z.string().trim().max(2000),
  description: 'Base address of the OpenAI-compatible server; the default is that of Ollama on this machine.',
} as const satisfies SettingDefinition<string>;

export const serverModel = {
  key: 'languageModel.serverModel',
  subject: 'languageModel',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: z.string().trim().max(200),
  description: 'Name of the model on the OpenAI-compatible server, as the server lists it.',
} as const satisfies SettingDefinition<string>;

export const claudeModel = {
  key: 'languageModel.claudeModel',
  subject: 'languageModel',
  kind: 'text',
  level: 'advanced',
  defaultValue: 'claude-haiku-5-5',
  schema: z.string().trim().min(1).max(200),
  description: 'Name of the Claude model; the default is the quickest.',
} as const satisfies SettingDefinition<string>;

export const localContextTokens = {
  key: 'languageModel.contextTokens',
  subject: 'languageModel',
  kind: 'number',
  level: 'advanced',
  defaultValue: 4096,
  schema: z.number().int().min(1024).max(131_072),
  min: 1024,
  max: 131_072,
  step: 1024,
  unit: 'tokens',
  description: 'How much a local model keeps in mind. More costs memory; what it was trained for is the limit.',
} as const satisfies SettingDefinition<number>;

export const localThreads = {
  key: 'languageModel.threads',
  subject: 'languageModel',
  kind: 'number',
  level: 'advanced',
  defaultValue: 0,
  schema: z.number().int().min(0).max(64),
  min: 0,
  max: 64,
  step: 1,
  description: 'Processor threads of a local model; 0 = half of the logical cores. More than are free makes answers many times slower.',
} as const satisfies SettingDefinition<number>;

export const localGpu = {
  key: 'languageModel.gpu',
  subject: 'languageModel',
  kind: 'switch',
  level: 'advanced',
  defaultValue: true,
  schema: z.boolean(),
  description: 'Let a local model use the graphics card as far as its memory goes.',
} as const satisfies SettingDefinition<boolean>;

export const languageSettings = [
  languageBackend,
  serverAddressSetting,
  serverModel,
  claudeModel,
  localContextTokens,
  localThreads,
  localGpu,
] as const;
