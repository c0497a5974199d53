import { describe, expect, it } from 'vitest';
import { createTimers, type Timers } from '../../../../src-main/modules/tools/timers.ts';
import { inWords, spokenDuration, spokenNumber } from '../../../../src-main/modules/tools/intents/spoken-time.ts';
import { createMemoryToolRecords } from '../../../doubles/memory-tool-records.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function rig(records = createMemoryToolRecords(), clock = createVirtualClock()) {
  const told: string[] = [];
  const make = (): Timers => {
    const timers = createTimers({ records, clock, announce: (text) => void told.push(text), log: createRecordingLog() });
    timers.begin();
    return timers;
  };
  return { records, clock, told, make };
}

describe('createTimers', () => {
  it('tells timers and reminders when they are due, in their language', async () => {
    const { make, clock, told } = rig();
    const timers = make();
    timers.add({ kind: 'timer', text: '', language: 'en', afterMs: 10 * MINUTE_MS });
    timers.add({ kind: 'reminder', text: 'Brot kaufen', language: 'de', afterMs: 5 * MINUTE_MS });
    await clock.advance(5 * MINUTE_MS);
    expect(told).toEqual(['Erinnerung: Brot kaufen.']);
    await clock.advance(5 * MINUTE_MS);
    expect(told[1]).toBe('Your timer of 10 minutes is up.');
    expect([timers.list(), clock.pendingTimers()]).toEqual([[], 0]);
  });

  it('survives a restart, and tells at the start what fell due meanwhile', async () => {
    const { make, clock, told } = rig();
    const first = make();
    first.add({ kind: 'reminder', text: 'call mum', language: 'en', afterMs: 30 * MINUTE_MS });
    first.add({ kind: 'timer', text: 'tea', language: 'en', afterMs: 3 * 60 * MINUTE_MS });
    await first.dispose();
    await clock.advance(60 * MINUTE_MS);
    expect(told).toEqual([]);
    make();
    expect(told).toEqual(['Reminder: call mum. That was 30 minutes ago.']);
    await clock.advance(2 * 60 * MINUTE_MS);
    expect(told[1]).toBe('Your timer "tea" is up.');
  });

  it('waits for months, and cancels by words', async () => {
    const { make, clock, told } = rig();
    const timers = make();
    timers.add({ kind: 'reminder', text: 'car check', language: 'en', afterMs: 40 * DAY_MS });
    timers.add({ kind: 'reminder', text: 'dentist', language: 'en', afterMs: 40 * DAY_MS });
    expect(timers.cancel({ text: 'Dentist' }).text).toBe('dentist');
    expect(() => timers.cancel({ text: 'nobody' })).toThrow(expect.objectContaining({ code: 'tools.no-timer' }));
    await clock.advance(41 * DAY_MS);
    expect(told).toEqual(['Reminder: car check.']);
    expect(() => timers.add({ kind: 'timer', text: '', language: 'en', afterMs: 400 * DAY_MS })).toThrow(
      expect.objectContaining({ code: 'tools.bad-time' }),
    );
  });

  it('does not wait longer because the calendar was set back', async () => {
    const clock = createVirtualClock();
    let backMs = 0;
    const skewed = { ...clock, wallMs: () => clock.wallMs() - backMs };
    const told: string[] = [];
    const timers = createTimers({
      records: createMemoryToolRecords(),
      clock: skewed,
      announce: (text) => void told.push(text),
      log: createRecordingLog(),
    });
    timers.add({ kind: 'timer', text: 'egg', language: 'en', afterMs: 5 * MINUTE_MS });
    backMs = DAY_MS;
    await clock.advance(5 * MINUTE_MS);
    expect(told).toEqual(['Your timer "egg" is up.']);
  });
});

describe('spoken time', () => {
  it.each([
    ['ten minutes', 600],
    ['1 h 20 min', 4800],
    ['an hour and a half', 5400],
    ['2 hours and 5 minutes', 7500],
    ['half an hour', 1800],
    ['anderthalb Stunden', 5400],
    ['eine Viertelstunde', 900],
    ['einer Dreiviertelstunde', 2700],
    ['fünfundvierzig Sekunden', 45],
    ['zwei Tagen', 172_800],
    ['90s', 90],
  ])('%s', (words, seconds) => {
    expect(spokenDuration(words)).toBe(seconds * 1_000);
  });

  it('is not found in other words', () => {
    for (const words of ['ten people', 'a while', 'some minutes', 'the table', ''])
      expect([words, spokenDuration(words)]).toEqual([words, undefined]);
    expect(['twenty five', 'fünfundzwanzig', 'hundred', 'zwölf', 'zero', 'pizza'].map(spokenNumber)).toEqual([
      25,
      25,
      100,
      12,
      0,
      undefined,
    ]);
  });

  it('is said as people say it', () => {
    expect(inWords(5_400_000, 'en')).toBe('one hour and 30 minutes');
    expect(inWords(90_061_000, 'de', 'dative')).toBe('einem Tag und einer Stunde');
    expect(inWords(1_000, 'de')).toBe('eine Sekunde');
    expect(inWords(0, 'de', 'dative')).toBe('einem Moment');
  });

  it('stays tainted when it was set in a tainted turn: its words come back as text from outside', async () => {
    const clock = createVirtualClock();
    const told: object[] = [];
    const timers = createTimers({
      records: createMemoryToolRecords(),
      clock,
      announce: (text, _language, { tainted }) => void told.push({ text, tainted }),
      log: createRecordingLog(),
    });
    timers.add({ kind: 'reminder', text: 'open https://evil.example', language: 'en', tainted: true, afterMs: 1_000 });
    timers.add({ kind: 'reminder', text: 'tea', language: 'en', afterMs: 2_000 });
    await clock.advance(3_000);
    expect(told).toEqual([
      { text: 'Reminder: open https://evil.example.', tainted: true },
      { text: 'Reminder: tea.', tainted: false },
    ]);
    timers.dispose();
  });
});
