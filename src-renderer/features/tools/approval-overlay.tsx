import { useTranslation } from 'react-i18next';
import { useChat, useHands, useView } from '../../app/services.ts';
import { ApprovalCard } from './approval-card.tsx';
import { isInConversation } from './approval-place.ts';

/** A question that does not belong to the conversation on screen floats over whatever is there, on every screen. */
export function ApprovalOverlay() {
  const { t } = useTranslation();
  const approvals = useHands((state) => state.approvals);
  const currentId = useChat((state) => state.currentId);
  const view = useView((state) => state);
  const elsewhere = approvals.filter((approval) => !isInConversation(approval, view, currentId));
  const first = elsewhere[0];
  if (!first) return null;
  return (
    <aside
      aria-label={t('tools.needsYou')}
      className="fixed right-4 bottom-4 z-30 flex max-h-[70dvh] w-[min(28rem,calc(100vw-2rem))] flex-col rounded-base shadow-float round:bottom-20"
    >
      <ApprovalCard key={first.id} approval={first} waitingBehind={elsewhere.length - 1} />
    </aside>
  );
}
