import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useActivity, useServices } from '../../app/services.ts';
import { formatDateTime, formatNumber } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';

/** The records themselves, as they stand in the chain: for those who want to see that nothing was left out. */
export function RecordList() {
  const { t, i18n } = useTranslation();
  const { activity, view } = useServices();
  const records = useActivity((state) => state.records);
  const hasMore = useActivity((state) => state.hasMoreRecords);
  const { fail } = view.getState();
  useEffect(() => {
    activity.getState().loadRecords().catch(view.getState().fail);
  }, [activity, view]);
  return (
    <section aria-label={t('activity.parts.records')} className="flex flex-col gap-3">
      <p className="text-small text-quiet">{t('activity.recordsHint')}</p>
      {records === undefined && <p className="text-quiet">{t('common.loading')}</p>}
      {records?.length === 0 && <p>{t('activity.noRecords')}</p>}
      <ol className="divide-y divide-line">
        {records?.map((record) => (
          <li key={record.seq} className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-3 py-2 text-small">
            <span className="text-right font-mono text-quiet tabular-nums">{formatNumber(i18n.language, record.seq, 0)}</span>
            <div className="min-w-0">
              <p className="flex flex-wrap gap-x-3">
                <span className="font-mono">{record.action}</span>
                <span className="[overflow-wrap:anywhere]">{record.subject}</span>
                <span className="ml-auto text-quiet">{formatDateTime(i18n.language, record.atMs)}</span>
              </p>
              <p className="verbatim text-quiet">
                {Object.entries(record.details)
                  .map(([name, value]) => `${name}=${String(value)}`)
                  .join('  ')}
              </p>
            </div>
          </li>
        ))}
      </ol>
      {hasMore && (
        <div>
          <Button onClick={() => void activity.getState().loadMoreRecords().catch(fail)}>{t('activity.more')}</Button>
        </div>
      )}
    </section>
  );
}
