import { Hand } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActivity, useServices } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { ActivityList } from './activity-list.tsx';
import { ChainLine } from './chain-line.tsx';
import { RecordList } from './record-list.tsx';
import { RememberedList } from './remembered-list.tsx';

const PARTS = ['calls', 'remembered', 'records'] as const;
type Part = (typeof PARTS)[number];

/** What has it done in my name, and who allowed it? */
export function ActivityScreen() {
  const { activity, view } = useServices();
  const [part, setPart] = useState<Part>('calls');
  // State rather than a ref: the list has to hear of its scroller.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  useEffect(() => {
    const { load, verify } = activity.getState();
    load().catch(view.getState().fail);
    verify().catch(view.getState().fail);
  }, [activity, view]);

  return (
    <div ref={setScroller} className="h-full overflow-y-auto px-8 py-8 round:px-4 round:py-5">
      <div className="mx-auto flex max-w-[56rem] flex-col gap-4">
        <Head part={part} onPart={setPart} />
        {part === 'calls' && scroller && <ActivityList scroller={scroller} />}
        {part === 'remembered' && <RememberedList />}
        {part === 'records' && <RecordList />}
      </div>
    </div>
  );
}

function Head({ part, onPart }: { part: Part; onPart: (part: Part) => void }) {
  const { t } = useTranslation();
  const { view } = useServices();
  const isEmpty = useActivity(({ calls, filter }) => calls?.length === 0 && filter.query === '' && filter.state === undefined);
  return (
    <>
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-[min(14rem,100%)] flex-1">
          <h1 className="text-title font-semibold">{t('activity.title')}</h1>
          <p className="mt-1 text-quiet">{t('activity.question')}</p>
        </div>
        <Button icon={<Hand size="1rem" aria-hidden="true" />} onClick={() => view.getState().show('hands')}>
          {t('activity.toHands')}
        </Button>
      </header>
      <ChainLine />
      <div>
        <Segments
          label={t('activity.title')}
          value={part}
          choices={PARTS.map((value) => ({ value, label: t(`activity.parts.${value}`) }))}
          onChange={onPart}
        />
      </div>
      {part === 'calls' && !isEmpty && <ActivityFilters />}
    </>
  );
}
