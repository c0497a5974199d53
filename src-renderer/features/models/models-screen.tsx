import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelJob, ModelView } from '../../../src-preload/contract/index.ts';
import { useModels, useServices } from '../../app/services.ts';
import { formatBytes } from '../../i18n/format.ts';
import { Button } from '../../ui/button.tsx';
import { BackendCard } from './backend-card.tsx';
import { ImportCard } from './import-card.tsx';
import { MemoryPicture } from './memory-picture.tsx';
import { ModelRow } from './model-row.tsx';

/** Jobs that people choose a model for; the rest are helpers, shown together at the end. */
const MAIN_JOBS = ['language', 'recognition', 'synthesis'] as const satisfies readonly ModelJob[];

/** What runs, what would be better, what does it cost in memory? */
export function ModelsScreen() {
  const { t } = useTranslation();
  const { models, view } = useServices();
  const list = useModels((state) => state.view);
  const [failed, setFailed] = useState(false);
  const load = (): void => {
    models
      .getState()
      .load()
      .then(
        () => setFailed(false),
        (error: unknown) => {
          setFailed(true);
          view.getState().fail(error);
        },
      );
  };
  // The list is read again with each visit: free memory and disk change on their own.
  useEffect(load, [models, view]);

  return (
    <div className="h-full overflow-y-auto px-8 py-8 round:px-4 round:py-5">
      <div className="mx-auto flex max-w-[56rem] flex-col gap-10">
        <header>
          <h1 className="text-title font-semibold">{t('models.title')}</h1>
          <p className="mt-1 text-quiet">{t('models.question')}</p>
        </header>
        {!list && failed && (
          <div className="flex flex-col items-start gap-3">
            <p>{t('models.loadFailed')}</p>
            <Button onClick={load}>{t('common.retry')}</Button>
          </div>
        )}
        {!list && !failed && <p className="text-quiet">{t('common.loading')}</p>}
        {list && (
          <>
            <MemoryPicture plan={list.plan} hardware={list.hardware} models={list.models} />
            <BackendCard backend={list.backend} models={list.models} />
            {MAIN_JOBS.map((job) => (
              <JobSection
                key={job}
                title={t(`models.jobs.${job}`)}
                hint={t(`models.jobHints.${job}`)}
                models={list.models.filter((model) => model.job === job)}
                recommended={list.plan.recommendedPack}
              />
            ))}
            <JobSection
              title={t('models.others')}
              models={list.models.filter((model) => !MAIN_JOBS.some((job) => job === model.job))}
              recommended={list.plan.recommendedPack}
            />
            <ImportCard />
            <p className="text-small [overflow-wrap:anywhere] text-quiet">{t('models.folder', { folder: list.modelsDirectory })}</p>
          </>
        )}
      </div>
    </div>
  );
}

interface JobSectionProps {
  title: string;
  hint?: string;
  models: readonly ModelView[];
  /** Ids that the memory plan proposes for this machine. */
  recommended: readonly string[];
}

function JobSection({ title, hint, models, recommended }: JobSectionProps) {
  const { t, i18n } = useTranslation();
  if (models.length === 0) return null;
  const usedBytes = models.reduce((sum, model) => sum + (model.status.status === 'installed' ? model.status.sizeBytes : 0), 0);
  return (
    <section aria-label={title}>
      <header className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-large font-semibold">{title}</h2>
        {usedBytes > 0 && (
          <span className="text-small text-quiet">{t('models.sizeOnDisk', { size: formatBytes(i18n.language, usedBytes) })}</span>
        )}
        {hint !== undefined && <p className="w-full text-small text-quiet">{hint}</p>}
      </header>
      <ul className="divide-y divide-line border-y border-line">
        {models.toSorted(byUse).map((model) => (
          <ModelRow key={model.id} model={model} isRecommended={recommended.includes(model.id)} />
        ))}
      </ul>
    </section>
  );
}

/** What is in use first, then what is here, then what fits best. */
function byUse(a: ModelView, b: ModelView): number {
  return rank(a) - rank(b) || a.sizeBytes - b.sizeBytes;
}

function rank({ status, fit }: ModelView): number {
  if (status.status === 'installed') return status.inUse ? 0 : 1;
  if (status.status !== 'absent') return 2;
  return { fits: 3, slow: 4, 'does-not-fit': 5 }[fit];
}
