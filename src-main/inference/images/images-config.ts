import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

export const generatorKind = {
  key: 'character.generator',
  subject: 'characters',
  kind: 'choice',
  level: 'common',
  defaultValue: 'none',
  choices: ['none', 'openai', 'automatic1111', 'comfyui'],
  schema: z.enum(['none', 'openai', 'automatic1111', 'comfyui']),
  description: 'Program that paints portraits from words.',
} as const satisfies SettingDefinition<string>;

export const generatorUrl = {
  key: 'character.generatorUrl',
  subject: 'characters',
  kind: 'text',
  level: 'common',
  defaultValue: '',
  schema: z.string().trim().max(500),
  description: 'Base address of the image generator; empty = the usual one of its kind on this machine.',
} as const satisfies SettingDefinition<string>;

export const generatorModel = {
  key: 'character.generatorModel',
  subject: 'characters',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: z.string().trim().max(200),
  description: 'Model of the image generator by its own name; empty = its own choice.',
} as const satisfies SettingDefinition<string>;

export const generatorRemote = {
  key: 'character.generatorRemote',
  subject: 'characters',
  kind: 'switch',
  level: 'advanced',
  defaultValue: false,
  schema: z.boolean(),
  description: 'The image generator may be on another machine: then the words of a request leave this one.',
} as const satisfies SettingDefinition<boolean>;

export const imagesSettings = [generatorKind, generatorUrl, generatorModel, generatorRemote];
