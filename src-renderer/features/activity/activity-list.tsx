import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useActivity, useServices } from '../../app/services.ts';
import { formatDay, formatTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { PageList } from '../../ui/page-list.tsx';
import { CallCard } from '../tools/call-card.tsx';
import { useCallWords } from '../tools/use-call-words.ts';
import { groupByDay } from './group-by-day.ts';

const ESTIMATED_ROW_PX = 68;

/** Every call, newest first, by day. Only those in view are in the page. */
export function ActivityList({ scroller }: { scroller: HTMLElement }) {
  const { t, i18n } = useTranslation();
  const { activity, view } = useServices();
  const words = useCallWords();
  const calls = useActivity((state) => state.calls);
  const hasMore = useActivity((state) => state.hasMore);
  const isFiltered = useActivity(({ filter }) => filter.query !== '' || filter.state !== undefined || filter.channel !== undefined);
  const rows = useMemo(() => groupByDay(calls ?? []), [calls]);
  const [nowMs] = useState(() => Date.now());
  const loadMore = (): void => void activity.getState().loadMore().catch(view.getState().fail);

  if (calls === undefined) return <p className="text-quiet">{t('common.loading')}</p>;
  if (calls.length === 0 && !isFiltered) return <Nothing />;
  if (rows.length === 0 && !hasMore) return <p className="text-quiet">{t('common.noResults')}</p>;
  return (
    <>
      <PageList label={t('activity.list')} scroller={scroller} rows={rows} estimatedRowPx={ESTIMATED_ROW_PX} onNearEnd={loadMore}>
        {(row) =>
          row.kind === 'day' ? (
            <h2 className="pt-3 pb-1.5 text-small font-medium text-quiet">{formatDay(i18n.language, row.atMs, nowMs)}</h2>
          ) : (
            <article className="pb-2">
              <CallCard
                call={row.call}
                facts={[formatTime(i18n.language, row.call.createdAtMs), words.asker(row.call.asker), words.approval(row.call)].join(' · ')}
              />
            </article>
          )
        }
      </PageList>
      {hasMore && (
        <div>
          <Button onClick={loadMore}>{t('activity.more')}</Button>
        </div>
      )}
    </>
  );
}

/** Before the first call: one example, and the way to try it. */
function Nothing() {
  const { t } = useTranslation();
  const { chat, view } = useServices();
  const actions = useActions();
  const example = t('activity.example');
  return (
    <div className="flex flex-col items-start gap-3">
      <p>{t('activity.empty')}</p>
      <Button
        onClick={() => {
          actions.newConversation();
          chat.getState().send(example, false).catch(view.getState().fail);
        }}
      >
        {example}
      </Button>
    </div>
  );
}
