import { z } from 'zod';
import { errorDataSchema } from './system.ts';
import { toolPolicySchema, toolRightSchema } from './tools.ts';

const shortText = z.string().trim().min(1).max(120);

/** How a server is reached. Values of `env` and `headers` may name secrets: `{{secret:NAME}}`. */
export const mcpTransportSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('stdio'),
    command: z.string().trim().min(1).max(1000),
    args: z.array(z.string().max(4000)).max(64),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/), z.string().max(4000)),
    cwd: z.string().max(4000).optional(),
  }),
  z.object({
    kind: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }).max(2000),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,80}$/), z.string().max(4000)),
  }),
]);
export type McpTransport = z.infer<typeof mcpTransportSchema>;

export const mcpServerDraftSchema = z.object({
  /** Absent = a new one. */
  id: z.string().max(80).optional(),
  name: shortText,
  transport: mcpTransportSchema,
  enabled: z.boolean(),
});
export type McpServerDraft = z.infer<typeof mcpServerDraftSchema>;

/** What the owner has decided about one tool of a server. */
export const mcpToolSchema = z.object({
  /** As the model sees it. */
  name: z.string(),
  /** As the server calls it. */
  serverName: z.string(),
  title: z.string(),
  description: z.string(),
  rights: z.array(toolRightSchema),
  policy: toolPolicySchema,
  /** new: never decided · changed: its description or schema is not what was agreed to. Both are off until the owner says so. */
  state: z.enum(['new', 'agreed', 'changed', 'gone']),
  /** What it said before, when it has changed. */
  formerDescription: z.string().nullable(),
  /** What the model is told about its input, word for word, as JSON; null = it cannot be used. */
  schema: z.string().nullable(),
  /** The same before it changed, where that is known. */
  formerSchema: z.string().nullable(),
  /** Why it cannot be used, whatever the owner decides. */
  problem: errorDataSchema.nullable(),
  /** Stands for the tool exactly as shown here; given back with the decision about it. Absent = the server does not offer it now. */
  pin: z.string().optional(),
});
export type McpTool = z.infer<typeof mcpToolSchema>;

export const mcpServerViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  transport: mcpTransportSchema,
  enabled: z.boolean(),
  state: z.enum(['off', 'connecting', 'needs-sign-in', 'ready', 'failed']),
  problem: errorDataSchema.nullable(),
  /** As the server introduces itself. */
  version: z.string().nullable(),
  tools: z.array(mcpToolSchema),
});
export type McpServerView = z.infer<typeof mcpServerViewSchema>;

/** Other programs that may ask the assistant through its own MCP server. The token is shown once, when it is made. */
export const mcpAccessSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().nullable(),
  /** It may search and read conversations and the call log; everything else that is offered needs no further right. Default no. */
  mayReadMessages: z.boolean().optional(),
});
export type McpAccess = z.infer<typeof mcpAccessSchema>;
