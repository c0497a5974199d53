import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../src-preload/contract/index.ts';

/** Title of a conversation as it is shown: one without a title goes by its first words, one without words is new. */
export function useConversationTitle(): (conversation: Conversation | undefined) => string {
  const { t } = useTranslation();
  return (conversation) => conversation?.title || conversation?.preview || t('chat.untitled');
}
