import { z } from 'zod';
import type { SettingDefinition } from '../../../platform/config/index.ts';

/** Whether AVR's parts may use our ears, head and voice. */
export const avrEnabled = {
  key: 'phone.avrEnabled',
  subject: 'phone',
  kind: 'switch',
  level: 'advanced',
  defaultValue: false,
  schema: z.boolean(),
  description: 'Answers the requests of Agent Voice Response on this machine (speech to text, prompts, text to speech), with a token.',
} as const satisfies SettingDefinition<boolean>;

/** Where they ask. */
export const avrPort = {
  key: 'phone.avrPort',
  subject: 'phone',
  kind: 'number',
  level: 'advanced',
  defaultValue: 6010,
  schema: z.number().int().min(1024).max(65_535),
  min: 1024,
  max: 65_535,
  step: 1,
  description: 'Port on 127.0.0.1 for phone.avrEnabled.',
} as const satisfies SettingDefinition<number>;

/** The AudioSocket server that any Asterisk may use. */
export const openAudioSocket = {
  key: 'phone.openAudioSocket',
  subject: 'phone',
  kind: 'switch',
  level: 'advanced',
  defaultValue: false,
  schema: z.boolean(),
  description:
    'Opens an AudioSocket server on 127.0.0.1:5001: the dialplan of an Asterisk of your own hands its calls to the assistant there.',
} as const satisfies SettingDefinition<boolean>;

export const avrSettings = [avrEnabled, avrPort, openAudioSocket];
