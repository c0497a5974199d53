import { useTranslation } from 'react-i18next';
import { usePhone, useServices } from '../../app/services.ts';
import { formatTime, formatWhen } from '../../i18n/format.ts';
import { Select } from '../../ui/select.tsx';
import { useNow } from '../../ui/use-now.ts';
import { QUIET_CHOICES, quietUntilMs } from './quiet-choices.ts';

/** Whether calls ring at all. */
export function QuietSwitch() {
  const { t, i18n } = useTranslation();
  const { phone, view } = useServices();
  const isThere = usePhone(({ status }) => status !== undefined && status.state !== 'off');
  const untilMs = usePhone(({ status }) => status?.quietUntilMs ?? null);
  const nowMs = useNow(30_000, untilMs !== null);
  if (!isThere) return null;
  const isQuiet = untilMs !== null && untilMs > nowMs;
  const until = isQuiet
    ? untilMs - nowMs > 86_400_000
      ? formatWhen(i18n.language, untilMs, nowMs)
      : formatTime(i18n.language, untilMs)
    : '';
  return (
    <div className="w-60 max-w-full round:w-full">
      <Select
        label={t('calls.quiet.label')}
        value={isQuiet ? 'now' : 'off'}
        choices={[
          ...(isQuiet ? [{ value: 'now', label: t('calls.quiet.until', { time: until }) }] : []),
          { value: 'off', label: t(isQuiet ? 'calls.quiet.end' : 'calls.quiet.off') },
          ...QUIET_CHOICES.map((choice) => ({ value: choice, label: t(`calls.quiet.choices.${choice}`) })),
        ]}
        onChange={(value) => {
          const choice = QUIET_CHOICES.find((candidate) => candidate === value);
          if (value === 'now') return;
          void phone
            .getState()
            .setQuiet(choice ? quietUntilMs(choice, new Date()) : null)
            .catch(view.getState().fail);
        }}
      />
    </div>
  );
}
