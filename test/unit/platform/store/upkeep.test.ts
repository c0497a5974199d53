import { describe, expect, it } from 'vitest';
import { createUpkeep } from '../../../../src-main/platform/store/upkeep.ts';
import { BENCH_START_MS, createHistoryBench, tellStore } from '../../../doubles/history-bench.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function setUp() {
  const clock = createVirtualClock(BENCH_START_MS);
  const log = createRecordingLog();
  const done: string[] = [];
  const options = { due: true, fail: false };
  const upkeep = createUpkeep({
    messages: () => ({
      purgeSome: () => (done.push('bin'), 0),
      binUntouched: () => (done.push('retention'), 0),
    }),
    backups: {
      isDue: () => options.due,
      make: async () => {
        done.push('backup');
        if (options.fail) throw new Error('disk full');
        return { fileName: '', createdAtMs: 0, sizeBytes: 0 };
      },
    },
    historyDays: () => 30,
    clock,
    log,
  });
  return { clock, log, done, options, upkeep };
}

describe('the upkeep of the history', () => {
  it('backs up once a day, empties the bin after 30 days, and moves what is too old into it', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open({ historyDays: () => 10 });
    const long = tellStore(
      store,
      Array.from({ length: 120 }, (_value, index) => `old ${index}`),
      'In the bin',
    );
    store.deleteConversation(long.conversation.id, BENCH_START_MS);
    tellStore(store, ['nobody came back'], 'Untouched');
    await bench.clock.advance(MINUTE_MS);
    await store.upkeep.run();
    expect([store.backups().length, store.listConversations().map(({ title }) => title)]).toEqual([1, ['Untouched']]);
    await bench.clock.advance(11 * DAY_MS);
    tellStore(store, ['recent'], 'Recent', bench.clock.wallMs());
    await store.upkeep.run();
    expect(store.listConversations().map(({ title }) => title)).toEqual(['Recent']);
    await bench.clock.advance(20 * DAY_MS);
    await store.upkeep.run();
    await store.dispose();
    const left = bench.raw((database) => database.prepare('SELECT count(*) FROM messages').pluck().get());
    // Those that went to the bin on the eleventh day can still be restored.
    expect(left).toBe(2);
    expect(bench.log.messages('error')).toEqual([]);
  });
});

describe('createUpkeep', () => {
  it('runs a minute after the start and then every hour, and leaves no timer when it ends', async () => {
    const { clock, done, upkeep } = setUp();
    await clock.advance(MINUTE_MS - 1);
    expect(done).toEqual([]);
    await clock.advance(1);
    expect(done).toEqual(['backup', 'bin', 'retention']);
    await clock.advance(3 * HOUR_MS);
    expect(done.length).toBe(12);
    await upkeep.dispose();
    await clock.advance(DAY_MS);
    expect([done.length, clock.pendingTimers()]).toEqual([12, 0]);
  });

  it('goes on with the other parts when one fails, logs it and tries again the next time', async () => {
    const { clock, log, done, options, upkeep } = setUp();
    options.fail = true;
    await clock.advance(MINUTE_MS);
    expect(done).toEqual(['backup', 'bin', 'retention']);
    expect(log.lines.map(({ message, fields }) => [message, fields?.['part']])).toEqual([['Upkeep of the history failed', 'backup']]);
    options.fail = false;
    await upkeep.run();
    expect(done.slice(3)).toEqual(['backup', 'bin', 'retention']);
    await upkeep.dispose();
  });

  it('makes no backup when none is due, and one round at a time', async () => {
    const { done, options, upkeep } = setUp();
    options.due = false;
    await Promise.all([upkeep.run(), upkeep.run()]);
    expect(done).toEqual(['bin', 'retention']);
    await upkeep.dispose();
  });

  it('ends after its present part when the store is closed in the middle of a round', async () => {
    const { done, upkeep } = setUp();
    const round = upkeep.run();
    await upkeep.dispose();
    await round;
    expect(done).toEqual(['backup']);
  });
});
