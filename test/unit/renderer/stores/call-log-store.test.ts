import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallInput, CallLogEntry } from '../../../../src-preload/contract/index.ts';
import { createCallLogStore } from '../../../../src-renderer/stores/call-log-store.ts';
import { fakeStatistics, recordsOfYear, RECORDS_OF_CALLS } from '../../../doubles/fake-core-phone-data.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

const entries: CallLogEntry[] = RECORDS_OF_CALLS;

function createPage(answers: Parameters<typeof createScriptedBridge>[0] = {}) {
  const bridge = createScriptedBridge({
    'phone.log': () => entries,
    'phone.record.remove': () => undefined,
    'phone.record.keep': () => undefined,
    ...answers,
  });
  const failures: unknown[] = [];
  return { bridge, failures, log: createCallLogStore(bridge, (error) => failures.push(error)) };
}

const removals = (bridge: { calls: [string, unknown][] }): unknown[] =>
  bridge.calls.filter(([name]) => name === 'phone.record.remove').map(([, input]) => input);

describe('createCallLogStore', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks with what is filtered by, and drops the answer to an older question', async () => {
    const asked: CallInput<'phone.log'>[] = [];
    const answers: ((entries: CallLogEntry[]) => void)[] = [];
    const { log } = createPage({
      'phone.log': (input) => {
        asked.push(input);
        return new Promise((resolve) => answers.push(resolve));
      },
    });
    const first = log.getState().setFilter({ query: ' drawings ' });
    const second = log.getState().setFilter({ direction: 'in', answeredBy: 'nobody' });
    answers[1]?.([]);
    answers[0]?.(entries);
    await Promise.all([first, second]);
    expect(asked).toEqual([
      { limit: 60, query: 'drawings' },
      { limit: 60, query: 'drawings', direction: 'in', answeredBy: 'nobody' },
    ]);
    expect(log.getState().entries).toEqual([]);
  });

  it('goes on below the last one, each call once', async () => {
    const year = recordsOfYear(100);
    const { log } = createPage({
      'phone.log': ({ beforeMs = Infinity, limit }) => year.filter(({ call }) => call.startedAtMs <= beforeMs).slice(0, limit),
    });
    await log.getState().load();
    expect(log.getState().hasMore).toBe(true);
    await log.getState().loadMore();
    expect(log.getState().entries?.map(({ call }) => call.id)).toEqual(year.map(({ call }) => call.id));
    expect(log.getState().hasMore).toBe(false);
  });

  it('loads as many again as are on screen when records change, so that nothing moves under the reader', async () => {
    const year = recordsOfYear(500);
    const limits: number[] = [];
    const { bridge, log } = createPage({
      'phone.log'({ beforeMs = Infinity, limit }) {
        limits.push(limit);
        return year.filter(({ call }) => call.startedAtMs < beforeMs).slice(0, limit);
      },
    });
    await log.getState().load();
    for (let page = 0; page < 4; page += 1) await log.getState().loadMore();
    const [first] = year.splice(0, 1);
    limits.length = 0;
    bridge.tell('phone.logChanged', {});
    await vi.advanceTimersByTimeAsync(0);
    expect(limits).toEqual([200, 100]);
    expect(log.getState().entries).toHaveLength(300);
    expect(log.getState().entries?.some(({ call }) => call.id === first?.call.id)).toBe(false);
    expect(log.getState().hasMore).toBe(true);
  });

  it('takes a call out of the list at once, and leaves the deletion and its time to the core', async () => {
    const { bridge, log } = createPage();
    await log.getState().load();
    log.getState().remove('r1');
    expect([log.getState().removedIds.has('r1'), removals(bridge)]).toEqual([true, [{ callId: 'r1' }]]);
    log.getState().keep('r1');
    expect(log.getState().removedIds.size).toBe(0);
    expect(bridge.calls.at(-1)).toEqual(['phone.record.keep', { callId: 'r1' }]);
  });

  it('shows again what could not be deleted', async () => {
    const { failures, log } = createPage({ 'phone.record.remove': () => Promise.reject(new Error('The call is not over.')) });
    await log.getState().load();
    log.getState().remove('r2');
    await vi.advanceTimersByTimeAsync(0);
    expect(failures).toHaveLength(1);
    expect(log.getState().removedIds.size).toBe(0);
    expect(log.getState().entries).toHaveLength(entries.length);
  });

  it('loads again what is on screen when records change, and nothing else', async () => {
    const { bridge, log } = createPage({ 'phone.statistics': ({ days }) => fakeStatistics(days) });
    bridge.tell('phone.logChanged', {});
    expect(bridge.calls).toEqual([]);
    await log.getState().loadStatistics(7);
    bridge.tell('phone.logChanged', {});
    await vi.advanceTimersByTimeAsync(0);
    expect(bridge.calls.map(([name]) => name)).toEqual(['phone.statistics', 'phone.statistics']);
  });

  it('saves all that the filter lets through, and not only what has been scrolled to', async () => {
    const asked: CallInput<'phone.record.export'>[] = [];
    const { bridge, log } = createPage({
      'phone.record.export'(input) {
        asked.push(input);
        return { fileName: 'calls.csv', content: '' };
      },
    });
    await log.getState().load();
    await log.getState().exported('csv');
    await log.getState().setFilter({ direction: 'in', query: ' roof ' });
    await log.getState().exported('csv');
    await log.getState().exported('csv', ['r1']);
    expect(asked).toEqual([
      { format: 'csv', filter: {} },
      { format: 'csv', filter: { direction: 'in', query: 'roof' } },
      { format: 'csv', callIds: ['r1'] },
    ]);
    // The core looks for them: the page asked for nothing but what is on screen.
    expect(bridge.calls.filter(([name]) => name === 'phone.log')).toHaveLength(2);
  });
});
