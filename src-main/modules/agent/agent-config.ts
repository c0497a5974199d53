import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

/** The owner's own system prompt; empty = ours (prompts.ts). */
export const systemPrompt = {
  key: 'languageModel.systemPrompt',
  subject: 'languageModel',
  kind: 'long-text',
  level: 'advanced',
  defaultValue: '',
  schema: z.string().max(8_000),
  description:
    'Replaces the built-in system prompt. {current_time}, {call_type}, {language} and {user_name} are filled in; leave them out if they are not wanted.',
} as const satisfies SettingDefinition<string>;

/** How the assistant calls the owner; empty = by no name. */
export const userName = {
  key: 'languageModel.userName',
  subject: 'languageModel',
  kind: 'text',
  level: 'common',
  defaultValue: '',
  schema: z.string().max(80),
  description: 'Name of the owner as the assistant may say it.',
} as const satisfies SettingDefinition<string>;

export const temperature = {
  key: 'languageModel.temperature',
  subject: 'languageModel',
  kind: 'number',
  level: 'advanced',
  defaultValue: 0.3,
  schema: z.number().min(0).max(1.5),
  min: 0,
  max: 1.5,
  step: 0.1,
  description: '0 = always the likeliest word; higher is livelier and less reliable. Models below a billion parameters get a third of it.',
} as const satisfies SettingDefinition<number>;

export const maxTokens = {
  key: 'languageModel.maxTokens',
  subject: 'languageModel',
  kind: 'number',
  level: 'advanced',
  defaultValue: 400,
  schema: z.number().int().min(32).max(4_000),
  min: 32,
  max: 4_000,
  step: 32,
  description: 'Longest answer in tokens (about three quarters of a word each).',
} as const satisfies SettingDefinition<number>;

export const agentSettings = [systemPrompt, userName, temperature, maxTokens];
