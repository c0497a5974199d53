import { describe, expect, it } from 'vitest';
import { createRemovals } from '../../../../../src-main/modules/telephony/records/removals.ts';
import { createHistoryBench } from '../../../../doubles/history-bench.ts';
import { callRecord } from '../../../../doubles/phone-call.ts';

async function begin(carryOut?: (callId: string) => Promise<void>) {
  const bench = await createHistoryBench();
  const store = await bench.open();
  for (const [index, id] of ['a', 'b', 'c'].entries()) store.phone.saveCall(callRecord(id, {}, { startedAtMs: 1_000 + index }), true);
  let changes = 0;
  const removals = createRemovals({
    records: store.phone,
    carryOut: carryOut ?? (async (callId) => void store.phone.removeCall(callId)),
    changed: () => (changes += 1),
    clock: bench.clock,
    log: bench.log,
  });
  const shown = async (limit = 2) => (await removals.records.list({ limit })).map(({ call }) => call.id);
  return { bench, store, removals, shown, changes: () => changes };
}

describe('createRemovals', () => {
  it('takes a call out at once and deletes it when the way back has gone, whoever is still there', async () => {
    const { bench, store, removals, shown, changes } = await begin();
    removals.remove('c');
    expect([await shown(), removals.records.getCall('c'), removals.records.has('c')]).toEqual([['b', 'a'], undefined, false]);
    expect((await removals.records.entriesSince(0)).map(({ call }) => call.id)).toEqual(['b', 'a']);
    await bench.clock.advance(10_000);
    expect(store.phone.has('c')).toBe(true);
    await bench.clock.advance(2_000);
    expect([store.phone.has('c'), changes()]).toEqual([false, 2]);
  });

  it('shows again what is kept', async () => {
    const { bench, store, removals, shown } = await begin();
    removals.remove('c');
    removals.keep('c');
    await bench.clock.advance(60_000);
    expect([store.phone.has('c'), await shown()]).toEqual([true, ['c', 'b']]);
  });

  it('carries out what is left when the app ends', async () => {
    const { bench, store, removals } = await begin();
    const timers = bench.clock.pendingTimers();
    removals.remove('a');
    await removals.dispose();
    expect([store.phone.has('a'), bench.clock.pendingTimers()]).toEqual([false, timers]);
  });

  it('shows again what could not be deleted', async () => {
    const { bench, removals, shown } = await begin(() => Promise.reject(new Error('disk full')));
    removals.remove('c');
    await bench.clock.advance(12_000);
    expect([await shown(), bench.log.messages('error')]).toEqual([['c', 'b'], ['phone.call-not-deleted']]);
  });
});
