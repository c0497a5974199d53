import { FileDown, FileJson, MessagesSquare, MoreHorizontal, Pencil, SquarePen, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useChat, useServices } from '../../app/services.ts';
import { useKeyName } from '../../app/use-key-name.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { deleteConversation, exportConversation, renameConversation } from './conversation-actions.ts';
import { RenameDialog } from './rename-dialog.tsx';
import { useConversationTitle } from './use-conversation-title.ts';

/** Title of the conversation and what can be done with it. */
export function ConversationHeader() {
  const { t } = useTranslation();
  const { view } = useServices();
  const actions = useActions();
  const conversation = useChat((state) => state.conversations.find((candidate) => candidate.id === state.currentId));
  const titleOf = useConversationTitle();
  return (
    <header className="flex h-14 flex-none items-center gap-1 border-b border-line px-3">
      <IconButton
        label={t('conversations.open')}
        shortcut={useKeyName('conversations')}
        aria-haspopup="dialog"
        onClick={() => view.setState({ conversationsOpen: true })}
      >
        <MessagesSquare size="1.25rem" aria-hidden="true" />
      </IconButton>
      <h1 className="min-w-0 grow truncate px-1 text-base font-semibold" title={titleOf(conversation)}>
        {titleOf(conversation)}
      </h1>
      <IconButton label={t('conversations.new')} shortcut={useKeyName('newConversation')} onClick={actions.newConversation}>
        <SquarePen size="1.25rem" aria-hidden="true" />
      </IconButton>
      {conversation && <ConversationMenu conversation={conversation} />}
    </header>
  );
}

type MenuConversation = NonNullable<Parameters<ReturnType<typeof useConversationTitle>>[0]>;

/** Rename, save, delete: the same behind the title and in the list. */
export function ConversationMenu({ conversation }: { conversation: MenuConversation }) {
  const { t } = useTranslation();
  const services = useServices();
  const actions = useActions();
  const title = useConversationTitle()(conversation);
  const [renaming, setRenaming] = useState(false);
  const items: MenuItem[] = [
    { label: t('common.rename'), icon: <Pencil size="1rem" aria-hidden="true" />, onSelect: () => setRenaming(true) },
    {
      label: t('conversations.exportMarkdown'),
      icon: <FileDown size="1rem" aria-hidden="true" />,
      onSelect: () => void exportConversation(services, conversation.id, 'markdown'),
    },
    {
      label: t('conversations.exportJson'),
      icon: <FileJson size="1rem" aria-hidden="true" />,
      onSelect: () => void exportConversation(services, conversation.id, 'json'),
    },
    {
      label: t('common.delete'),
      icon: <Trash2 size="1rem" aria-hidden="true" />,
      danger: true,
      onSelect: () => void deleteConversation(services, actions, conversation, title),
    },
  ];
  return (
    <>
      <Menu
        items={items}
        trigger={
          <button
            type="button"
            aria-label={t('conversations.actions', { title })}
            className="inline-flex size-10 flex-none items-center justify-center rounded-full text-quiet hover:bg-hover hover:text-text"
          >
            <MoreHorizontal size="1.25rem" aria-hidden="true" />
          </button>
        }
      />
      {renaming && (
        <RenameDialog
          title={title}
          onClose={() => setRenaming(false)}
          onRename={(next) => void renameConversation(services, conversation.id, next)}
        />
      )}
    </>
  );
}
