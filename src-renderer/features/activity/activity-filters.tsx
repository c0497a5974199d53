import { FileJson } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Asker, ToolCallState } from '../../../src-preload/contract/index.ts';
import { useActivity, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { saveBlob } from '../../ui/save-blob.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';

const STATES = [
  'waiting',
  'running',
  'background',
  'done',
  'failed',
  'refused',
  'cancelled',
  'stopped',
] as const satisfies readonly ToolCallState[];
const CHANNELS = [
  'window',
  'browser',
  'voice',
  'phone',
  'message',
  'mcp',
  'api',
  'schedule',
] as const satisfies readonly Asker['channel'][];

/** Words, state and asker, and the way to take it all along. */
export function ActivityFilters() {
  const { t } = useTranslation();
  const { activity, view } = useServices();
  const filter = useActivity((state) => state.filter);
  const { fail, toast } = view.getState();
  const setFilter = (patch: Parameters<ReturnType<typeof activity.getState>['setFilter']>[0]): void =>
    void activity.getState().setFilter(patch).catch(fail);

  const save = async (): Promise<void> => {
    try {
      const fileName = `openclaw-${new Date().toISOString().slice(0, 10)}.json`;
      saveBlob(new Blob([JSON.stringify(await activity.getState().all(), null, 2)], { type: 'application/json' }), fileName);
      toast({ kind: 'done', content: { key: 'exported', values: { fileName } } });
    } catch (error) {
      fail(error);
    }
  };

  return (
    <search aria-label={t('activity.filter')} className="flex flex-wrap items-center gap-2">
      <SearchField
        label={t('activity.searchLabel')}
        initial={filter.query}
        className="min-w-[min(14rem,100%)]"
        onSearch={(query) => setFilter({ query })}
      />
      <div className="w-40 round:w-[calc(50%-0.25rem)]">
        <Select
          label={t('activity.state')}
          value={filter.state ?? ''}
          choices={[
            { value: '', label: t('activity.anyState') },
            ...STATES.map((state) => ({ value: state, label: t(`tools.states.${state}`) })),
          ]}
          onChange={(value) => setFilter({ state: STATES.find((state) => state === value) })}
        />
      </div>
      <div className="w-40 round:w-[calc(50%-0.25rem)]">
        <Select
          label={t('activity.asker')}
          value={filter.channel ?? ''}
          choices={[
            { value: '', label: t('activity.anyAsker') },
            ...CHANNELS.map((channel) => ({ value: channel, label: t(`tools.askers.${channel}`) })),
          ]}
          onChange={(value) => setFilter({ channel: CHANNELS.find((channel) => channel === value) })}
        />
      </div>
      <Button icon={<FileJson size="1rem" aria-hidden="true" />} onClick={() => void save()}>
        {t('activity.export')}
      </Button>
    </search>
  );
}
