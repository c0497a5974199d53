import { useTranslation } from 'react-i18next';
import { formatSeconds } from '../../i18n/format.ts';

/** Caller's last word → first sound of the answer, turn by turn. Longer bars are longer waits; nothing is said by the bar alone. */
export function TurnTimes({ latenciesMs }: { latenciesMs: readonly number[] }) {
  const { t, i18n } = useTranslation();
  const longest = Math.max(...latenciesMs, 1);
  return (
    <>
      <p className="text-small text-quiet">{t('calls.entry.latenciesHint')}</p>
      <ol className="flex max-w-xl flex-col gap-1.5">
        {latenciesMs.map((latencyMs, index) => (
          // Turns have no other name than their place.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="grid grid-cols-[4.5rem_1fr_4rem] items-center gap-3 text-small">
            <span className="text-quiet">{t('calls.entry.turn', { number: index + 1 })}</span>
            <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-edge/30">
              <span className="block h-full rounded-full bg-listening" style={{ width: `${(latencyMs / longest) * 100}%` }} />
            </span>
            <span className="text-right tabular-nums">{t('calls.seconds', { seconds: formatSeconds(i18n.language, latencyMs) })}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
