import { z } from 'zod';
import { characterIdSchema } from '../../../src-preload/contract/index.ts';
import type { SettingDefinition } from '../../platform/config/index.ts';

/** Nova: always there, whatever happens to the others, and the first one that a new owner meets. */
export const FIRST_CHARACTER = 'default';

/** Who answers new sessions; `characters.use` sets it. */
export const currentCharacter = {
  key: 'character.current',
  subject: 'characters',
  kind: 'text',
  level: 'advanced',
  defaultValue: FIRST_CHARACTER,
  schema: characterIdSchema,
  description: 'Id of the character that new sessions begin with: the name of its folder.',
} as const satisfies SettingDefinition<string>;

/** Where new characters are kept. */
export const storageKind = {
  key: 'character.storage',
  subject: 'characters',
  kind: 'choice',
  level: 'advanced',
  defaultValue: 'disk',
  choices: ['disk', 's3'],
  schema: z.enum(['disk', 's3']),
  description: 'Where new characters are kept. Those of this machine are shown in any case.',
} as const satisfies SettingDefinition<string>;

export const s3Endpoint = {
  key: 'character.s3Endpoint',
  subject: 'characters',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: z.string().trim().max(500),
  description: 'Address of an S3-compatible server such as MinIO; empty = Amazon S3.',
} as const satisfies SettingDefinition<string>;

export const s3Bucket = {
  key: 'character.s3Bucket',
  subject: 'characters',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: z.string().trim().max(200),
  description: 'Bucket that characters are kept in; a path behind a slash is put in front of every name.',
} as const satisfies SettingDefinition<string>;

export const s3Region = {
  key: 'character.s3Region',
  subject: 'characters',
  kind: 'text',
  level: 'advanced',
  defaultValue: 'us-east-1',
  schema: z.string().trim().min(1).max(60),
  description: 'Region of the bucket; own servers take any.',
} as const satisfies SettingDefinition<string>;

export const s3AccessKey = {
  key: 'character.s3AccessKey',
  subject: 'characters',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: z.string().trim().max(200),
  description: 'Access key id. The secret key is kept with the other secrets as "characters.s3SecretKey".',
} as const satisfies SettingDefinition<string>;

export const charactersSettings = [currentCharacter, storageKind, s3Endpoint, s3Bucket, s3Region, s3AccessKey];
