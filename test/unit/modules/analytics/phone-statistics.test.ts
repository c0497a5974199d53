import { describe, expect, it } from 'vitest';
import type { CallRecord, PhoneCall } from '../../../../src-preload/contract/index.ts';
import { phoneStatistics, statisticsFromMs } from '../../../../src-main/modules/analytics/index.ts';
import { addDays, createDayReader } from '../../../../src-main/modules/analytics/local-days.ts';
import { callRecord, talkingCall } from '../../../doubles/phone-call.ts';

const zone = 'Europe/Berlin';
const at = (text: string): number => Date.parse(text);
const call = (startedAtMs: number, patch: Partial<CallRecord> = {}, more: Partial<PhoneCall> = {}): CallRecord =>
  callRecord(`c${startedAtMs}`, patch, { startedAtMs, ...more });

describe('phoneStatistics', () => {
  it('counts local days, oldest first, none left out, over the change to summer time', () => {
    const nowMs = at('2026-03-30T20:00:00Z');
    const { days } = phoneStatistics(
      [
        call(at('2026-03-27T23:30:00Z')), // 00:30 on the 28th in Berlin
        call(at('2026-03-29T00:30:00Z'), {}, { direction: 'out' }), // half an hour before the clocks change
        call(at('2026-03-29T21:59:00Z')), // 23:59 in summer time
        call(at('2026-03-29T22:00:00Z')), // midnight
        call(at('2026-03-26T12:00:00Z')),
      ],
      { days: 3, nowMs, timeZone: zone },
    );
    expect(days).toEqual([
      { day: '2026-03-28', incoming: 1, outgoing: 0, missed: 0 },
      { day: '2026-03-29', incoming: 1, outgoing: 1, missed: 0 },
      { day: '2026-03-30', incoming: 1, outgoing: 0, missed: 0 },
    ]);
  });

  it('leaves no day out in a year with both changes, and begins early enough for each', () => {
    const nowMs = at('2026-11-01T23:30:00Z');
    const { days } = phoneStatistics([], { days: 366, nowMs, timeZone: zone });
    expect([days.length, new Set(days.map(({ day }) => day)).size, days[0]?.day, days.at(-1)?.day]).toEqual([
      366,
      366,
      '2025-11-02',
      '2026-11-02',
    ]);
    const first = at('2025-11-01T23:00:00Z');
    expect(statisticsFromMs({ days: 366, nowMs })).toBeLessThanOrEqual(first);
    for (const timeZone of ['Pacific/Apia', 'America/New_York', 'Asia/Kathmandu', 'UTC'])
      expect(phoneStatistics([call(nowMs)], { days: 1, nowMs, timeZone }).days[0]).toMatchObject({ incoming: 1 });
  });

  it('tells who answered, and what was missed: not what was refused on purpose or still rings', () => {
    const nowMs = at('2026-03-01T12:00:00Z');
    const reasons = ['not-answered', 'rejected', 'blocked', 'hung-up-there'] as const;
    const unanswered = reasons.map((reason, index) =>
      call(nowMs - index, { answeredBy: null, durationMs: 0 }, { answeredAtMs: null, state: { state: 'ended', reason } }),
    );
    const rings = call(nowMs - 9, { answeredBy: null }, { state: { state: 'ringing', screening: false }, answeredAtMs: null });
    const talks = call(nowMs - 10, { answeredBy: 'owner', durationMs: 0 }, talkingCall('x', { startedAtMs: nowMs - 10 }));
    const out = call(nowMs - 11, { answeredBy: 'assistant' }, { direction: 'out' });
    const result = phoneStatistics([...unanswered, rings, talks, out, call(nowMs - 12)], { days: 1, nowMs, timeZone: zone });
    expect(result.answeredBy).toEqual({ owner: 1, mobile: 0, assistant: 1, message: 0, nobody: 4 });
    expect(result.days[0]).toEqual({ day: '2026-03-01', incoming: 7, outgoing: 1, missed: 2 });
    expect(result.durations).toEqual({ medianMs: 60_000, p95Ms: 60_000, totalMs: 120_000 });
  });

  it('tells middle and tail of lengths and answers, and how callers sounded', () => {
    const nowMs = at('2026-03-01T12:00:00Z');
    const records = Array.from({ length: 100 }, (_value, index) =>
      call(nowMs - index, {
        durationMs: (index + 1) * 1_000,
        latenciesMs: [index + 1],
        sentiment: index < 10 ? -1 : index < 40 ? 0.1 : index < 90 ? 1 : null,
      }),
    );
    const result = phoneStatistics(records, { days: 1, nowMs, timeZone: zone });
    expect(result.durations).toEqual({ medianMs: 50_000, p95Ms: 95_000, totalMs: 5_050_000 });
    expect(result.responses).toEqual({ p50Ms: 50, p95Ms: 95, count: 100 });
    expect(result.sentiment).toEqual({ good: 50, neutral: 30, bad: 10 });
  });

  it('has an answer for no calls at all', () => {
    const result = phoneStatistics([], { days: 1, nowMs: 0, timeZone: 'UTC' });
    expect(result).toEqual({
      days: [{ day: '1970-01-01', incoming: 0, outgoing: 0, missed: 0 }],
      answeredBy: { owner: 0, mobile: 0, assistant: 0, message: 0, nobody: 0 },
      durations: { medianMs: 0, p95Ms: 0, totalMs: 0 },
      responses: { p50Ms: null, p95Ms: null, count: 0 },
      sentiment: { good: 0, neutral: 0, bad: 0 },
    });
  });
});

describe('local days', () => {
  it('are counted on the calendar', () => {
    expect([addDays('2024-02-28', 1), addDays('2024-02-29', 1), addDays('2026-01-01', -1), addDays('2026-03-29', 0)]).toEqual([
      '2024-02-29',
      '2024-03-01',
      '2025-12-31',
      '2026-03-29',
    ]);
    expect(createDayReader('Europe/Berlin')(Date.UTC(2026, 11, 31, 23, 0))).toBe('2027-01-01');
  });
});
