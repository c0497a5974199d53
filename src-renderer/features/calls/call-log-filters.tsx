import { Download, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallLog, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { EXPORT_FORMATS, useRecordExport } from './use-record-export.ts';

const DIRECTIONS = ['in', 'out'] as const;
const ANSWERED_BY = ['owner', 'mobile', 'assistant', 'message', 'nobody'] as const;
const SEARCH_AFTER_MS = 200;

/** Words, direction, who answered; and the way to take it all along. */
export function CallLogFilters() {
  const { t } = useTranslation();
  const { callLog, view } = useServices();
  const filter = useCallLog((state) => state.filter);
  const [query, setQuery] = useState(filter.query);
  const save = useRecordExport();
  useEffect(() => {
    if (query === callLog.getState().filter.query) return undefined;
    const timer = setTimeout(() => void callLog.getState().setFilter({ query }).catch(view.getState().fail), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [callLog, view, query]);
  const setFilter = (patch: Parameters<ReturnType<typeof callLog.getState>['setFilter']>[0]): void =>
    void callLog.getState().setFilter(patch).catch(view.getState().fail);
  return (
    <search aria-label={t('calls.log.filter')} className="flex flex-wrap items-center gap-2">
      <div className="relative min-w-[min(14rem,100%)] flex-1">
        <Search size="1rem" aria-hidden="true" className="absolute top-1/2 left-3 -translate-y-1/2 text-quiet" />
        <TextField
          type="search"
          value={query}
          aria-label={t('calls.log.searchLabel')}
          placeholder={t('common.search')}
          onChange={(event) => setQuery(event.target.value)}
          className="pl-9"
        />
      </div>
      <div className="w-40 round:w-[calc(50%-0.25rem)]">
        <Select
          label={t('calls.log.direction')}
          value={filter.direction ?? ''}
          choices={[
            { value: '', label: t('calls.log.anyDirection') },
            ...DIRECTIONS.map((direction) => ({ value: direction, label: t(`calls.log.directions.${direction}`) })),
          ]}
          onChange={(value) => setFilter({ direction: DIRECTIONS.find((direction) => direction === value) })}
        />
      </div>
      <div className="w-44 round:w-[calc(50%-0.25rem)]">
        <Select
          label={t('calls.log.by')}
          value={filter.answeredBy ?? ''}
          choices={[
            { value: '', label: t('calls.log.anyBy') },
            ...ANSWERED_BY.map((by) => ({ value: by, label: t(`calls.answeredBy.${by}`) })),
          ]}
          onChange={(value) => setFilter({ answeredBy: ANSWERED_BY.find((by) => by === value) })}
        />
      </div>
      <Menu
        trigger={<Button icon={<Download size="1rem" aria-hidden="true" />}>{t('calls.export.title')}</Button>}
        items={EXPORT_FORMATS.map((format) => ({
          label: t(`calls.export.${format}`),
          // What is on screen, not what is filtered out.
          onSelect: () =>
            save(
              format,
              callLog.getState().entries?.map((entry) => entry.call.id),
            ),
        }))}
      />
    </search>
  );
}
