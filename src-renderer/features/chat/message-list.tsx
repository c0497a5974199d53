import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type UIEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerProgress, Message } from '../../../src-preload/contract/index.ts';
import { useChat, useHands, useServices, useSession } from '../../app/services.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { CallCard } from '../tools/call-card.tsx';
import { placeCalls, type ConversationRow } from '../tools/place-calls.ts';
import { MessageRow } from './message-row.tsx';
import { reportedScroll } from './reported-scroll.ts';

const ESTIMATED_ROW_PX = 96;
const LOAD_OLDER_WITHIN_PX = 400;

/** The messages of the conversation. Only those in view are in the page, so a year of talk scrolls like a day of it. */
export function MessageList() {
  const { t } = useTranslation();
  const { chat, view } = useServices();
  const stored = useChat((state) => state.messages);
  const live = useChat((state) => state.live);
  const hasOlder = useChat((state) => state.hasOlder);
  const partial = useSession((state) => state.partial);
  const calls = useHands((state) => state.calls);
  const rows = useMemo(
    () => [...placeCalls(stored, calls, { hasOlder }), ...liveRow(stored, live), ...partialRow(partial)],
    [stored, calls, hasOlder, live, partial],
  );
  const scrollerRef = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [scrolling] = useState(reportedScroll);

  // oxlint-disable-next-line react/incompatible-library -- concerns React Compiler, which this project does not use
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollerRef.current,
    estimateSize: () => ESTIMATED_ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
    paddingStart: 16,
    paddingEnd: 16,
    // The end stays where it is while older messages are put in front and while the last answer grows.
    anchorTo: 'end',
    followOnAppend: true,
    ...scrolling,
  });

  useEffect(() => virtualizer.scrollToEnd(), [virtualizer]);

  const onScroll = (event: UIEvent<HTMLDivElement>): void => {
    setAtEnd(virtualizer.isAtEnd(48));
    if (hasOlder && event.currentTarget.scrollTop < LOAD_OLDER_WITHIN_PX) chat.getState().loadOlder().catch(view.getState().fail);
  };

  return (
    <div className="relative min-h-0 grow overflow-clip">
      <div
        ref={scrollerRef}
        onScroll={onScroll}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t('chat.messages')}
        className="absolute inset-0 overflow-y-auto px-6 round:px-4"
      >
        <div className="relative mx-auto w-full max-w-[46rem]" style={{ height: virtualizer.getTotalSize() }}>
          <VirtualRows virtualizer={virtualizer} rows={rows}>
            {(row, index) =>
              row.kind === 'call' ? (
                <div className="py-1">
                  <CallCard call={row.call} />
                </div>
              ) : (
                <MessageRow
                  message={row.message}
                  live={live?.messageId === row.id ? live : undefined}
                  isLast={index === rows.length - 1}
                  isPending={row.id === PARTIAL_ID}
                />
              )
            }
          </VirtualRows>
        </div>
      </div>
      {!atEnd && (
        <div className="absolute right-4 bottom-3">
          <IconButton
            label={t('chat.toEnd')}
            onClick={() => virtualizer.scrollToEnd({ behavior: 'smooth' })}
            className="border border-line bg-raised shadow-float"
          >
            <ArrowDown size="1.125rem" aria-hidden="true" />
          </IconButton>
        </div>
      )}
    </div>
  );
}

const PARTIAL_ID = 'partial';

/** The owner's words while they are spoken stand where they will stay. */
function partialRow(text: string): ConversationRow[] {
  if (text === '') return [];
  const unsaid = { conversationId: '', medium: 'voice', language: 'en', heardChars: null, status: 'complete', createdAtMs: 0 } as const;
  return [messageRow({ id: PARTIAL_ID, role: 'user', text, ...unsaid })];
}

/** The answer under way, until it is stored itself. It comes after the calls that it waits for. */
function liveRow(stored: readonly Message[], live: AnswerProgress | undefined): ConversationRow[] {
  if (!live || live.text === '' || stored.some((message) => message.id === live.messageId)) return [];
  const last = stored.at(-1);
  return [
    messageRow({
      id: live.messageId,
      conversationId: live.conversationId,
      role: 'assistant',
      text: live.text,
      medium: 'voice',
      language: last?.language ?? 'en',
      heardChars: live.heardChars,
      status: 'complete',
      createdAtMs: last?.createdAtMs ?? 0,
    }),
  ];
}

function messageRow(message: Message): ConversationRow {
  return { kind: 'message', id: message.id, message };
}
