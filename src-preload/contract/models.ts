import { z } from 'zod';
import { errorDataSchema } from './system.ts';

export const modelJobSchema = z.enum([
  'language',
  'recognition',
  'synthesis',
  'voice-activity',
  'turn-detection',
  'pronunciation',
  'embedding',
  'face',
]);
export type ModelJob = z.infer<typeof modelJobSchema>;

/** Where a model stands on this machine. */
export const modelStatusSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('absent') }),
  z.object({ status: z.literal('queued') }),
  z.object({
    status: z.literal('downloading'),
    receivedBytes: z.number(),
    totalBytes: z.number(),
    bytesPerSecond: z.number(),
    secondsLeft: z.number().nullable(),
  }),
  z.object({ status: z.literal('paused'), receivedBytes: z.number(), totalBytes: z.number() }),
  z.object({ status: z.literal('verifying') }),
  z.object({ status: z.literal('installed'), sizeBytes: z.number(), inUse: z.boolean() }),
  z.object({
    status: z.literal('failed'),
    ...errorDataSchema.shape,
    details: errorDataSchema.shape.details.optional(),
    receivedBytes: z.number(),
  }),
]);
export type ModelStatus = z.infer<typeof modelStatusSchema>;

export const modelViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  job: modelJobSchema,
  engine: z.string(),
  languages: z.array(z.string()),
  sizeBytes: z.number(),
  memoryBytes: z.number(),
  licence: z.string(),
  licenceUrl: z.string().optional(),
  packs: z.array(z.string()),
  /** 'hash' = every file's sha256 is known; 'hub' = taken from the hub at download, not verified by us. */
  verification: z.enum(['hash', 'hub']),
  origin: z.enum(['manifest', 'imported']),
  fit: z.enum(['fits', 'slow', 'does-not-fit']),
  status: modelStatusSchema,
});
export type ModelView = z.infer<typeof modelViewSchema>;

export const hardwareSchema = z.object({
  cpuName: z.string(),
  cores: z.number().int(),
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  freeDiskBytes: z.number(),
  gpus: z.array(z.object({ name: z.string(), memoryBytes: z.number().nullable(), backend: z.enum(['cuda', 'vulkan', 'metal', 'none']) })),
});
export type Hardware = z.infer<typeof hardwareSchema>;

export const memoryPlanSchema = z.object({
  tier: z.string(),
  /** Budget by job in bytes, on the GPU if there is one, else in memory. */
  budget: z.record(z.string(), z.number()),
  device: z.enum(['gpu', 'cpu']),
  recommendedPack: z.array(z.string()),
  usedBytes: z.number(),
  totalBytes: z.number(),
});
export type MemoryPlan = z.infer<typeof memoryPlanSchema>;

/** Where answers come from. */
export const languageBackendSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local'), modelId: z.string() }),
  z.object({ kind: z.literal('openai-compatible'), baseUrl: z.url(), model: z.string().min(1).max(200) }),
  z.object({ kind: z.literal('claude'), model: z.string().min(1).max(200) }),
]);
export type LanguageBackend = z.infer<typeof languageBackendSchema>;
