import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../app/actions-context.ts';
import { useActivity, useServices } from '../../app/services.ts';
import { formatDay, formatTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { CallCard } from '../tools/call-card.tsx';
import { useCallWords } from '../tools/use-call-words.ts';
import { groupByDay } from './group-by-day.ts';

const ESTIMATED_ROW_PX = 68;
const LOAD_MORE_WITHIN_PX = 600;

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
  const listRef = useRef<HTMLDivElement>(null);
  const [headPx, setHeadPx] = useState(0);
  // oxlint-disable-next-line react/incompatible-library -- concerns React Compiler, which this project does not use
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => ESTIMATED_ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    scrollMargin: headPx,
  });
  // What stands above the list wraps and grows, and with it the page that holds both.
  const page = scroller.firstElementChild;
  useEffect(() => {
    const measure = (): void => {
      const list = listRef.current;
      if (list) setHeadPx(Math.round(list.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop));
    };
    const sizes = new ResizeObserver(measure);
    if (page) sizes.observe(page);
    return () => sizes.disconnect();
  }, [page, scroller]);
  useEffect(() => {
    const onScroll = (): void => {
      if (scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < LOAD_MORE_WITHIN_PX)
        activity.getState().loadMore().catch(view.getState().fail);
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => scroller.removeEventListener('scroll', onScroll);
  }, [activity, view, scroller]);

  if (calls === undefined) return <p className="text-quiet">{t('common.loading')}</p>;
  if (calls.length === 0 && !isFiltered) return <Nothing />;
  if (rows.length === 0 && !hasMore) return <p className="text-quiet">{t('common.noResults')}</p>;
  return (
    <>
      <section
        ref={listRef}

        aria-label={t('activity.list')}
        className="relative w-full"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className="absolute top-0 left-0 w-full"
                style={{ transform: `translateY(${item.start - headPx}px)` }}
              >
                {row.kind === 'day' ? (
                  <h2 className="pt-3 pb-1.5 text-small font-medium text-quiet">{formatDay(i18n.language, row.atMs, nowMs)}</h2>
                ) : (
                  <article className="pb-2">
                    <CallCard
                      call={row.call}
                      facts={[formatTime(i18n.language, row.call.createdAtMs), words.asker(row.call.asker), words.approval(row.call)].join(
                        ' · ',
                      )}
                    />
                  </article>
                )}
              </div>
            )
          );
        })}
      </section>
      {hasMore && (
        <div>
          <Button onClick={() => void activity.getState().loadMore().catch(view.getState().fail)}>{t('activity.more')}</Button>
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
