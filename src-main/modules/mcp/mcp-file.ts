import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { openOwnerFile, type OwnerFile } from '../../platform/config/index.ts';
import { mcpTransportSchema, toolPolicySchema, toolRightSchema } from '../../../src-preload/contract/index.ts';
import { fileDamaged, fileNotWritten, fileUnreadable } from './mcp-errors.ts';

/** What the owner has agreed to about one tool. */
const decisionSchema = z.object({
  /** Of the tool as it was, see tool-pin.ts. */
  pin: z.string(),
  title: z.string(),
  description: z.string(),
  /** What it took, as it was shown. Absent in decisions of older versions. */
  schema: z.string().optional(),
  rights: z.array(toolRightSchema),
  policy: toolPolicySchema,
});
export type Decision = z.infer<typeof decisionSchema>;

const serverSchema = z.object({
  id: z.string(),
  name: z.string(),
  transport: mcpTransportSchema,
  enabled: z.boolean(),
  /** By the name that the server gives its tool. */
  decisions: z.record(z.string(), decisionSchema),
});
export type SavedServer = z.infer<typeof serverSchema>;

const accessSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** SHA-256 of the token, base64url; the token itself is kept nowhere. It is 256 random bits, so a slow hash would protect nothing more. */
  hash: z.string(),
  mayReadMessages: z.boolean(),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().nullable(),
});
export type SavedAccess = z.infer<typeof accessSchema>;

const contentSchema = z.object({ servers: z.array(serverSchema), access: z.array(accessSchema) });
export type McpContent = z.infer<typeof contentSchema>;

/** `mcp.json` in the data folder: servers, decisions about their tools, and programs with access. Changes reject with `mcp.not-written` or `mcp.file-unreadable`. */
export type McpFile = OwnerFile<McpContent>;

export function openMcpFile(deps: { dataDirectory: string; clock: Pick<Clock, 'wallMs'> }): Promise<McpFile> {
  return openOwnerFile({
    file: join(deps.dataDirectory, 'mcp.json'),
    schema: contentSchema,
    empty: { servers: [], access: [] },
    nowMs: deps.clock.wallMs(),
    errors: { unreadable: fileUnreadable, damaged: fileDamaged, notWritten: fileNotWritten },
  });
}
