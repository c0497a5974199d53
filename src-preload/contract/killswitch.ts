import { z } from 'zod';
import { killTriggers } from './kill-triggers.ts';

/**
 * How much is stopped; each level includes those below it. 0 running · 1 answers paused · 2 tools stopped · 3 outgoing messages frozen and calls hung up ·
 * 4 inference stopped · 5 everything off: processes ended, window locked.
 */
export const killLevelSchema = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
export type KillLevel = z.infer<typeof killLevelSchema>;

export const killTriggerSchema = z.enum(killTriggers);
export type KillTrigger = z.infer<typeof killTriggerSchema>;

export const killStateSchema = z.object({
  level: killLevelSchema,
  engagedAtMs: z.number().nullable(),
  trigger: killTriggerSchema.nullable(),
  /** In few words, for people: what the trigger said ("memory over its limit"). A code of the catalogue under `killswitch.reasons` where there is one. */
  reason: z.string(),
  /** What was cut off, in the order of stopping. */
  stopped: z.array(
    z.object({
      what: z.enum(['answer', 'tool', 'outgoing', 'call', 'inference', 'process']),
      count: z.number().int(),
      names: z.array(z.string()),
    }),
  ),
  /** Trigger → last effect, ms; null while it is being measured. */
  stopLatencyMs: z.number().nullable(),
  /** The language model alone is cut off, whatever the level. */
  languageCutOff: z.boolean(),
  passphraseSet: z.boolean(),
  watchdog: z.enum(['running', 'starting', 'missing']),
  shortcut: z.object({ accelerator: z.string(), registered: z.boolean() }),
  lastDrill: z.object({ atMs: z.number(), passed: z.boolean(), p95Ms: z.number() }).nullable(),
});
export type KillState = z.infer<typeof killStateSchema>;
