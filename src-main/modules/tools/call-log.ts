import type { ToolCall } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Unsubscribe } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { Tell } from '../../platform/contract-host/index.ts';
import type { AuditLog } from '../../platform/observability/index.ts';
import type { ToolRecords } from '../../platform/store/index.ts';

/** Puts every call and every change of one on record, tells the pages, and writes the audit line of each decision and end. */
export interface CallLog {
  /** Throws when it cannot be written: a call that is not on record is not made. */
  begin(call: ToolCall): void;
  /** A later change; a failure to write it is logged, since what happened has happened. */
  change(call: ToolCall): void;
  /** Tells the pages only: words of progress. */
  show(call: ToolCall): void;
  /** Who, what, verdict, answer: never contents. */
  auditDecision(call: ToolCall): Promise<void>;
  auditEnd(call: ToolCall): void;
  onCall(listener: (call: ToolCall) => void): Unsubscribe;
  /** Calendar time, never the same twice: pages of the record are cut by it. */
  nextMs(): number;
}

const KEPT_CALLS = 20_000;
const PRUNE_EVERY = 500;

export function createCallLog(deps: {
  records: Pick<ToolRecords, 'saveCall' | 'pruneCalls'>;
  tell: Tell;
  audit: Pick<AuditLog, 'record'>;
  clock: Pick<Clock, 'wallMs'>;
  log: Log;
}): CallLog {
  const { records, tell, audit, clock, log } = deps;
  const listeners = new Set<(call: ToolCall) => void>();
  let lastMs = 0;
  let begun = 0;
  const told = (call: ToolCall): void => {
    tell('tools.call', call);
    for (const listener of listeners) listener(call);
  };

  return {
    begin(call) {
      records.saveCall(call);
      begun += 1;
      if (begun % PRUNE_EVERY === 1) records.pruneCalls(KEPT_CALLS);
      told(call);
    },
    change(call) {
      try {
        records.saveCall(call);
      } catch (error) {
        log.error('A change of a tool call could not be recorded', { callId: call.id, state: call.state, error });
      }
      told(call);
    },
    show: told,
    auditDecision: (call) => audit.record({ action: 'tool.decide', subject: call.tool, details: about(call) }),
    auditEnd(call) {
      const durationMs = call.startedAtMs === null || call.endedAtMs === null ? 0 : call.endedAtMs - call.startedAtMs;
      void audit.record({
        action: 'tool.end',
        subject: call.tool,
        details: { callId: call.id, state: call.state, code: call.error?.code ?? '', durationMs: Math.round(durationMs) },
      });
    },
    onCall(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    nextMs() {
      lastMs = Math.max(lastMs + 1, clock.wallMs());
      return lastMs;
    },
  };
}

/** For the audit log: facts, no contents. */
const about = ({ id, asker, tainted, verdict, approval, state }: ToolCall): Record<string, string | boolean> => ({
  callId: id,
  channel: asker.channel,
  tainted,
  verdict,
  approval: approval?.answer ?? 'none',
  by: approval?.by ?? 'nobody',
  state,
});
