import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

export const filmServerUrl = {
  key: 'character.filmServerUrl',
  subject: 'characters',
  kind: 'text',
  level: 'advanced',
  defaultValue: 'http://127.0.0.1:8930',
  schema: z.string().trim().max(500),
  description: 'Base address of the face server that makes clips with SadTalker or Wav2Lip.',
} as const satisfies SettingDefinition<string>;

export const filmServerRemote = {
  key: 'character.filmServerRemote',
  subject: 'characters',
  kind: 'switch',
  level: 'advanced',
  defaultValue: false,
  schema: z.boolean(),
  description: 'The face server may be on another machine: then portrait and voice leave this one.',
} as const satisfies SettingDefinition<boolean>;

export const faceServerSettings = [filmServerUrl, filmServerRemote];
