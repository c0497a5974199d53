import { ArrowLeft, BookUser, Download, Phone, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRecord } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { NotThereYet } from './not-there-yet.tsx';
import { Recording } from './recording.tsx';
import { TurnTimes } from './turn-times.tsx';
import { useEntryFacts } from './use-entry-facts.ts';
import { EXPORT_FORMATS, useRecordExport } from './use-record-export.ts';
import { useLoad } from './use-load.ts';
import { usePartyWords } from './use-party-words.ts';
import { PartyPicture } from './party-picture.tsx';

/** One call that is over, with all that was kept of it. */
export function EntryPage({ callId }: { callId: string }) {
  const { t } = useTranslation();
  const { bridge, view } = useServices();
  const [record, setRecord] = useState<CallRecord | null>();
  const load = useCallback(async () => setRecord(await bridge.call('phone.record.get', { callId })), [bridge, callId]);
  const loading = useLoad(load);
  const { again } = loading;
  // The summary is written after the call has ended.
  useEffect(() => bridge.on('phone.logChanged', again), [bridge, again]);
  return (
    <>
      <div>
        <Button
          look="quiet"
          icon={<ArrowLeft size="1rem" aria-hidden="true" />}
          className="-ml-3 px-3"
          onClick={() => view.getState().showCalls({ at: 'log', from: callId })}
        >
          {t('calls.title')}
        </Button>
      </div>
      {record === undefined && <NotThereYet {...loading} />}
      {record === null && <p className="text-quiet">{t('calls.entry.gone')}</p>}
      {record && <Entry record={record} />}
    </>
  );
}

function Entry({ record }: { record: CallRecord }) {
  const { t } = useTranslation();
  const { summary, tasks, latenciesMs } = record;
  return (
    <article className="flex flex-col gap-8">
      <Head record={record} />
      {summary !== '' && (
        <Part title={t('calls.entry.summary')}>
          <p className="max-w-[72ch] whitespace-pre-line [overflow-wrap:anywhere]">{summary}</p>
        </Part>
      )}
      {tasks.length > 0 && (
        <Part title={t('calls.entry.tasks')}>
          <ul className="list-disc pl-5">
            {tasks.map((task) => (
              <li key={task} className="[overflow-wrap:anywhere]">
                {task}
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title={t('calls.entry.transcript')}>
        <Recording record={record} />
      </Part>
      {latenciesMs.length > 0 && (
        <Part title={t('calls.entry.latencies')}>
          <TurnTimes latenciesMs={latenciesMs} />
        </Part>
      )}
    </article>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h2 className="text-large font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Head({ record }: { record: CallRecord }) {
  const { t, i18n } = useTranslation();
  const { view } = useServices();
  const { call } = record;
  const words = usePartyWords()(call.party);
  const facts = useEntryFacts()(record);
  const { number } = call.party;
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <PartyPicture party={call.party} size="large" />
      <div className="min-w-[min(14rem,calc(100%-5rem))] flex-1">
        <h1 className="text-title font-semibold [overflow-wrap:anywhere]">
          <bdi>{words.title}</bdi>
        </h1>
        <p className="text-quiet tabular-nums">
          {[words.number, formatDateTime(i18n.language, call.startedAtMs)].filter(Boolean).join(' · ')}
        </p>
        <p className="text-small text-quiet">{facts}</p>
        {call.purpose !== '' && (
          <p className="mt-1 text-small text-quiet [overflow-wrap:anywhere]">
            {t('calls.bar.purpose')} <span className="text-text">{call.purpose}</span>
          </p>
        )}
      </div>
      <div className="flex flex-none items-center gap-1">
        {number !== '' && (
          <Button icon={<Phone size="1rem" aria-hidden="true" />} onClick={() => view.getState().showCalls({ at: 'dial', number })}>
            {t('calls.entry.callBack')}
          </Button>
        )}
        {number !== '' && call.party.contactId === null && (
          <IconButton label={t('calls.entry.addContact')} onClick={() => view.getState().showCalls({ at: 'contacts', number })}>
            <BookUser size="1.125rem" aria-hidden="true" />
          </IconButton>
        )}
        <RecordMenu callId={call.id} name={words.title} />
      </div>
    </header>
  );
}

function RecordMenu({ callId, name }: { callId: string; name: string }) {
  const { t } = useTranslation();
  const { callLog, view } = useServices();
  const { save, isBusy, isSaving } = useRecordExport();
  const remove = (): void => {
    callLog.getState().remove(callId);
    view.getState().showCalls({ at: 'log', from: callId });
    view.getState().toast({
      kind: 'undo',
      content: { key: 'callDeleted', values: { name } },
      undo: () => callLog.getState().keep(callId),
    });
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t(isSaving ? 'calls.export.busy' : 'calls.export.title')} aria-busy={isSaving}>
            <Download size="1.125rem" aria-hidden="true" />
          </IconButton>
        }
        items={EXPORT_FORMATS.map((format) => ({
          label: t(`calls.export.${format}`),
          disabled: isBusy,
          onSelect: () => save(format, [callId]),
        }))}
      />
      <IconButton label={t('calls.entry.delete')} className="hover:text-danger-text!" onClick={remove}>
        <Trash2 size="1.125rem" aria-hidden="true" />
      </IconButton>
    </>
  );
}
