import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../base/atomic-file.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';

/** A decision of weight: who or what was it about, never anyone's words. */
export interface AuditEvent {
  /** noun.verb: `secret.set`, `model.switch`, `conversation.delete`. */
  action: `${string}.${string}`;
  /** Id or name of what it was done to. */
  subject: string;
  details?: Record<string, string | number | boolean>;
}

const entrySchema = z.object({
  seq: z.number().int().positive(),
  atMs: z.number(),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  keyId: z.string(),
  mac: z.string(),
});
export type AuditEntry = z.infer<typeof entrySchema>;

/**
 * What was decided in the owner's name, one line a decision in `audit.jsonl`, only ever appended to. It is a file beside the database because
 * it must outlive a damaged or restored one. Each line carries an HMAC over itself and the line before: a line that is changed, removed or put in
 * is found by `verify`. (Lines cut off at the end are not: nothing outside the file counts them.)
 */
export interface AuditLog {
  /** Resolves when it is on disk. Never rejects: a failure is logged and told to `onFailure`, because the decision has been made already. */
  record(event: AuditEvent): Promise<void>;
  read(): Promise<AuditEntry[]>;
  /** `unverifiable`: from the line on, the key is not in the keyring. */
  verify(): Promise<{ state: 'intact'; count: number } | { state: 'broken' | 'unverifiable'; atLine: number }>;
}

/** What the audit log needs of the keyring. */
export interface AuditKeys {
  activeKeyId(): string;
  has(keyId: string): boolean;
  derive(purpose: string, keyId?: string): KeyObject;
}

export function createAuditLog(deps: {
  dataDirectory: string;
  keys: AuditKeys;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
  onFailure?: (error: unknown) => void;
}): AuditLog {
  const file = join(deps.dataDirectory, 'audit.jsonl');
  let last: { seq: number; mac: string } | undefined;
  let queue: Promise<void> = Promise.resolve();

  const macOf = (entry: Omit<AuditEntry, 'mac'>, previousMac: string): string => {
    const { seq, atMs, action, subject, details, keyId } = entry;
    const sortedDetails = Object.entries(details).toSorted(([left], [right]) => (left < right ? -1 : 1));
    const content = JSON.stringify([previousMac, seq, atMs, action, subject, sortedDetails, keyId]);
    return createHmac('sha256', deps.keys.derive('audit', keyId)).update(content).digest('base64url');
  };

  const append = async ({ action, subject, details = {} }: AuditEvent): Promise<void> => {
    last ??= await lastEntry(file);
    const entry = { seq: last.seq + 1, atMs: deps.clock.wallMs(), action, subject, details, keyId: deps.keys.activeKeyId() };
    const line: AuditEntry = { ...entry, mac: macOf(entry, last.mac) };
    await mkdir(deps.dataDirectory, { recursive: true, mode: 0o700 });
    const handle = await open(file, 'a', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(line)}\n`);
      await handle.datasync();
    } catch (error) {
      // Perhaps half a line was written: read anew what is there before the next one.
      last = undefined;
      throw error;
    } finally {
      await handle.close();
    }
    last = { seq: line.seq, mac: line.mac };
  };

  return {
    record(event) {
      queue = queue
        .then(() => append(event))
        .catch((error: unknown) => {
          deps.log.error('Audit line not written', { action: event.action, error });
          deps.onFailure?.(error);
        });
      return queue;
    },
    async read() {
      const lines = await completeLines(file);
      return lines.map(parseEntry).filter((entry) => entry !== undefined);
    },
    async verify() {
      const lines = await completeLines(file);
      let previousMac = '';
      for (const [index, line] of lines.entries()) {
        const entry = parseEntry(line);
        if (!entry || entry.seq !== index + 1) return { state: 'broken', atLine: index + 1 };
        if (!deps.keys.has(entry.keyId)) return { state: 'unverifiable', atLine: index + 1 };
        if (!isSame(entry.mac, macOf(entry, previousMac))) return { state: 'broken', atLine: index + 1 };
        previousMac = entry.mac;
      }
      return { state: 'intact', count: lines.length };
    },
  };
}

/** The end of the chain. Half a line left by a crash was never acknowledged and is cut off. */
async function lastEntry(file: string): Promise<{ seq: number; mac: string }> {
  const lines = await completeLines(file);
  const completeBytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  await truncate(file, completeBytes).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
  const entry = parseEntry(lines.at(-1) ?? '');
  return { seq: lines.length, mac: entry?.mac ?? '' };
}

async function completeLines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').slice(0, -1);
}

function parseEntry(line: string): AuditEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
