import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallLog, usePhone, useServices, useView } from '../../app/services.ts';
import type { CallsPlace } from '../../stores/view-store.ts';
import { Button } from '../../ui/button.tsx';
import type { ListPlace } from '../../ui/page-list.tsx';
import { Segments } from '../../ui/segments.tsx';
import { CallLog } from './call-log.tsx';
import { DialPad } from './dial-pad.tsx';
import { EntryPage } from './entry-page.tsx';
import { PhoneBook } from './phone-book.tsx';
import { QuietSwitch } from './quiet-switch.tsx';

/** The charts bring a large library along, and are seldom wanted. */
const Statistics = lazy(async () => ({ default: (await import('./statistics.tsx')).Statistics }));

const PARTS = ['log', 'dial', 'contacts', 'statistics'] as const;

/** Who called, what did they want, is anything left to do? */
export function CallsScreen() {
  const { phone, view } = useServices();
  const place = useView((state) => state.callsPlace);
  // State rather than a ref: the log has to hear of its scroller.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [opened, setOpened] = useState<ListPlace>();
  useEffect(() => {
    phone.getState().loadStatus().catch(view.getState().fail);
  }, [phone, view]);
  return (
    <div key={place.at} ref={setScroller} className="h-full overflow-y-auto px-8 py-8 round:px-4 round:py-5">
      <div className="mx-auto flex max-w-[56rem] flex-col gap-5">
        {place.at === 'entry' ? (
          <EntryPage key={place.callId} callId={place.callId} />
        ) : (
          <Parts place={place} scroller={scroller} opened={opened} onOpened={setOpened} />
        )}
      </div>
    </div>
  );
}

interface PartsProps {
  place: Exclude<CallsPlace, { at: 'entry' }>;
  scroller: HTMLElement | null;
  /** Where in the log the entry stands that was opened last. */
  opened: ListPlace | undefined;
  onOpened: (place: ListPlace) => void;
}

function Parts({ place, scroller, opened, onOpened }: PartsProps) {
  const { t } = useTranslation();
  const { view } = useServices();
  return (
    <>
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-[min(14rem,100%)] flex-1">
          <h1 className="text-title font-semibold">{t('calls.title')}</h1>
          <p className="mt-1 text-quiet">{t('calls.question')}</p>
        </div>
        <QuietSwitch />
      </header>
      <NotSetUp />
      <div>
        <Segments
          label={t('calls.title')}
          value={place.at}
          choices={PARTS.map((value) => ({ value, label: t(`calls.parts.${value}`) }))}
          onChange={(at) => view.getState().showCalls({ at })}
        />
      </div>
      {place.at === 'log' && scroller && (
        <CallLog
          scroller={scroller}
          startAt={place.from !== undefined && place.from === opened?.rowId ? opened : undefined}
          onOpened={onOpened}
        />
      )}
      {place.at === 'dial' && <DialPad key={place.number} number={place.number ?? ''} />}
      {place.at === 'contacts' && <PhoneBook key={place.number} number={place.number} />}
      {place.at === 'statistics' && (
        <Suspense fallback={<p className="text-quiet">{t('common.loading')}</p>}>
          <Statistics />
        </Suspense>
      )}
    </>
  );
}

/** Without an exchange there are no calls: one sentence, and the way to one. */
function NotSetUp() {
  const { t } = useTranslation();
  const { view } = useServices();
  const state = usePhone(({ status }) => status?.state);
  const hasLog = useCallLog(({ entries }) => entries !== undefined && entries.length > 0);
  if (state === 'setting-up' || state === 'starting') return <p className="text-quiet">{t(`phone.states.${state}`)}</p>;
  if (state !== 'off' && state !== 'broken') return null;
  return (
    <section aria-label={t('calls.notSetUp.label')} className="flex flex-wrap items-center gap-3 rounded-base border border-line px-4 py-3">
      <p className="min-w-[min(14rem,100%)] flex-1">
        {t(state === 'broken' ? 'calls.notSetUp.broken' : hasLog ? 'calls.notSetUp.off' : 'calls.notSetUp.first')}
      </p>
      <Button look={hasLog ? 'plain' : 'main'} onClick={() => view.getState().show('settings', 'phone')}>
        {t('calls.notSetUp.action')}
      </Button>
    </section>
  );
}
