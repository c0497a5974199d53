import { z } from 'zod';
import { killLevelSchema, killStateSchema } from './killswitch.ts';
import { mcpAccessSchema, mcpServerDraftSchema, mcpServerViewSchema } from './mcp.ts';
import {
  approvalSchema,
  askerSchema,
  auditEntrySchema,
  auditVerdictSchema,
  rememberedApprovalSchema,
  sandboxStatusSchema,
  toolCallSchema,
  toolCallStateSchema,
  toolPolicySchema,
  toolRightSchema,
  toolViewSchema,
  vaultEntrySchema,
} from './tools.ts';

const id = z.string().min(1).max(80);
const nothing = z.object({}).strict();
const done = z.void();
const secretName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,59}$/);

/** What a page may ask about the assistant's hands, its records and the off-switch. Part of `calls`. */
export const handsCalls = {
  'tools.list': { input: nothing, result: z.array(toolViewSchema) },
  'tools.setPolicy': { input: z.object({ tool: z.string().max(120), policy: toolPolicySchema }), result: toolViewSchema },
  /** Newest first; those of one conversation, or of all. */
  'tools.calls': {
    input: z.object({
      conversationId: id.optional(),
      beforeMs: z.number().optional(),
      limit: z.number().int().min(1).max(200),
      /** Words in plan, result or tool. */
      query: z.string().trim().max(200).optional(),
      state: toolCallStateSchema.optional(),
      /** Who asked, by the way in. */
      channel: askerSchema.shape.channel.optional(),
    }),
    result: z.array(toolCallSchema),
  },
  /** Questions that wait for the owner. */
  'tools.approvals': { input: nothing, result: z.array(approvalSchema) },
  /** Rejects with `approval.gone` when it was answered already or has expired: the first answer counts. */
  'tools.answer': { input: z.object({ approvalId: id, answer: z.enum(['once', 'always', 'no']) }), result: done },
  'tools.cancel': { input: z.object({ callId: id }), result: done },
  'tools.undo': { input: z.object({ callId: id }), result: toolCallSchema },
  'tools.remembered': { input: nothing, result: z.array(rememberedApprovalSchema) },
  'tools.forget': { input: z.object({ id }), result: done },
  /** A page that the owner shows the assistant; it counts as text from outside. An empty text takes it away. */
  'tools.sharePage': {
    input: z.object({ address: z.string().max(2000), title: z.string().max(300), text: z.string().max(400_000) }),
    result: done,
  },
  /** Asks for a folder with a dialog of the system; null = cancelled, or there is no desktop. */
  'tools.chooseWorkspace': { input: nothing, result: z.object({ folder: z.string() }).nullable() },

  'sandbox.status': { input: nothing, result: sandboxStatusSchema },
  /** Builds the image; resolves when it is begun, `sandbox.changed` tells how it goes. */
  'sandbox.prepare': { input: nothing, result: sandboxStatusSchema },

  'vault.list': { input: nothing, result: z.array(vaultEntrySchema) },
  'vault.set': {
    input: z.object({ name: secretName, value: z.string().min(1).max(20_000), hosts: z.array(z.string().max(255)).max(20) }),
    result: done,
  },
  'vault.remove': { input: z.object({ name: secretName }), result: done },

  'audit.list': {
    input: z.object({ beforeSeq: z.number().int().optional(), limit: z.number().int().min(1).max(500) }),
    result: z.array(auditEntrySchema),
  },
  'audit.verify': { input: nothing, result: auditVerdictSchema },

  'mcp.servers': { input: nothing, result: z.array(mcpServerViewSchema) },
  'mcp.save': { input: mcpServerDraftSchema, result: mcpServerViewSchema },
  'mcp.remove': { input: z.object({ id }), result: done },
  'mcp.setEnabled': { input: z.object({ id, enabled: z.boolean() }), result: mcpServerViewSchema },
  /** Opens the sign-in page of the server in the browser; resolves when it is opened. */
  'mcp.signIn': { input: z.object({ id }), result: done },
  /**
   * Agrees to a tool (`name` or `serverName`) as it is now, with these rights. With the `pin` of what the owner has read it rejects with
   * `mcp.changed-meanwhile` when the server has changed the tool since.
   */
  'mcp.decide': {
    input: z.object({
      id,
      tool: z.string().max(200),
      rights: z.array(toolRightSchema).max(20),
      policy: toolPolicySchema,
      pin: z.string().max(100).optional(),
    }),
    result: mcpServerViewSchema,
  },
  'mcp.access': { input: nothing, result: z.array(mcpAccessSchema) },
  'mcp.createAccess': {
    input: z.object({ name: z.string().trim().min(1).max(80), mayReadMessages: z.boolean().optional() }),
    result: z.object({ access: mcpAccessSchema, token: z.string(), url: z.string().nullable() }),
  },
  'mcp.revokeAccess': { input: z.object({ id }), result: done },

  'killswitch.snapshot': { input: nothing, result: killStateSchema },
  /** Only upwards; asking for a lower level changes nothing. */
  'killswitch.engage': { input: z.object({ level: killLevelSchema }), result: killStateSchema },
  /** First half of lifting: a token that is good once and for a minute. */
  'killswitch.prepareLift': {
    input: nothing,
    result: z.object({ token: z.string(), expiresAtMs: z.number(), phrase: z.object({ en: z.string(), de: z.string() }) }),
  },
  /** Rejects with `killswitch.wrong-phrase`, `.wrong-passphrase`, `.stale-token`, `.not-recorded`; it stays engaged then. */
  'killswitch.lift': {
    input: z.object({ token: z.string().max(100), phrase: z.string().max(100), passphrase: z.string().max(500).optional() }),
    result: killStateSchema,
  },
  /** An empty `next` takes it away. */
  'killswitch.setPassphrase': { input: z.object({ current: z.string().max(500), next: z.string().max(500) }), result: killStateSchema },
  /** The language model alone, off or on again. */
  'killswitch.cutLanguage': { input: z.object({ cut: z.boolean() }), result: killStateSchema },
} as const;
