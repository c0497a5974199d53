import type { Approval } from '../../../src-preload/contract/index.ts';
import type { ViewState } from '../../stores/view-store.ts';

/** A question about the conversation on screen stands above its input; any other floats over whatever the owner looks at. */
export function isInConversation(
  approval: Pick<Approval, 'conversationId'>,
  view: Pick<ViewState, 'screen' | 'stageOnly' | 'conversationsOpen'>,
  currentId: string | null,
): boolean {
  const conversationIsSeen = view.screen === 'talk' && !view.stageOnly && !view.conversationsOpen;
  return conversationIsSeen && approval.conversationId !== null && approval.conversationId === currentId;
}

/** 1 = just asked, 0 = silence has become a no. A clock that was set back does not give more time than there was. */
export function shareLeft({ createdAtMs, expiresAtMs }: Pick<Approval, 'createdAtMs' | 'expiresAtMs'>, nowMs: number): number {
  const span = expiresAtMs - createdAtMs;
  return span <= 0 ? 0 : Math.max(0, Math.min(1, (expiresAtMs - nowMs) / span));
}
