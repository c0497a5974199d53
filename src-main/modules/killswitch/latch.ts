import type { KillLevel, KillTrigger } from '../../../src-preload/contract/index.ts';
import { killTriggers } from '../../../src-preload/contract/kill-triggers.ts';

/*
 * What is kept of a stop. Read by hand instead of by a schema, because the watchdog and the terminal read it too and must be small and at once there.
 */

export const LATCH_VERSION = 1;

export interface Latch {
  level: KillLevel;
  /** null = never engaged. */
  trigger: KillTrigger | null;
  reason: string;
  /** Counts every change, of file and database together. */
  seq: number;
  /** Calendar time of the change, ms. */
  atMs: number;
  languageCutOff: boolean;
}

export const NO_LATCH: Latch = { level: 0, trigger: null, reason: '', seq: 0, atMs: 0, languageCutOff: false };

/** What stands for a latch that cannot be trusted: everything off, and the language model cut off unless something that can be trusted says otherwise. */
export function unreadableLatch({
  reason,
  seq,
  atMs,
  languageCutOff = true,
}: Pick<Latch, 'reason' | 'seq' | 'atMs'> & { languageCutOff?: boolean | undefined }): Latch {
  return { level: 5, trigger: 'latch-unreadable', reason, seq, atMs, languageCutOff };
}

const TRIGGERS: ReadonlySet<string> = new Set(killTriggers);

export function isKillLevel(value: unknown): value is KillLevel {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 5;
}

function isTrigger(value: unknown): value is KillTrigger {
  return typeof value === 'string' && TRIGGERS.has(value);
}

/** The latch in a text, or why it is none. */
export function parseLatch(text: string): Latch | { problem: 'unparsable' | 'other-version' } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'unparsable' };
  }
  if (typeof value !== 'object' || value === null) return { problem: 'unparsable' };
  const { version, level, trigger, reason, seq, atMs, languageCutOff } = value as Partial<Record<string, unknown>>;
  if (version !== LATCH_VERSION) return { problem: 'other-version' };
  if (!isKillLevel(level) || typeof reason !== 'string' || typeof seq !== 'number' || typeof atMs !== 'number')
    return { problem: 'unparsable' };
  if (typeof languageCutOff !== 'boolean' || !Number.isSafeInteger(seq) || seq < 0) return { problem: 'unparsable' };
  if (trigger !== null && !isTrigger(trigger)) return { problem: 'unparsable' };
  if (level > 0 && trigger === null) return { problem: 'unparsable' };
  return { level, trigger, reason: reason.slice(0, 200), seq, atMs, languageCutOff };
}

/** One block of a disk: as long as the file is no longer than that, a full disk can still take a new content in its place. */
const PADDED_BYTES = 512;

export function formatLatch(latch: Latch): string {
  const reason = Array.from(latch.reason).slice(0, 80).join('');
  const text = JSON.stringify({ version: LATCH_VERSION, ...latch, reason });
  return `${text}${' '.repeat(Math.max(0, PADDED_BYTES - 1 - Buffer.byteLength(text)))}\n`;
}

/** The one that stops more; its trigger and reason go along. */
export function higher(one: Latch, other: Latch): Latch {
  const [more, less] = other.level > one.level ? [other, one] : [one, other];
  return { ...more, languageCutOff: one.languageCutOff || other.languageCutOff, seq: Math.max(more.seq, less.seq) };
}
