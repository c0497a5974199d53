import type { Approval, RememberedApproval, ToolCall } from '../../../src-preload/contract/index.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import { createDeferred } from '../../base/deferred.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { createId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { StoredApproval, ToolRecords } from '../../platform/store/index.ts';
import { phraseFor, spokenAnswer } from './spoken-answer.ts';
import { toolError } from './tools-errors.ts';

export type ApprovalAnswer = 'once' | 'always' | 'no' | 'expired';
/** Who can give an answer. */
export type Answerer = 'window' | 'notification' | 'voice';
interface GivenAnswer {
  answer: ApprovalAnswer;
  by: Answerer | 'nobody';
}

/** Questions that wait for the owner, and the answers that are kept. */
export interface Approvals extends Disposable {
  /** Asks, and resolves with the first answer. Silence is `expired`; the end of `signal` is a no by nobody. */
  ask(call: ToolCall, options: { canRemember: boolean; signal: AbortSignal }): Promise<GivenAnswer>;
  waiting(): Approval[];
  /** Throws `approval.gone`, and `approval.not-rememberable` for an "always" that was not offered. */
  answer(approvalId: string, answer: Exclude<ApprovalAnswer, 'expired'>, by: Answerer): void;
  /** Words of the owner, said in this conversation (any, where none is named): an answer to the one question that waits there. */
  hear(words: string, conversationId?: string | null): boolean;
  onAsked(listener: (approval: Approval) => void): Unsubscribe;
  /** Whether exactly this was allowed for always; counts its use. */
  isRemembered(tool: string, key: string): boolean;
  remember(call: ToolCall, key: string): void;
  remembered(): RememberedApproval[];
  forget(id: string): void;
}

interface Waiting {
  approval: Approval;
  /** Monotonic: a clock set back gives no more time. */
  deadlineMs: number;
  timer: Timer;
  close(answer: GivenAnswer): void;
}

export function createApprovals(deps: {
  clock: Clock;
  records: Pick<ToolRecords, 'listApprovals' | 'saveApproval' | 'removeApproval'>;
  /** How long a question waits, ms. */
  patienceMs: () => number;
  onClosed: (approvalId: string, answer: ApprovalAnswer) => void;
  random: () => number;
  log: Log;
}): Approvals {
  const { clock, records } = deps;
  const open = new Map<string, Waiting>();
  const listeners = new Set<(approval: Approval) => void>();
  const isOver = (waiting: Waiting): boolean => clock.nowMs() >= waiting.deadlineMs;
  const find = (key: string, tool: string): StoredApproval | undefined =>
    records.listApprovals().find((approval) => approval.tool === tool && approval.key === key);

  return {
    ask(call, { canRemember, signal }) {
      const { promise, resolve } = createDeferred<GivenAnswer>();
      const patienceMs = deps.patienceMs();
      const approval: Approval = {
        id: createId('approval'),
        callId: call.id,
        conversationId: call.conversationId,
        tool: call.tool,
        source: call.source,
        asker: call.asker,
        tainted: call.tainted,
        plan: call.plan,
        reasons: call.reasons,
        canRemember,
        phrase: phraseFor(call.tainted, deps.random),
        createdAtMs: clock.wallMs(),
        expiresAtMs: clock.wallMs() + patienceMs,
      };
      const close = (given: GivenAnswer): void => {
        if (!open.delete(approval.id)) return;
        waiting.timer.cancel();
        signal.removeEventListener('abort', onAbort);
        deps.onClosed(approval.id, given.answer);
        resolve(given);
      };
      const onAbort = (): void => close({ answer: 'no', by: 'nobody' });
      const timer = clock.after(patienceMs, () => close({ answer: 'expired', by: 'nobody' }));
      const waiting: Waiting = { approval, deadlineMs: clock.nowMs() + patienceMs, timer, close };
      open.set(approval.id, waiting);
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      else for (const listener of listeners) listener(approval);
      return promise;
    },
    waiting: () => [...open.values()].filter((waiting) => !isOver(waiting)).map(({ approval }) => approval),
    answer(approvalId, answer, by) {
      const waiting = open.get(approvalId);
      if (!waiting || isOver(waiting)) throw toolError('approval.gone');
      if (answer === 'always' && !waiting.approval.canRemember) throw toolError('approval.not-rememberable');
      waiting.close({ answer, by });
    },
    hear(words, conversationId) {
      const here = [...open.values()].filter(
        (each) => !isOver(each) && (conversationId === undefined || each.approval.conversationId === conversationId),
      );
      const [waiting] = here;
      // Of two questions nobody knows which one the words answer: that is for the cards.
      if (!waiting || here.length > 1) return false;
      const said = spokenAnswer(words, waiting.approval.phrase);
      if (said === undefined) return false;
      waiting.close({ answer: said === 'yes' ? 'once' : 'no', by: 'voice' });
      return true;
    },
    onAsked(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    isRemembered(tool, key) {
      try {
        const kept = find(key, tool);
        if (kept) records.saveApproval({ ...kept, lastUsedAtMs: clock.wallMs(), useCount: kept.useCount + 1 });
        return kept !== undefined;
      } catch (error) {
        deps.log.warn('Kept approvals could not be read; the owner is asked', { error });
        return false;
      }
    },
    remember(call, key) {
      if (find(key, call.tool)) return;
      records.saveApproval({
        id: createId('kept'),
        tool: call.tool,
        key,
        source: call.source,
        summary: call.plan.summary,
        code: call.plan.code,
        values: call.plan.values,
        createdAtMs: clock.wallMs(),
        lastUsedAtMs: null,
        useCount: 0,
      });
    },
    remembered: () => records.listApprovals().map(({ key: _key, ...approval }) => approval),
    forget(id) {
      if (!records.removeApproval(id)) throw toolError('approval.gone');
    },
    dispose() {
      for (const waiting of open.values()) waiting.close({ answer: 'no', by: 'nobody' });
      listeners.clear();
    },
  };
}
