import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCallLog, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { EXPORT_FORMATS, useRecordExport } from './use-record-export.ts';

const DIRECTIONS = ['in', 'out'] as const;
const ANSWERED_BY = ['owner', 'mobile', 'assistant', 'message', 'nobody'] as const;

/** Words, direction, who answered; and the way to take it all along. */
export function CallLogFilters() {
  const { t } = useTranslation();
  const { callLog, view } = useServices();
  const filter = useCallLog((state) => state.filter);
  const { save, isBusy, isSaving } = useRecordExport();
  const setFilter = (patch: Parameters<ReturnType<typeof callLog.getState>['setFilter']>[0]): void =>
    void callLog.getState().setFilter(patch).catch(view.getState().fail);
  return (
    <search aria-label={t('calls.log.filter')} className="flex flex-wrap items-center gap-2">
      <SearchField
        label={t('calls.log.searchLabel')}
        initial={filter.query}
        className="min-w-[min(14rem,100%)]"
        onSearch={(query) => setFilter({ query })}
      />
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
        trigger={
          <Button aria-busy={isSaving} icon={<Download size="1rem" aria-hidden="true" />}>
            {t(isSaving ? 'calls.export.busy' : 'calls.export.title')}
          </Button>
        }
        items={EXPORT_FORMATS.map((format) => ({
          label: t(`calls.export.${format}`),
          disabled: isBusy,
          onSelect: () => save(format),
        }))}
      />
    </search>
  );
}
