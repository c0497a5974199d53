import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/config.ts';

/** Model ids in order of preference, separated by spaces; empty = the order of the manifest. */
const modelOrder = z
  .string()
  .max(4000)
  .regex(/^(?:[a-z0-9][a-z0-9.-]*(?: [a-z0-9][a-z0-9.-]*)*)?$/, 'model ids separated by single spaces');

/** The language models, the preferred one first. The first that is installed answers. Written by "Use" on the Models page. */
export const languageModelOrder: SettingDefinition<string> = {
  key: 'languageModel.localOrder',
  subject: 'languageModel',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: modelOrder,
  description:
    'Local language models in order of preference (ids of the Models page, separated by spaces); the first that is installed is used.',
};

/** The recognisers, the preferred one first. Each language is recognised by the first that is installed and knows it. */
export const recogniserOrder: SettingDefinition<string> = {
  key: 'talk.recogniserOrder',
  subject: 'talk',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: modelOrder,
  description:
    'Speech recognisers in order of preference (ids, separated by spaces); each language takes the first that is installed and knows it.',
};

/** The voices, the preferred one first. Each language is spoken by the first that is installed and speaks it. */
export const voiceOrder: SettingDefinition<string> = {
  key: 'voice.order',
  subject: 'voice',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: modelOrder,
  description: 'Voices in order of preference (ids, separated by spaces); each language takes the first that is installed and speaks it.',
};

/** Refuse models that the memory plan has no room for. */
export const memoryGuard: SettingDefinition<boolean> = {
  key: 'advanced.memoryGuard',
  subject: 'advanced',
  kind: 'switch',
  level: 'advanced',
  defaultValue: true,
  schema: z.boolean(),
  description: 'Refuse to download or use a model that needs more memory than this machine plans for its job.',
};

export const modelsSettings = [languageModelOrder, recogniserOrder, voiceOrder, memoryGuard] as const;
