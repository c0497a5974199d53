import { useTranslation } from 'react-i18next';
import { useChat, useCore, useHands, useKill, useServices, useSession, useView } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { FirstRun } from '../onboarding/first-run.tsx';
import { StoppedPanel } from '../stop/stopped-panel.tsx';
import { ApprovalsHere } from '../tools/approvals-here.tsx';
import { SharedPageChip } from '../tools/shared-page-chip.tsx';
import { useShareFile } from '../tools/use-share-file.ts';
import { DropZone } from '../../ui/drop-zone.tsx';
import { RoundDock } from '../stage/round-dock.tsx';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { ConversationList } from './conversation-list.tsx';
import { EmptyConversation } from './empty-conversation.tsx';
import { MessageList } from './message-list.tsx';

/** The conversation, its list over it when asked for, and the way to type. */
export function ConversationPane() {
  const { t } = useTranslation();
  const listOpen = useView((state) => state.conversationsOpen);
  const isRound = useView((state) => state.layout === 'round');
  const isOff = useKill((state) => state.kill?.level === 5);
  const shareFile = useShareFile();
  return (
    <DropZone invitation={t('tools.page.drop')} onFile={(file) => void shareFile(file)}>
      <section aria-label={t('chat.label')} className="relative flex h-full min-h-0 flex-col">
        {isOff ? (
          <StoppedPanel />
        ) : (
          <>
            <ConversationHeader />
            <Content />
          </>
        )}
        <footer className="flex-none px-4 pt-2 pb-4">
          <div className="mx-auto flex max-w-[46rem] flex-col gap-3">
            <ApprovalsHere />
            <SharedPageChip />
            {isRound ? <RoundDock input={<Composer />} /> : <Composer />}
          </div>
        </footer>
        {listOpen && <ConversationList />}
      </section>
    </DropZone>
  );
}

function Content() {
  const { t } = useTranslation();
  const { chat, view } = useServices();
  const firstRun = useCore((state) => state.snapshot?.firstRun ?? false);
  const status = useChat((state) => state.status);
  const isSilent = useSession((state) => state.partial === '');
  const isEmpty = useChat((state) => state.messages.length === 0 && state.live === undefined) && isSilent;
  const isIdle = useHands((state) => state.calls.length === 0);
  const currentId = useChat((state) => state.currentId);
  if (status === 'failed')
    return (
      <div className="flex grow flex-col items-start justify-end gap-3 px-6 pb-6">
        <p>{t('chat.failedToOpen')}</p>
        <Button onClick={() => void chat.getState().open(currentId).catch(view.getState().fail)}>{t('common.retry')}</Button>
      </div>
    );
  if (!isEmpty || !isIdle) return <MessageList key={currentId} />;
  if (status === 'loading') return <div className="grow" />;
  return firstRun ? <FirstRun /> : <EmptyConversation />;
}
