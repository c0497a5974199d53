import { useTranslation } from 'react-i18next';
import type { ModelView } from '../../../src-preload/contract/index.ts';
import { errorText } from '../../i18n/error-text.ts';
import { formatBytes, formatDuration } from '../../i18n/format.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';

/** How a download is doing, in a bar and in words. Shows nothing when there is none. */
export function DownloadState({ model }: { model: ModelView }) {
  const { t, i18n } = useTranslation();
  const { status } = model;
  const bytes = (count: number): string => formatBytes(i18n.language, count);
  const label = t('models.progressLabel', { name: model.name });
  switch (status.status) {
    case 'queued':
      return <p className="text-small text-quiet">{t('models.queued')}</p>;
    case 'downloading': {
      const left =
        status.secondsLeft === null
          ? t('models.timeUnknown')
          : t('models.timeLeft', { time: formatDuration(i18n.language, status.secondsLeft) });
      const words = t('models.progress', {
        received: bytes(status.receivedBytes),
        total: bytes(status.totalBytes),
        speed: bytes(status.bytesPerSecond),
        left,
      });
      return (
        <div className="flex flex-col gap-1.5">
          <ProgressBar label={label} share={shareOf(status)} valueText={words} />
          <p className="text-small text-quiet tabular-nums">{words}</p>
        </div>
      );
    }
    case 'paused':
      return (
        <div className="flex flex-col gap-1.5">
          <ProgressBar label={label} share={shareOf(status)} />
          <p className="text-small text-quiet tabular-nums">
            {t('models.paused', { received: bytes(status.receivedBytes), total: bytes(status.totalBytes) })}
          </p>
        </div>
      );
    case 'verifying':
      return (
        <div className="flex flex-col gap-1.5">
          <ProgressBar label={label} share={undefined} />
          <p className="text-small text-quiet">{t('models.verifying')}</p>
        </div>
      );
    case 'failed':
      return (
        <p className="text-small text-danger-text">
          {t('models.failedTitle')}{' '}
          {errorText(i18n, {
            code: status.code,
            message: status.message,
            details: { what: model.name, name: model.name, ...status.details },
          })}
        </p>
      );
    case 'absent':
    case 'installed':
      return null;
  }
}

function shareOf({ receivedBytes, totalBytes }: { receivedBytes: number; totalBytes: number }): number {
  return totalBytes > 0 ? receivedBytes / totalBytes : 0;
}
