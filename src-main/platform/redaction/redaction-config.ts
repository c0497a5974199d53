import { z } from 'zod';
import type { SettingDefinition } from '../config/index.ts';
import { parseOwnPatterns } from './own-patterns.ts';

export const redactionPatterns = {
  key: 'privacy.redactionPatterns',
  subject: 'privacy',
  kind: 'long-text',
  level: 'advanced',
  defaultValue: '',
  schema: z
    .string()
    .max(20_000)
    .superRefine((lines, context) => {
      const [problem] = parseOwnPatterns(lines).problems;
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    }),
  description:
    'What else counts as a secret: one regular expression a line, (?i) at the start ignores case, # begins a comment. Found text is taken out of logs, tool results and what the model reads.',
} as const satisfies SettingDefinition<string>;

export const redactionSettings = [redactionPatterns];
