import { useTranslation } from 'react-i18next';
import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { PhoneStatistics } from '../../../src-preload/contract/index.ts';
import { useSetting } from '../../app/services.ts';
import { chartDay, type ChartDay } from './chart-days.ts';

/* Pictures of numbers. Hidden from screen readers, which get tables; so they take no focus either. Nothing moves: a chart is read, not watched. */

const TICK = { fill: 'var(--quiet)', fontSize: 12 };
const TIP = { background: 'var(--raised)', border: '1px solid var(--line)', borderRadius: 6, color: 'var(--text)' };
const CURSOR = { fill: 'var(--hover)' };
const CHART_PX = 240;
const ROWS_PX = 40;

/** Recharts would paint the words in the colours of the bars, which are too faint for text. */
function legendText(name: string | undefined) {
  return <span className="text-quiet">{name}</span>;
}

export function DaysChart({ days }: { days: readonly ChartDay[] }) {
  const { t, i18n } = useTranslation();
  const shown = days.map((day) => ({ ...day, name: chartDay(i18n.language, day.day), answered: day.incoming - day.missed }));
  const bar = { stackId: 'calls', isAnimationActive: false, maxBarSize: 28 };
  return (
    <ResponsiveContainer width="100%" height={CHART_PX}>
      <BarChart data={shown} accessibilityLayer={false} margin={{ top: 4, right: 4, bottom: 0, left: -24 }}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="name" tick={TICK} tickLine={false} axisLine={{ stroke: 'var(--line)' }} minTickGap={24} />
        <YAxis allowDecimals={false} tick={TICK} tickLine={false} axisLine={false} />
        <Tooltip contentStyle={TIP} cursor={CURSOR} isAnimationActive={false} />
        <Legend iconType="circle" iconSize={8} wrapperStyle={{ fontSize: 13 }} formatter={legendText} />
        <Bar {...bar} dataKey="answered" name={t('calls.statistics.columns.answered')} fill="var(--listening)" />
        <Bar {...bar} dataKey="missed" name={t('calls.statistics.columns.missed')} fill="var(--needs-you)" />
        <Bar {...bar} dataKey="outgoing" name={t('calls.statistics.columns.outgoing')} fill="var(--edge)" />
      </BarChart>
    </ResponsiveContainer>
  );
}

export function AnsweredChart({ answeredBy }: { answeredBy: PhoneStatistics['answeredBy'] }) {
  const { t } = useTranslation();
  return (
    <RowsChart
      rows={(['owner', 'mobile', 'assistant', 'message', 'nobody'] as const).map((by) => ({
        name: t(`calls.answeredBy.${by}`),
        count: answeredBy[by],
      }))}
    />
  );
}

export function MoodChart({ sentiment }: { sentiment: PhoneStatistics['sentiment'] }) {
  const { t } = useTranslation();
  return (
    <RowsChart rows={(['good', 'neutral', 'bad'] as const).map((mood) => ({ name: t(`calls.moods.${mood}`), count: sentiment[mood] }))} />
  );
}

function RowsChart({ rows }: { rows: readonly { name: string; count: number }[] }) {
  const { t } = useTranslation();
  const scale = useSetting('appearance.textSize', 100) / 100;
  return (
    <ResponsiveContainer width="100%" height={rows.length * ROWS_PX}>
      <BarChart data={[...rows]} layout="vertical" accessibilityLayer={false} margin={{ top: 0, right: 32, bottom: 0, left: 0 }}>
        <XAxis type="number" hide allowDecimals={false} />
        <YAxis type="category" dataKey="name" width={128 * Math.min(scale, 1.5)} tick={TICK} tickLine={false} axisLine={false} />
        <Bar
          dataKey="count"
          name={t('calls.statistics.columns.calls')}
          fill="var(--listening)"
          isAnimationActive={false}
          maxBarSize={16}
          radius={3}
          label={{ position: 'right', fill: 'var(--text)', fontSize: 12 }}
        />
      </BarChart>
    </ResponsiveContainer>
  );
}
