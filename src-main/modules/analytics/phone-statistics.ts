import type { CallRecord, PhoneStatistics } from '../../../src-preload/contract/index.ts';
import { addDays, createDayReader } from './local-days.ts';

/** What the statistics look at of a call. */
export type CountedCall = Pick<CallRecord, 'call' | 'answeredBy' | 'durationMs' | 'sentiment' | 'latenciesMs'>;

export interface StatisticsOptions {
  /** Local days, today included. */
  days: number;
  nowMs: number;
  /** IANA name; undefined = that of this computer. */
  timeZone?: string;
}

const DAY_MS = 24 * 3_600_000;
/** Marks of sentiment further from 0 than this are good or bad. */
const NEUTRAL_BELOW = 0.15;

/** Calls that began before then cannot count; days may have 25 hours, and zones lie half a day apart from UTC. */
export function statisticsFromMs({ days, nowMs }: Pick<StatisticsOptions, 'days' | 'nowMs'>): number {
  return nowMs - (days + 1) * DAY_MS;
}

/**
 * Calls by local day, oldest first, none left out; who answered the calls that came in; how long calls that were answered lasted; how fast the
 * assistant's answers came; how callers sounded. Calls outside of the days do not count, calls that still go on count without their length.
 */
export function phoneStatistics(calls: readonly CountedCall[], options: StatisticsOptions): PhoneStatistics {
  const { days, nowMs } = options;
  const dayOf = createDayReader(options.timeZone);
  const today = dayOf(nowMs);
  const perDay = new Map<string, PhoneStatistics['days'][number]>(
    Array.from({ length: days }, (_value, index) => {
      const day = addDays(today, index - days + 1);
      return [day, { day, incoming: 0, outgoing: 0, missed: 0 }];
    }),
  );
  const answeredBy = { owner: 0, mobile: 0, assistant: 0, message: 0, nobody: 0 };
  const sentiment = { good: 0, neutral: 0, bad: 0 };
  const durationsMs: number[] = [];
  const responsesMs: number[] = [];

  for (const counted of calls) {
    const day = perDay.get(dayOf(counted.call.startedAtMs));
    if (day === undefined) continue;
    const isOver = counted.call.state.state === 'ended';
    if (counted.call.direction === 'out') day.outgoing += 1;
    else {
      day.incoming += 1;
      if (isMissed(counted)) day.missed += 1;
      if (isOver || counted.answeredBy !== null) answeredBy[counted.answeredBy ?? 'nobody'] += 1;
    }
    if (isOver && counted.answeredBy !== null) durationsMs.push(counted.durationMs);
    responsesMs.push(...counted.latenciesMs);
    if (counted.sentiment !== null) sentiment[moodOf(counted.sentiment)] += 1;
  }
  const durations = durationsMs.toSorted((left, right) => left - right);
  const responses = responsesMs.toSorted((left, right) => left - right);
  return {
    days: [...perDay.values()],
    answeredBy,
    durations: {
      medianMs: nearestRank(durations, 0.5) ?? 0,
      p95Ms: nearestRank(durations, 0.95) ?? 0,
      totalMs: durations.reduce((sum, ms) => sum + ms, 0),
    },
    responses: { p50Ms: nearestRank(responses, 0.5) ?? null, p95Ms: nearestRank(responses, 0.95) ?? null, count: responses.length },
    sentiment,
  };
}

/** Nobody answered, and nobody wanted it so. */
function isMissed({ call, answeredBy }: CountedCall): boolean {
  return call.state.state === 'ended' && answeredBy === null && call.state.reason !== 'rejected' && call.state.reason !== 'blocked';
}

function moodOf(mark: number): 'good' | 'neutral' | 'bad' {
  if (mark > NEUTRAL_BELOW) return 'good';
  return mark < -NEUTRAL_BELOW ? 'bad' : 'neutral';
}

/** Of ascending numbers; undefined for none. */
function nearestRank(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
