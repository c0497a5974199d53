import { useTranslation } from 'react-i18next';
import type { Hardware, MemoryPlan, ModelView } from '../../../src-preload/contract/index.ts';
import { formatBytes } from '../../i18n/format.ts';
import { classNames } from '../../ui/class-names.ts';
import { memoryShares } from './memory-shares.ts';

const FILLS = ['bg-accent', 'bg-listening', 'bg-needs-you', 'bg-pale', 'bg-edge'] as const;

/** Who uses how much of the memory that models share, and what is left: a bar, and the same in words. */
export function MemoryPicture({ plan, hardware, models }: { plan: MemoryPlan; hardware: Hardware; models: readonly ModelView[] }) {
  const { t, i18n } = useTranslation();
  const bytes = (count: number): string => formatBytes(i18n.language, count);
  const shares = memoryShares(plan, models);
  const gpu = hardware.gpus.find((candidate) => candidate.memoryBytes !== null);
  return (
    <section aria-label={t('models.memoryTitle')}>
      <header className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-large font-semibold">{t(plan.device === 'gpu' ? 'models.memoryOfGpu' : 'models.memoryOfCpu')}</h2>
        <span className="text-small text-quiet">
          {t('models.memoryUsed', { used: bytes(plan.usedBytes), total: bytes(plan.totalBytes) })}
        </span>
      </header>
      <div aria-hidden="true" className="flex h-5 overflow-hidden rounded-small bg-hover">
        {shares.map((share, index) => (
          <span
            key={share.job}
            className={classNames('min-w-1 border-r-2 border-ground', FILLS[index % FILLS.length])}
            style={{ width: `${(share.bytes / plan.totalBytes) * 100}%` }}
          />
        ))}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-small">
        {shares.map((share, index) => (
          <li key={share.job} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={classNames('size-2.5 rounded-full', FILLS[index % FILLS.length])} />
            {t('models.memoryPart', { job: t(`models.jobs.${share.job}`), size: bytes(share.bytes) })}
          </li>
        ))}
        <li className="flex items-center gap-1.5 text-quiet">
          <span aria-hidden="true" className="size-2.5 rounded-full border border-edge bg-hover" />
          {t('models.memoryPart', { job: t('models.memoryFree'), size: bytes(Math.max(0, plan.totalBytes - plan.usedBytes)) })}
        </li>
      </ul>
      <p className="mt-3 text-small text-quiet">
        {t('models.hardware', {
          cpu: hardware.cpuName,
          cores: hardware.cores,
          memory: bytes(hardware.memoryBytes),
          disk: bytes(hardware.freeDiskBytes),
        })}
        {'. '}
        {gpu ? t('models.graphics', { name: gpu.name, memory: bytes(gpu.memoryBytes ?? 0) }) : t('models.noGraphics')}.
      </p>
    </section>
  );
}
