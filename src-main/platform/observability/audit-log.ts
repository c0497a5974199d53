import { mkdir, open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditVerdict } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import {
  BREAK_ACTION,
  entryMac,
  isHeadGenuine,
  isSame,
  parseEntry,
  sealHead,
  type AuditEntry,
  type AuditHead,
  type AuditKeys,
} from './audit-chain.ts';
import { completeBytes, linesBackward, linesForward, readHead, writeHead } from './audit-file.ts';

export type { AuditEntry, AuditKeys } from './audit-chain.ts';

/** A decision of weight: who or what was it about, never anyone's words. */
export interface AuditEvent {
  /** noun.verb: `secret.set`, `model.switch`, `conversation.delete`. */
  action: `${string}.${string}`;
  /** Id or name of what it was done to. */
  subject: string;
  details?: Record<string, string | number | boolean>;
}

/**
 * What was decided in the owner's name, one line a decision in `audit.jsonl`, only ever appended to. It is a file beside the database because
 * it must outlive a damaged or restored one. Each line carries an HMAC over itself and the line before: a line that is changed, removed or put in
 * is found by `verify`. The end is kept, sealed, in `audit-head.json`: lines cut off at the end are found as well. Nothing is ever mended: after damage a
 * line that says so goes on from the sealed end, and `verify` reports the damage for ever. (Who puts back both files as they once were is not found out.)
 */
export interface AuditLog {
  /** Resolves when it is on disk. Never rejects: a failure is logged and told to `onFailure`, because the decision has been made already. */
  record(event: AuditEvent): Promise<void>;
  /** For decisions that must not take effect without their line: rejects when it is not on disk. */
  recordForSure(event: AuditEvent): Promise<void>;
  read(): Promise<AuditEntry[]>;
  /** Newest first, those before `beforeSeq`; reads only the end of the file. */
  list(page: { beforeSeq?: number | undefined; limit: number }): Promise<AuditEntry[]>;
  /**
   * `cut`: lines are missing at the end. `broken`: a line was changed, removed or put in. `unverifiable`: from the line on, the key is not in the
   * keyring. The first damage is told, with the line where it begins; `count` is the number of lines.
   */
  verify(): Promise<AuditVerdict>;
}

export interface AuditDependencies {
  dataDirectory: string;
  keys: AuditKeys;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
  /** A line that could not be written, or `audit.damaged`: the end of the file is not what was written last. */
  onFailure?: (error: unknown) => void;
}

interface End {
  seq: number;
  mac: string;
}

