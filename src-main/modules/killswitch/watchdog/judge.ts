import type { Facts } from '../watch-list.ts';

/** 0 = no limit. */
export interface Limits {
  heartbeatMs: number;
  /** Of the machine's memory, 0..1. */
  memoryShare: number;
  /** How long a process may keep a core busy without a pause. */
  cpuMs: number;
  toolCallsPerMinute: number;
  tokensPerMinute: number;
  errorsPerMinute: number;
}

/** What the processes hold and use at one moment. */
export interface Use {
  atMs: number;
  /** Of the machine's memory, 0..1; undefined = unknown here. */
  memoryShare: number | undefined;
  /** Processor time so far by process. */
  processorMs: ReadonlyMap<number, number>;
}

/** Codes of the catalogue under `killswitch.reasons`. */
export type Verdict = 'heartbeat' | 'memory' | 'cpu' | 'tool-calls' | 'tokens' | 'errors';

/** Weighs what it is told in the order of time. */
export interface Judge {
  /** Counts since the start of the app. */
  judgeFacts(atMs: number, facts: Facts): Verdict | undefined;
  judgeUse(use: Use): Verdict | undefined;
  /** Time has stood still: what was seen before tells nothing. */
  reset(): void;
}

const MINUTE_MS = 60_000;
/** A core that is busy nine tenths of the time is busy; the rest is lost to others on a full machine. */
const BUSY_SHARE = 0.9;

export function createJudge(limits: Limits): Judge {
  let kept: { atMs: number; facts: Facts }[] = [];
  let last: Use | undefined;
  const busySince = new Map<number, number>();

  const isTooBusy = ({ atMs, processorMs }: Use): boolean => {
    if (last === undefined || limits.cpuMs === 0) return false;
    const wallMs = atMs - last.atMs;
    for (const [pid, usedMs] of processorMs) {
      const before = last.processorMs.get(pid);
      if (before === undefined || usedMs - before < wallMs * BUSY_SHARE) busySince.delete(pid);
      else if (!busySince.has(pid)) busySince.set(pid, last.atMs);
    }
    for (const pid of busySince.keys()) if (!processorMs.has(pid)) busySince.delete(pid);
    return [...busySince.values()].some((sinceMs) => atMs - sinceMs >= limits.cpuMs);
  };

  return {
    judgeFacts(atMs, facts) {
      kept = kept.filter((each) => atMs - each.atMs < MINUTE_MS);
      kept.push({ atMs, facts });
      const first = kept[0]?.facts ?? facts;
      if (isOver(limits.toolCallsPerMinute, facts.toolCalls - first.toolCalls)) return 'tool-calls';
      if (isOver(limits.tokensPerMinute, facts.tokens - first.tokens)) return 'tokens';
      return isOver(limits.errorsPerMinute, facts.errors - first.errors) ? 'errors' : undefined;
    },
    judgeUse(use) {
      const isBusy = isTooBusy(use);
      last = use;
      if (limits.memoryShare > 0 && (use.memoryShare ?? 0) > limits.memoryShare) return 'memory';
      return isBusy ? 'cpu' : undefined;
    },
    reset() {
      kept = [];
      last = undefined;
      busySince.clear();
    },
  };
}

const isOver = (limit: number, count: number): boolean => limit > 0 && count > limit;
