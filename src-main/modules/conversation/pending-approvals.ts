import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { Approval, ToolCall } from '../../../src-preload/contract/index.ts';
import type { Tools } from '../tools/index.ts';

/** The questions of tools that wait for the owner, for whoever has to know that speech may be an answer. */
export interface PendingApprovals extends Disposable {
  /** The oldest one of this conversation. */
  waitingIn(conversationId: string | null): Approval | undefined;
}

/** A call in one of these has its answer still before it. */
const BEFORE_ITS_ANSWER: ReadonlySet<ToolCall['state']> = new Set(['planned', 'waiting']);

export function createPendingApprovals({
  tools,
  clock,
}: {
  tools: Pick<Tools, 'onApproval' | 'onCall'>;
  clock: Pick<Clock, 'wallMs'>;
}): PendingApprovals {
  const byCall = new Map<string, Approval>();
  const unsubscribes = [
    tools.onApproval((approval) => void byCall.set(approval.callId, approval)),
    tools.onCall((call) => {
      const answer = call.approval?.answer;
      if (!BEFORE_ITS_ANSWER.has(call.state) || (answer !== undefined && answer !== 'waiting')) byCall.delete(call.id);
    }),
  ];
  return {
    waitingIn(conversationId) {
      for (const [callId, { expiresAtMs }] of byCall) if (expiresAtMs <= clock.wallMs()) byCall.delete(callId);
      return [...byCall.values()].find((approval) => approval.conversationId === conversationId);
    },
    dispose() {
      for (const unsubscribe of unsubscribes) unsubscribe();
      byCall.clear();
    },
  };
}
