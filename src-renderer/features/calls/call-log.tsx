import {
  Bot,
  ListTodo,
  MessageSquareText,
  Phone,
  PhoneIncoming,
  PhoneMissed,
  PhoneOutgoing,
  Smartphone,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallLogEntry, CallSpeaker } from '../../../src-preload/contract/index.ts';
import { useCallLog, useServices, useView } from '../../app/services.ts';
import { formatDay, formatTime } from '../../i18n/format.ts';
import { isFiltered } from '../../stores/call-log-store.ts';
import { isMissed } from '../../stores/missed-calls-store.ts';
import { Button } from '../../ui/button.tsx';
import { PageList, type ListPlace } from '../../ui/page-list.tsx';
import { classNames } from '../../ui/class-names.ts';
import { callClock } from './call-clock.ts';
import { CallLogFilters } from './call-log-filters.tsx';
import { logRows } from './log-rows.ts';
import { NotThereYet } from './not-there-yet.tsx';
import { useLoad } from './use-load.ts';
import { usePartyWords } from './use-party-words.ts';

const ESTIMATED_ROW_PX = 72;

interface CallLogProps {
  scroller: HTMLElement;
  /** Where the reader comes back to. */
  startAt: ListPlace | undefined;
  onOpened: (place: ListPlace) => void;
}

/** Calls that are over, newest first, by day. Who comes back from one of them finds the list as it was left. */
export function CallLog({ scroller, startAt, onOpened }: CallLogProps) {
  const { t, i18n } = useTranslation();
  const { callLog, missedCalls, view } = useServices();
  const entries = useCallLog((state) => state.entries);
  const isVisible = useView((state) => state.visible);
  const removedIds = useCallLog((state) => state.removedIds);
  const hasMore = useCallLog((state) => state.hasMore);
  const hasFilter = useCallLog(({ filter }) => isFiltered(filter));
  const [nowMs] = useState(() => Date.now());
  const rows = useMemo(() => logRows((entries ?? []).filter((entry) => !removedIds.has(entry.call.id))), [entries, removedIds]);
  // Both are settled at the beginning: the next entry that is opened is no place to start at.
  const [start, setStart] = useState(startAt);
  const [load] = useState(() => (startAt ? callLog.getState().reload : callLog.getState().load));
  const loading = useLoad(load);
  useEffect(() => {
    if (entries && isVisible) missedCalls.getState().seen();
  }, [missedCalls, entries, isVisible]);
  if (entries === undefined) return <NotThereYet {...loading} />;
  if (entries.length === 0 && !hasFilter) return <p className="text-quiet">{t('calls.log.empty')}</p>;
  const loadMore = (): void => void callLog.getState().loadMore().catch(view.getState().fail);
  return (
    <>
      <CallLogFilters />
      {rows.length === 0 && !hasMore && <p className="text-quiet">{t('common.noResults')}</p>}
      {rows.length > 0 && (
        <PageList
          label={t('calls.parts.log')}
          scroller={scroller}
          rows={rows}
          estimatedRowPx={ESTIMATED_ROW_PX}
          onNearEnd={loadMore}
          startAt={start}
          onArrived={() => setStart(undefined)}
          onOpened={onOpened}
        >
          {(row) =>
            row.kind === 'day' ? (
              <h2 className="border-b border-line pt-4 pb-1.5 text-small font-medium text-quiet">
                {formatDay(i18n.language, row.atMs, nowMs)}
              </h2>
            ) : (
              <article className="border-b border-line">
                <LogRow entry={row.entry} />
              </article>
            )
          }
        </PageList>
      )}
      {hasMore && (
        <div>
          <Button onClick={loadMore}>{t('calls.log.more')}</Button>
        </div>
      )}
    </>
  );
}

const BY: Record<CallSpeaker, LucideIcon> = { owner: Phone, mobile: Smartphone, assistant: Bot, message: MessageSquareText };

function LogRow({ entry }: { entry: CallLogEntry }) {
  const { t, i18n } = useTranslation();
  const { view } = useServices();
  const { call, answeredBy, summary, tasks, durationMs } = entry;
  const words = usePartyWords()(call.party);
  const missed = isMissed(entry);
  const Direction = missed ? PhoneMissed : call.direction === 'in' ? PhoneIncoming : PhoneOutgoing;
  const By = answeredBy === null ? undefined : BY[answeredBy];
  const said = summary || call.purpose;
  const end = call.state.state === 'ended' && answeredBy === null ? t(`calls.ends.${call.state.reason}`) : undefined;
  return (
    <button
      type="button"
      data-entry={call.id}
      className="flex w-full items-start gap-3 rounded-base px-2 py-3 text-left transition-colors hover:bg-hover"
      onClick={() => view.getState().showCalls({ at: 'entry', callId: call.id })}
    >
      <Direction
        size="1.125rem"
        className={classNames('mt-0.5 flex-none', missed ? 'text-danger-text' : 'text-quiet')}
        aria-label={t(missed ? 'calls.log.missed' : `calls.log.directions.${call.direction}`)}
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <bdi className={classNames('max-w-full truncate font-medium', missed && 'text-danger-text')}>{words.title}</bdi>
          {words.number !== '' && <span className="text-small text-quiet tabular-nums">{words.number}</span>}
        </span>
        {(said || end) && <span className="line-clamp-2 text-small text-quiet [overflow-wrap:anywhere]">{said || end}</span>}
        {tasks.length > 0 && (
          <span className="mt-0.5 flex items-center gap-1 text-small text-needs-you-text">
            <ListTodo size="0.875rem" aria-hidden="true" />
            {t('calls.log.tasks', { count: tasks.length })}
          </span>
        )}
      </span>
      <span className="flex flex-none flex-col items-end text-small text-quiet tabular-nums">
        <span>{formatTime(i18n.language, call.startedAtMs)}</span>
        {By && (
          <span className="inline-flex items-center gap-1">
            <By size="0.875rem" aria-label={t(`calls.answeredBy.${answeredBy ?? 'nobody'}`)} />
            {callClock(durationMs)}
          </span>
        )}
      </span>
    </button>
  );
}
