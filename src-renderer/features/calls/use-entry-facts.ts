import { useTranslation } from 'react-i18next';
import type { CallLogEntry } from '../../../src-preload/contract/index.ts';
import { isMissed } from '../../stores/missed-calls-store.ts';
import { callClock } from './call-clock.ts';
import { useWayName } from './use-way-name.ts';

/** "Incoming · sipgate · answered by the assistant · 2:31 · the other end hung up" */
export function useEntryFacts(): (entry: Pick<CallLogEntry, 'call' | 'answeredBy' | 'durationMs' | 'sentiment'>) => string {
  const { t } = useTranslation();
  const wayName = useWayName();
  return (entry) => {
    const { call, answeredBy, durationMs, sentiment } = entry;
    return [
      t(isMissed(entry) ? 'calls.log.missed' : `calls.log.directions.${call.direction}`),
      wayName(call.way),
      answeredBy === null ? '' : t(`calls.answeredBy.${answeredBy}`),
      answeredBy === null ? '' : callClock(durationMs),
      call.state.state === 'ended' ? t(`calls.ends.${call.state.reason}`) : '',
      sentiment === null ? '' : t(`calls.moods.${moodOf(sentiment)}`),
    ]
      .filter(Boolean)
      .join(' · ');
  };
}

/** -1 … 1 as people would say it. */
function moodOf(sentiment: number): 'good' | 'neutral' | 'bad' {
  if (sentiment > 0.25) return 'good';
  return sentiment < -0.25 ? 'bad' : 'neutral';
}