export function createAuditLog(deps: AuditDependencies): AuditLog {
  const { keys, log } = deps;
  const file = join(deps.dataDirectory, 'audit.jsonl');
  const headFile = join(deps.dataDirectory, 'audit-head.json');
  let last: End | undefined;
  let queue: Promise<void> = Promise.resolve();

  const append = async ({ action, subject, details = {} }: AuditEvent): Promise<void> => {
    await mkdir(deps.dataDirectory, { recursive: true, mode: 0o700 });
    last ??= await findEnd();
    await appendLine(last, { action, subject, details });
  };

  const appendLine = async (previous: End, event: Required<AuditEvent>): Promise<void> => {
    const entry = { format: 2 as const, seq: previous.seq + 1, atMs: deps.clock.wallMs(), ...event, keyId: keys.activeKeyId() };
    const mac = entryMac(keys, entry, previous.mac);
    const handle = await open(file, 'a', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ ...entry, mac })}\n`);
      await handle.datasync();
    } catch (error) {
      // Perhaps half a line was written: read anew what is there before the next one.
      last = undefined;
      throw error;
    } finally {
      await handle.close();
    }
    last = { seq: entry.seq, mac };
    // The line counts already. A sealed end that stays behind is made good by the next line.
    await writeHead(headFile, sealHead(keys, last)).catch((error: unknown) => {
      log.error('The end of the audit log could not be sealed', { error });
      deps.onFailure?.(error);
    });
  };

  /** What the next line is chained to. Where the file and its sealed end disagree, that goes on record first. */
  const findEnd = async (): Promise<End> => {
    const { complete, size } = await completeBytes(file);
    // Half a line left by a crash was never acknowledged.
    if (complete < size) await truncate(file, complete);
    const head = await readHead(headFile);
    const end = await lastEntry(file);
    const damage = await endDamage(file, keys, head, end);
    if (damage === undefined) return end === 'unreadable' || end === undefined ? { seq: 0, mac: '' } : { seq: end.seq, mac: end.mac };
    const error = auditDamaged(file, damage);
    log.error('The audit log is damaged', { file, error });
    deps.onFailure?.(error);
    const known = typeof head === 'object' && keys.has(head.keyId) && isHeadGenuine(keys, head) ? head : undefined;
    const found = typeof end === 'object' ? end.seq : 0;
    const from = { seq: Math.max(known?.seq ?? 0, found), mac: known?.mac ?? '' };
    await appendLine(from, {
      action: BREAK_ACTION,
      subject: damage,
      details: { previousMac: from.mac, expectedSeq: known?.seq ?? -1, foundSeq: found },
    });
    return last ?? from;
  };

  const run = (event: AuditEvent): Promise<void> => {
    const done = queue.then(() => append(event));
    queue = done.catch(() => undefined);
    return done;
  };

  return {
    record: (event) =>
      run(event).catch((error: unknown) => {
        log.error('Audit line not written', { action: event.action, error });
        deps.onFailure?.(error);
      }),
    recordForSure: run,
    async read() {
      const entries: AuditEntry[] = [];
      for await (const line of linesForward(file)) {
        const entry = parseEntry(line);
        if (entry) entries.push(entry);
      }
      return entries;
    },
    async list({ beforeSeq = Infinity, limit }) {
      const entries: AuditEntry[] = [];
      for await (const line of linesBackward(file)) {
        if (entries.length >= limit) break;
        const entry = parseEntry(line);
        if (entry && entry.seq < beforeSeq) entries.push(entry);
      }
      return entries;
    },
    async verify() {
      // What is being written now is no damage.
      await queue;
      return verifyAudit({ file, headFile, keys });
    },
  };
}

/** Checks the files of an audit log without writing anything; also while another process appends to them. */
export async function verifyAudit({ file, headFile, keys }: { file: string; headFile: string; keys: AuditKeys }): Promise<AuditVerdict> {
  // Before the lines: those that are written meanwhile come after this end.
  const head = await readHead(headFile);
  let count = 0;
  let previous: End = { seq: 0, mac: '' };
  let isSealed = false;
  let damage: Pick<AuditVerdict, 'state' | 'atLine'> | undefined;
  let macAtHead: string | undefined;
  for await (const line of linesForward(file)) {
    count += 1;
    if (damage?.state === 'unverifiable') continue;
    const entry = parseEntry(line);
    if (!entry) {
      damage ??= { state: 'broken', atLine: count };
      continue;
    }
    if (!keys.has(entry.keyId)) {
      damage ??= { state: 'unverifiable', atLine: count };
      continue;
    }
    const follows = entry.seq === previous.seq + 1 && isSame(entry.mac, entryMac(keys, entry, previous.mac));
    if (!follows || entry.action === BREAK_ACTION) damage ??= { state: isMarkedCut(keys, entry) ? 'cut' : 'broken', atLine: count };
    isSealed ||= entry.format === 2;
    previous = { seq: entry.seq, mac: entry.mac };
    if (typeof head === 'object' && entry.seq === head.seq) macAtHead = entry.mac;
  }
  damage ??= damageAtEnd(keys, head, { count, seq: previous.seq, isSealed, macAtHead });
  return { state: damage?.state ?? 'intact', count, atLine: damage?.atLine ?? null };
}

function damageAtEnd(
  keys: AuditKeys,
  head: AuditHead | 'absent' | 'damaged',
  found: { count: number; seq: number; isSealed: boolean; macAtHead: string | undefined },
): Pick<AuditVerdict, 'state' | 'atLine'> | undefined {
  const behind = found.count + 1;
  if (head === 'absent') return found.isSealed ? { state: 'cut', atLine: behind } : undefined;
  if (head === 'damaged') return { state: 'cut', atLine: behind };
  if (!keys.has(head.keyId)) return { state: 'unverifiable', atLine: behind };
  if (!isHeadGenuine(keys, head) || found.seq < head.seq) return { state: 'cut', atLine: behind };
  return head.seq > 0 && found.macAtHead !== head.mac ? { state: 'broken', atLine: found.count } : undefined;
}

/** A line that says what was found damaged, chained to the end that was sealed before. */
function isMarkedCut(keys: AuditKeys, entry: AuditEntry): boolean {
  const { previousMac } = entry.details;
  if (entry.action !== BREAK_ACTION || entry.subject !== 'cut' || typeof previousMac !== 'string') return false;
  return isSame(entry.mac, entryMac(keys, entry, previousMac));
}

async function lastEntry(file: string): Promise<AuditEntry | 'unreadable' | undefined> {
  for await (const line of linesBackward(file)) return parseEntry(line) ?? 'unreadable';
  return undefined;
}

/** Looks at the end only; `verify` looks at everything. */
async function endDamage(
  file: string,
  keys: AuditKeys,
  head: AuditHead | 'absent' | 'damaged',
  end: AuditEntry | 'unreadable' | undefined,
): Promise<'cut' | 'edited' | undefined> {
  if (end === 'unreadable') return 'edited';
  if (head === 'absent') return end?.format === 2 ? 'cut' : undefined;
  if (head === 'damaged') return 'cut';
  // Without its key the end cannot be judged: verify says so.
  if (!keys.has(head.keyId)) return undefined;
  if (!isHeadGenuine(keys, head) || (end?.seq ?? 0) < head.seq) return 'cut';
  if (end === undefined || end.seq === head.seq) return end === undefined || end.mac === head.mac ? undefined : 'edited';
  // A crash between a line and the sealing of the end: the lines behind it must be ours.
  let follower: AuditEntry | undefined;
  for await (const line of linesBackward(file)) {
    const entry = parseEntry(line);
    if (!entry) return 'edited';
    if (follower && (follower.seq !== entry.seq + 1 || !keys.has(follower.keyId) || follower.mac !== entryMac(keys, follower, entry.mac)))
      return 'edited';
    if (entry.seq <= head.seq) return entry.mac === head.mac ? undefined : 'edited';
    follower = entry;
  }
  return follower?.seq === 1 && head.seq === 0 ? undefined : 'edited';
}

function auditDamaged(file: string, damage: 'cut' | 'edited'): AppError {
  return new AppError(
    'audit.damaged',
    damage === 'cut'
      ? `Lines are missing at the end of the record of decisions, ${file}. Keep a copy of it if you want to find out why; new lines are marked and nothing is mended.`
      : `The record of decisions, ${file}, was changed from outside. Keep a copy of it if you want to find out why; new lines are marked and nothing is mended.`,
    { details: { file, damage } },
  );
}
