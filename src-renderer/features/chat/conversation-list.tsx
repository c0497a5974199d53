import { useVirtualizer } from '@tanstack/react-virtual';
import { Search, SquarePen, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation, SearchHit } from '../../../src-preload/contract/index.ts';
import { useActions } from '../../app/actions-context.ts';
import { useChat, useServices } from '../../app/services.ts';
import { formatWhen } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { useFocusReturn } from '../../ui/focus-return.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ConversationMenu } from './conversation-header.tsx';
import { useConversationTitle } from './use-conversation-title.ts';

/** All conversations, over the one on screen. Typing searches in every message. */
export function ConversationList() {
  const { t } = useTranslation();
  const { view } = useServices();
  const actions = useActions();
  const [query, setQuery] = useState('');
  const hits = useSearch(query);
  const searchRef = useRef<HTMLInputElement>(null);
  const returnFocus = useFocusReturn();
  const close = (): void => view.setState({ conversationsOpen: false });
  return (
    <Dialog.Root open modal={false} onOpenChange={close}>
      <Dialog.Content
        aria-describedby={undefined}
        onOpenAutoFocus={(event) => {
          event.preventDefault();
          searchRef.current?.focus();
        }}
        onCloseAutoFocus={returnFocus}
        onInteractOutside={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveFocus(event, event.key === 'ArrowDown' ? 1 : -1);
        }}
        className="absolute inset-0 z-20 flex flex-col bg-ground outline-none"
      >
        <header className="flex h-14 flex-none items-center gap-1 border-b border-line px-3">
          <IconButton label={t('common.close')} onClick={close}>
            <X size="1.25rem" aria-hidden="true" />
          </IconButton>
          <Dialog.Title className="min-w-0 grow truncate px-1 text-base font-semibold">{t('conversations.label')}</Dialog.Title>
          <Button look="quiet" icon={<SquarePen size="1.125rem" aria-hidden="true" />} onClick={actions.newConversation}>
            {t('conversations.new')}
          </Button>
        </header>
        <div className="relative flex-none px-4 pt-4 pb-2">
          <Search size="1rem" aria-hidden="true" className="absolute top-[1.65rem] left-7 text-quiet" />
          <TextField
            ref={searchRef}
            type="search"
            data-moves-focus
            value={query}
            aria-label={t('conversations.searchLabel')}
            placeholder={t('common.search')}
            onChange={(event) => setQuery(event.target.value)}
            className="pl-9"
          />
        </div>
        <output className="sr-only">{hits && t('conversations.hits', { count: hits.length })}</output>
        {hits ? <Hits hits={hits} /> : <All />}
      </Dialog.Content>
    </Dialog.Root>
  );
}

const SEARCH_AFTER_MS = 180;

/** Hits for what is typed; undefined while nothing is. An answer that comes late for an older query is dropped. */
function useSearch(query: string): readonly SearchHit[] | undefined {
  const { bridge, view } = useServices();
  const [found, setFound] = useState<{ query: string; hits: readonly SearchHit[] }>();
  const wanted = query.trim();
  useEffect(() => {
    if (wanted === '') return undefined;
    let current = true;
    const timer = setTimeout(() => {
      bridge.call('conversations.search', { query: wanted }).then((hits) => {
        if (current) setFound({ query: wanted, hits });
      }, view.getState().fail);
    }, SEARCH_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [bridge, view, wanted]);
  return wanted === '' ? undefined : found?.hits;
}

function Hits({ hits }: { hits: readonly SearchHit[] }) {
  const { t, i18n } = useTranslation();
  const actions = useActions();
  const [nowMs] = useState(() => Date.now());
  if (hits.length === 0) return <p className="px-6 py-4 text-quiet">{t('common.noResults')}</p>;
  return (
    <ul className="min-h-0 grow overflow-y-auto px-2 pb-4">
      {hits.map((hit) => (
        <li key={hit.messageId}>
          <button
            type="button"
            data-moves-focus
            onClick={() => actions.openConversation(hit.conversationId)}
            className="w-full rounded-base px-4 py-2.5 text-left hover:bg-hover"
          >
            <span className="flex justify-between gap-3 text-small text-quiet">
              <span className="truncate">{hit.conversationTitle || t('chat.untitled')}</span>
              <span className="flex-none">{formatWhen(i18n.language, hit.createdAtMs, nowMs)}</span>
            </span>
            <span className="line-clamp-2 [overflow-wrap:anywhere]">
              {hit.excerpt.slice(0, hit.matchStart)}
              <mark className="rounded-small bg-listening/25 text-text">{hit.excerpt.slice(hit.matchStart, hit.matchEnd)}</mark>
              {hit.excerpt.slice(hit.matchEnd)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const ROW_REM = 4.25;

function All() {
  const { t } = useTranslation();
  const conversations = useChat((state) => state.conversations);
  const scrollerRef = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- concerns React Compiler, which this project does not use
  const virtualizer = useVirtualizer({
    count: conversations.length,
    getScrollElement: () => scrollerRef.current,
    estimateSize: () => ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    overscan: 8,
  });
  if (conversations.length === 0) return <p className="px-6 py-4 text-quiet">{t('conversations.empty')}</p>;
  return (
    <div ref={scrollerRef} className="min-h-0 grow overflow-y-auto px-2 pb-4">
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const conversation = conversations[item.index];
          return (
            conversation && (
              <li key={conversation.id} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${item.start}px)` }}>
                <Row conversation={conversation} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function Row({ conversation }: { conversation: Conversation }) {
  const { i18n } = useTranslation();
  const actions = useActions();
  const isCurrent = useChat((state) => state.currentId === conversation.id);
  const title = useConversationTitle()(conversation);
  const [nowMs] = useState(() => Date.now());
  return (
    <div className={classNames('group flex h-16 items-center gap-1 rounded-base pr-1 hover:bg-hover', isCurrent && 'bg-hover')}>
      <button
        type="button"
        data-moves-focus
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => actions.openConversation(conversation.id)}
        className="h-full min-w-0 grow rounded-base px-4 text-left"
      >
        <span className="flex justify-between gap-3">
          <span className="truncate font-medium">{title}</span>
          <span className="flex-none text-small text-quiet">{formatWhen(i18n.language, conversation.updatedAtMs, nowMs)}</span>
        </span>
        <span className="block truncate text-small text-quiet">{conversation.preview}</span>
      </button>
      <ConversationMenu conversation={conversation} />
    </div>
  );
}

/** Arrow keys go from the search field through the rows. */
function moveFocus(event: KeyboardEvent<HTMLElement>, step: 1 | -1): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-moves-focus]')];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  const next = stops[at + step];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
