import { z } from 'zod';
import { errorDataSchema } from './system.ts';

/** What a tool may do; the policy is about these, not about names. */
export const toolRightSchema = z.enum([
  'read-files',
  'write-files',
  'run-command',
  'network',
  'clipboard',
  'open',
  'notify',
  'schedule',
  'send',
  'call-out',
  'write-memory',
  'connector',
]);
export type ToolRight = z.infer<typeof toolRightSchema>;

export const verdictSchema = z.enum(['allow', 'ask', 'deny']);
export type Verdict = z.infer<typeof verdictSchema>;

/** The owner's word about a tool; `default` leaves it to the rights and the risk. */
export const toolPolicySchema = z.enum(['default', 'allow', 'ask', 'off']);
export type ToolPolicy = z.infer<typeof toolPolicySchema>;

export const toolSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('built-in') }),
  z.object({ kind: z.literal('mcp'), serverId: z.string(), serverName: z.string() }),
]);
export type ToolSource = z.infer<typeof toolSourceSchema>;

/** One tool as the settings show it. Words of built-in ones are in the catalogues under `tools.names.<name>`. */
export const toolViewSchema = z.object({
  name: z.string(),
  source: toolSourceSchema,
  title: z.string(),
  description: z.string(),
  rights: z.array(toolRightSchema),
  risk: z.enum(['none', 'low', 'high']),
  policy: toolPolicySchema,
  /** Why it cannot be used now: `tools.no-docker`, `tools.off`, `mcp.changed` …; null = it can. */
  unavailable: errorDataSchema.nullable(),
});
export type ToolView = z.infer<typeof toolViewSchema>;

/** Who asked for a call, and by which way in. */
export const askerSchema = z.object({
  channel: z.enum(['window', 'browser', 'voice', 'phone', 'message', 'mcp', 'api', 'schedule']),
  /** Somebody other than the owner, as they call themselves. */
  name: z.string().max(120).optional(),
});
export type Asker = z.infer<typeof askerSchema>;

/** What will happen, or did, for people: one line, then details by name (`command`, `folder`, `network`, `program`, `address`, `file`). Secrets are taken out. */
export const toolPlanViewSchema = z.object({
  /** English, or the language of the turn. */
  summary: z.string(),
  /** The same for translation, `tools.plans.<code>` of the catalogues; absent = only the summary is known. */
  code: z.string().optional(),
  /** What the sentence of `code` names: `command`, `file`, `durationMs`, `sizeBytes` … */
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** `code`: the text is words, not a name: `tools.texts.<code>`. */
  details: z.array(z.object({ name: z.string(), text: z.string(), code: z.string().optional() })),
  /** Runs behind the walls of the sandbox. */
  sandboxed: z.boolean(),
});
export type ToolPlanView = z.infer<typeof toolPlanViewSchema>;

/** planned → (waiting →) running (→ background) → done | failed | cancelled | stopped; or refused before it ran. */
export const toolCallStateSchema = z.enum([
  'planned',
  'waiting',
  'running',
  'background',
  'done',
  'failed',
  'refused',
  'cancelled',
  'stopped',
]);
export type ToolCallState = z.infer<typeof toolCallStateSchema>;

export const toolCallSchema = z.object({
  id: z.string(),
  conversationId: z.string().nullable(),
  tool: z.string(),
  source: toolSourceSchema,
  asker: askerSchema,
  /** The turn had read text from outside. */
  tainted: z.boolean(),
  plan: toolPlanViewSchema,
  verdict: verdictSchema,
  /** Why the verdict is what it is. */
  reasons: z.array(errorDataSchema),
  approval: z
    .object({
      answer: z.enum(['waiting', 'once', 'always', 'no', 'expired']),
      by: z.enum(['nobody', 'window', 'notification', 'voice', 'remembered']),
      atMs: z.number(),
    })
    .nullable(),
  state: toolCallStateSchema,
  createdAtMs: z.number(),
  startedAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  /** What came back, bounded and cleaned; null = nothing yet. */
  result: z.string().nullable(),
  error: errorDataSchema.nullable(),
  undo: z.enum(['none', 'possible', 'done']),
});
export type ToolCall = z.infer<typeof toolCallSchema>;

/** A question to the owner. Silence until `expiresAtMs` is a no. */
export const approvalSchema = z.object({
  id: z.string(),
  callId: z.string(),
  conversationId: z.string().nullable(),
  tool: z.string(),
  source: toolSourceSchema,
  asker: askerSchema,
  tainted: z.boolean(),
  plan: toolPlanViewSchema,
  reasons: z.array(errorDataSchema),
  /** "Always" is offered: never for interpreters, tainted turns or what cannot be pinned to argv, program and folder. */
  canRemember: z.boolean(),
  /** What a spoken yes must be, word for word. */
  phrase: z.object({ en: z.string(), de: z.string() }),
  createdAtMs: z.number(),
  expiresAtMs: z.number(),
});
export type Approval = z.infer<typeof approvalSchema>;

/** A yes that is kept. */
export const rememberedApprovalSchema = z.object({
  id: z.string(),
  tool: z.string(),
  /** Absent in those of older versions: built-in. */
  source: toolSourceSchema.optional(),
  summary: z.string(),
  /** As in the plan that was allowed. */
  code: toolPlanViewSchema.shape.code,
  values: toolPlanViewSchema.shape.values,
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().nullable(),
  useCount: z.number().int(),
});
export type RememberedApproval = z.infer<typeof rememberedApprovalSchema>;

/** The walls. missing: no Docker · stopped: it does not answer · building · ready · broken (`problem` says why and what to do). */
export const sandboxStatusSchema = z.object({
  state: z.enum(['unknown', 'missing', 'stopped', 'no-image', 'building', 'ready', 'broken']),
  engine: z.string().nullable(),
  runc: z.object({ version: z.string(), outdated: z.boolean() }).nullable(),
  gvisor: z.boolean(),
  imageDigest: z.string().nullable(),
  /** 0..1 while it is built. */
  progress: z.number().nullable(),
  problem: errorDataSchema.nullable(),
});
export type SandboxStatus = z.infer<typeof sandboxStatusSchema>;

/** A secret that connectors may use by its name: `{{secret:NAME}}` in a header or variable. The value never comes back. */
export const vaultEntrySchema = z.object({
  name: z.string(),
  /** Hosts that it may be sent to; empty = to none over the network. */
  hosts: z.array(z.string()),
  updatedAtMs: z.number(),
});
export type VaultEntry = z.infer<typeof vaultEntrySchema>;

export const auditEntrySchema = z.object({
  seq: z.number().int(),
  atMs: z.number(),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type AuditEntryView = z.infer<typeof auditEntrySchema>;

export const auditVerdictSchema = z.object({
  state: z.enum(['intact', 'broken', 'cut', 'unverifiable']),
  count: z.number().int(),
  atLine: z.number().int().nullable(),
});
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;
