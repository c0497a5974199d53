import { z } from 'zod';

/** Part of the machinery as people see it. */
export const partSchema = z.enum(['microphone', 'recognition', 'language', 'synthesis', 'store', 'network', 'shortcut', 'models']);
export type Part = z.infer<typeof partSchema>;

export const partStatusSchema = z.object({
  part: partSchema,
  status: z.enum(['ready', 'starting', 'restarting', 'missing', 'broken', 'off']),
  /** What happened, in the error's English sentence; the window translates by `code`. */
  code: z.string().optional(),
  message: z.string().optional(),
});
export type PartStatus = z.infer<typeof partStatusSchema>;

/** Something the user should know, with at most one action. Texts are translated by `code` with `details`; `message` is the English fallback. */
export const noticeSchema = z.object({
  id: z.string(),
  level: z.enum(['info', 'needs-you', 'problem']),
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
  action: z.enum(['choose-microphone', 'open-models', 'open-settings', 'restart-part', 'restore-backup', 'retry', 'none']),
  part: partSchema.optional(),
});
export type Notice = z.infer<typeof noticeSchema>;

export const appSnapshotSchema = z.object({
  version: z.string(),
  door: z.enum(['window', 'browser']),
  /** Language of the user interface. */
  locale: z.enum(['en', 'de']),
  platform: z.string(),
  firstRun: z.boolean(),
  parts: z.array(partStatusSchema),
  notices: z.array(noticeSchema),
  pushToTalkShortcut: z.object({ accelerator: z.string(), registered: z.boolean(), hold: z.boolean(), code: z.string().optional() }),
});
export type AppSnapshot = z.infer<typeof appSnapshotSchema>;

export const settingValueSchema = z.union([z.string().max(20_000), z.number(), z.boolean()]);
export type SettingValue = z.infer<typeof settingValueSchema>;

/** One setting as the window draws it. Its words are at `settings.<key>.title` and `.hint` of the catalogues. */
export const settingSchema = z.object({
  key: z.string(),
  /** Page: talk · voice · language-model · appearance · privacy · shortcuts · advanced. */
  subject: z.string(),
  kind: z.enum(['switch', 'number', 'choice', 'text', 'long-text', 'microphone', 'speaker', 'shortcut', 'secret']),
  level: z.enum(['common', 'advanced']),
  value: settingValueSchema,
  defaultValue: settingValueSchema,
  unit: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  step: z.number().optional(),
  choices: z.array(z.string()).optional(),
});
export type Setting = z.infer<typeof settingSchema>;

export const errorDataSchema = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

export const vitalsSchema = z.object({
  uptimeMs: z.number(),
  eventLoopDelayMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() }),
  /** Main first, then the running workers. */
  processes: z.array(z.object({ name: z.string(), pid: z.number().int() })),
});
export type Vitals = z.infer<typeof vitalsSchema>;
