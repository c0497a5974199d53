import { useChat, useHands, useView } from '../../app/services.ts';
import { ApprovalCard } from './approval-card.tsx';
import { isInConversation } from './approval-place.ts';

/** The question about this conversation, above its input. One at a time: each of them deserves to be read. */
export function ApprovalsHere() {
  const approvals = useHands((state) => state.approvals);
  const currentId = useChat((state) => state.currentId);
  const view = useView((state) => state);
  const own = approvals.filter((approval) => isInConversation(approval, view, currentId));
  const first = own[0];
  if (!first) return null;
  return (
    <div className="max-h-[60dvh] min-h-0 flex-none">
      <div className="flex max-h-[60dvh] flex-col">
        <ApprovalCard key={first.id} approval={first} waitingBehind={own.length - 1} />
      </div>
    </div>
  );
}
