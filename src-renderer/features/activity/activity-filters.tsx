import { FileJson, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Asker, ToolCallState } from '../../../src-preload/contract/index.ts';
import { useActivity, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { saveBlob } from '../../ui/save-blob.ts';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';

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
const SEARCH_AFTER_MS = 200;

/** Words, state and asker, and the way to take it all along. */
export function ActivityFilters() {
  const { t } = useTranslation();
  const { activity, view } = useServices();
  const filter = useActivity((state) => state.filter);
  const [query, setQuery] = useState(filter.query);
  const { fail, toast } = view.getState();

  useEffect(() => {
    if (query === activity.getState().filter.query) return undefined;
    const timer = setTimeout(() => void activity.getState().setFilter({ query }).catch(view.getState().fail), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [activity, view, query]);

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
      <div className="relative min-w-[min(14rem,100%)] flex-1">
        <Search size="1rem" aria-hidden="true" className="absolute top-1/2 left-3 -translate-y-1/2 text-quiet" />
        <TextField
          type="search"
          value={query}
          aria-label={t('activity.searchLabel')}
          placeholder={t('common.search')}
          onChange={(event) => setQuery(event.target.value)}
          className="pl-9"
        />
      </div>
      <div className="w-40 round:w-[calc(50%-0.25rem)]">
        <Select
          label={t('activity.state')}
          value={filter.state ?? ''}
          choices={[
            { value: '', label: t('activity.anyState') },
            ...STATES.map((state) => ({ value: state, label: t(`tools.states.${state}`) })),
          ]}
          onChange={(value) =>
            void activity
              .getState()
              .setFilter({ state: STATES.find((state) => state === value) })
              .catch(fail)
          }
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
          onChange={(value) =>
            void activity
              .getState()
              .setFilter({ channel: CHANNELS.find((channel) => channel === value) })
              .catch(fail)
          }
        />
      </div>
      <Button icon={<FileJson size="1rem" aria-hidden="true" />} onClick={() => void save()}>
        {t('activity.export')}
      </Button>
    </search>
  );
}
