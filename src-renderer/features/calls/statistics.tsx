import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhoneStatistics } from '../../../src-preload/contract/index.ts';
import { useCallLog, useServices } from '../../app/services.ts';
import { formatNumber, formatSeconds } from '../../i18n/format.ts';
import { Segments } from '../../ui/segments.tsx';
import { callClock } from './call-clock.ts';
import { AnsweredChart, DaysChart, MoodChart } from './statistics-charts.tsx';
import { chartDay, weeksOf } from './chart-days.ts';
import { NotThereYet } from './not-there-yet.tsx';
import { useLoad } from './use-load.ts';

const SPANS = ['7', '30', '90', '365'] as const;
/** From so many days on a bar is a week. */
const WEEKS_FROM_DAYS = 60;

/** How many, answered by whom, how long, how quick, in which mood. Each picture has its table for those who do not see it. */
export function Statistics() {
  const { t } = useTranslation();
  const { callLog } = useServices();
  const statistics = useCallLog((state) => state.statistics);
  const [span, setSpan] = useState<(typeof SPANS)[number]>('30');
  const load = useCallback(() => callLog.getState().loadStatistics(Number(span)), [callLog, span]);
  const loading = useLoad(load);
  return (
    <div className="flex flex-col gap-8">
      <div>
        <Segments
          label={t('calls.statistics.span')}
          value={span}
          choices={SPANS.map((value) => ({ value, label: t(`calls.statistics.spans.${value}`) }))}
          onChange={setSpan}
        />
      </div>
      {statistics ? <Figures statistics={statistics} /> : <NotThereYet {...loading} />}
    </div>
  );
}

function Figures({ statistics }: { statistics: PhoneStatistics }) {
  const { t, i18n } = useTranslation();
  const { days, answeredBy, durations, responses, sentiment } = statistics;
  const total = days.reduce((sum, day) => sum + day.incoming + day.outgoing, 0);
  const missed = days.reduce((sum, day) => sum + day.missed, 0);
  const seconds = (milliseconds: number | null): string =>
    milliseconds === null ? t('calls.statistics.none') : t('calls.seconds', { seconds: formatSeconds(i18n.language, milliseconds) });
  const count = (value: number): string => formatNumber(i18n.language, value, 0);
  if (total === 0) return <p className="text-quiet">{t('calls.statistics.empty')}</p>;
  const isLong = days.length >= WEEKS_FROM_DAYS;
  const bars = isLong ? weeksOf(days) : days;
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 not-round:grid-cols-4">
        <Figure name={t('calls.statistics.total')} value={count(total)} />
        <Figure name={t('calls.statistics.missed')} value={count(missed)} />
        <Figure
          name={t('calls.statistics.median')}
          value={callClock(durations.medianMs)}
          more={t('calls.statistics.p95', { value: callClock(durations.p95Ms) })}
        />
        <Figure
          name={t('calls.statistics.response')}
          value={seconds(responses.p50Ms)}
          more={responses.count === 0 ? '' : t('calls.statistics.p95', { value: seconds(responses.p95Ms) })}
        />
      </dl>
      <Picture
        title={t(isLong ? 'calls.statistics.perWeek' : 'calls.statistics.perDay')}
        picture={<DaysChart days={bars} />}
        head={['day', 'incoming', 'outgoing', 'missed'].map((key) => t(`calls.statistics.columns.${key as 'day'}`))}
        rows={bars
          .filter((day) => day.incoming + day.outgoing + day.missed > 0)
          .map((day) => [chartDay(i18n.language, day.day), count(day.incoming), count(day.outgoing), count(day.missed)])}
      />
      <div className="grid gap-8 not-round:grid-cols-2">
        <Picture
          title={t('calls.statistics.answeredBy')}
          picture={<AnsweredChart answeredBy={answeredBy} />}
          head={[t('calls.log.by'), t('calls.statistics.columns.calls')]}
          rows={(['owner', 'mobile', 'assistant', 'message', 'nobody'] as const).map((by) => [
            t(`calls.answeredBy.${by}`),
            count(answeredBy[by]),
          ])}
        />
        <Picture
          title={t('calls.statistics.mood')}
          picture={<MoodChart sentiment={sentiment} />}
          head={[t('calls.statistics.mood'), t('calls.statistics.columns.calls')]}
          rows={(['good', 'neutral', 'bad'] as const).map((mood) => [t(`calls.moods.${mood}`), count(sentiment[mood])])}
        />
      </div>
    </>
  );
}

function Figure({ name, value, more = '' }: { name: string; value: string; more?: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-small text-quiet">{name}</dt>
      <dd className="text-title font-semibold tabular-nums">{value}</dd>
      {more !== '' && <dd className="text-small text-quiet tabular-nums">{more}</dd>}
    </div>
  );
}

interface PictureProps {
  title: string;
  picture: ReactNode;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

function Picture({ title, picture, head, rows }: PictureProps) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-3">
      <h2 className="text-large font-semibold">{title}</h2>
      <div aria-hidden="true">{picture}</div>
      <div className="sr-only">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, index) => (
                  <td key={head[index + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
