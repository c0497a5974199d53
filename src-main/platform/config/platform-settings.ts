import { z } from 'zod';
import type { SettingDefinition } from './config.ts';

/*
 * What the platform itself obeys: the store and the log. The page's own settings (looks, devices) are in modules/shell, all others with their modules.
 */

export const backupCount = {
  key: 'privacy.backupCount',
  subject: 'privacy',
  kind: 'number',
  level: 'advanced',
  defaultValue: 7,
  schema: z.number().int().min(0).max(60),
  min: 0,
  max: 60,
  step: 1,
  description:
    'Daily backups of the history that are kept, encrypted like itself; 0 = none are made. Deleted conversations live on in them.',
} as const satisfies SettingDefinition<number>;

export const historyDays = {
  key: 'privacy.historyDays',
  subject: 'privacy',
  kind: 'number',
  level: 'common',
  defaultValue: 0,
  schema: z.number().int().min(0).max(3650),
  min: 0,
  max: 3650,
  step: 1,
  unit: 'days',
  description:
    'Conversations without a new message for so long go to the bin, where they can be restored for 30 more days; 0 = kept for ever.',
} as const satisfies SettingDefinition<number>;

export const logLevel = {
  key: 'advanced.logLevel',
  subject: 'advanced',
  kind: 'choice',
  level: 'advanced',
  defaultValue: 'info',
  schema: z.enum(['debug', 'info', 'warn', 'error']),
  choices: ['debug', 'info', 'warn', 'error'],
  description: 'How much the log file tells. No level writes what was said; debug also writes what native libraries print.',
} as const satisfies SettingDefinition<'debug' | 'info' | 'warn' | 'error'>;

export const platformSettings = [backupCount, historyDays, logLevel];
