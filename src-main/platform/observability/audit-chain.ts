import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { z } from 'zod';

const entrySchema = z.object({
  /** Absent in lines from before the end of the file was sealed as well. */
  format: z.literal(2).optional(),
  seq: z.number().int().positive(),
  atMs: z.number(),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  keyId: z.string(),
  mac: z.string(),
});
export type AuditEntry = z.infer<typeof entrySchema>;

/** What the audit log needs of the keyring. */
export interface AuditKeys {
  activeKeyId(): string;
  has(keyId: string): boolean;
  derive(purpose: string, keyId?: string): KeyObject;
}

/** The end of the chain as it was after the last line, kept outside of the file: what `audit-head.json` says. */
export const auditHeadSchema = z.object({
  version: z.literal(1),
  seq: z.number().int().nonnegative(),
  mac: z.string(),
  keyId: z.string(),
  seal: z.string(),
});
export type AuditHead = z.infer<typeof auditHeadSchema>;

/** Marks a place behind which lines are missing or were changed: the chain goes on from what the sealed end says, and `verify` reports it for ever. */
export const BREAK_ACTION = 'audit.break';

/** Over the line before and everything that the line says. */
export function entryMac(keys: AuditKeys, entry: Omit<AuditEntry, 'mac'>, previousMac: string): string {
  const { format, seq, atMs, action, subject, details, keyId } = entry;
  const sortedDetails = Object.entries(details).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const content = JSON.stringify([
    previousMac,
    seq,
    atMs,
    action,
    subject,
    sortedDetails,
    keyId,
    ...(format === undefined ? [] : [format]),
  ]);
  return createHmac('sha256', keys.derive('audit', keyId)).update(content).digest('base64url');
}

export function sealHead(keys: AuditKeys, end: { seq: number; mac: string }): AuditHead {
  const keyId = keys.activeKeyId();
  return { version: 1, ...end, keyId, seal: headSeal(keys, end, keyId) };
}

export function isHeadGenuine(keys: AuditKeys, head: AuditHead): boolean {
  return isSame(head.seal, headSeal(keys, head, head.keyId));
}

function headSeal(keys: AuditKeys, { seq, mac }: { seq: number; mac: string }, keyId: string): string {
  return createHmac('sha256', keys.derive('audit-head', keyId))
    .update(JSON.stringify([seq, mac]))
    .digest('base64url');
}

export function parseEntry(line: string): AuditEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

export function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
