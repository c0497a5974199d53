import { z } from 'zod';
import { killStateSchema } from './killswitch.ts';
import { mcpServerViewSchema } from './mcp.ts';
import { approvalSchema, sandboxStatusSchema, toolCallSchema } from './tools.ts';

/** What the core tells about the assistant's hands and the off-switch. Part of `events`. */
export const handsEvents = {
  /** A call was planned, or something about it has changed. */
  'tools.call': toolCallSchema,
  'tools.approval': approvalSchema,
  'tools.approvalClosed': z.object({ approvalId: z.string(), answer: z.enum(['once', 'always', 'no', 'expired']) }),
  /** Tools came, went or have another policy: ask for the list again. */
  'tools.changed': z.object({}),
  'sandbox.changed': sandboxStatusSchema,
  'mcp.changed': z.object({ server: mcpServerViewSchema.nullable() }),
  'killswitch.changed': killStateSchema,
} as const;
