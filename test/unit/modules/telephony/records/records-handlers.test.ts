import { describe, expect, it } from 'vitest';
import { calls } from '../../../../../src-preload/contract/index.ts';
import { createRecordingLinks } from '../../../../../src-main/modules/telephony/records/recording-links.ts';
import { createRecordings } from '../../../../../src-main/modules/telephony/records/recordings.ts';
import { createRecordsHandlers } from '../../../../../src-main/modules/telephony/records/records-handlers.ts';
import { encodeWav } from '../../../../../src-main/platform/audio/index.ts';
import type { Caller } from '../../../../../src-main/platform/contract-host/index.ts';
import { BENCH_START_MS, createHistoryBench } from '../../../../doubles/history-bench.ts';
import { callRecord } from '../../../../doubles/phone-call.ts';

const person: Caller = { door: 'window', clientId: 'w' };
const program: Caller = { door: 'browser', clientId: 'p', isProgram: true };

async function rig() {
  const bench = await createHistoryBench();
  const store = await bench.open();
  const recordings = createRecordings({
    dataDirectory: bench.dataDirectory,
    keyring: await bench.keyring(),
    clock: bench.clock,
    log: bench.log,
  });
  const audited: string[] = [];
  const removed: string[] = [];
  const handlers = createRecordsHandlers({
    removals: {
      records: store.phone,
      remove: (id) => void removed.push(id),
      keep: (id) => void removed.push(`not ${id}`),
    },
    hasConversation: (id) => id === 'talk',
    recorder: { isLive: (id) => id === 'live' },
    recordings,
    links: createRecordingLinks({ recordings, clock: bench.clock }),
    audit: { record: async ({ action }) => void audited.push(action) },
    clock: bench.clock,
    exportOptions: () => ({ locale: 'en', timeZone: 'Europe/Berlin' }),
    dialplan: () => 'exten => 100',
    doctor: () => Promise.resolve([]),
  });
  store.phone.saveCall(callRecord('a', {}, { startedAtMs: BENCH_START_MS - 1_000 }), true);
  store.phone.saveCall(callRecord('b', { answeredBy: null }, { startedAtMs: BENCH_START_MS, direction: 'out' }), true);
  return { handlers, store, recordings, audited, removed };
}

describe('createRecordsHandlers', () => {
  it('shows the log, a record, and statistics as the contract wants them', async () => {
    const { handlers } = await rig();
    const log = await handlers['phone.log']({ limit: 5 }, person);
    expect(calls['phone.log'].result.parse(log).map(({ call }) => call.id)).toEqual(['b', 'a']);
    expect(calls['phone.record.get'].result.parse(await handlers['phone.record.get']({ callId: 'a' }, person))?.segments).toHaveLength(2);
    expect(await handlers['phone.record.get']({ callId: 'x' }, person)).toBeNull();
    const statistics = calls['phone.statistics'].result.parse(await handlers['phone.statistics']({ days: 2 }, person));
    expect(statistics.days.at(-1)).toEqual({ day: '2026-03-01', incoming: 1, outgoing: 1, missed: 0 });
    expect(await handlers['phone.dialplan']({}, person)).toEqual({ text: 'exten => 100' });
  });

  it('gives an address of the sound only where there is some', async () => {
    const { handlers, recordings } = await rig();
    expect(await handlers['phone.record.sound']({ callId: 'a' }, person)).toBeNull();
    await recordings.add('a', encodeWav({ samples: new Float32Array(80), sampleRateHz: 8_000 }), 0);
    expect(await handlers['phone.record.sound']({ callId: 'a' }, person)).toEqual({ url: expect.stringMatching(/^\/recordings\//) });
    await recordings.add('gone', encodeWav({ samples: new Float32Array(80), sampleRateHz: 8_000 }), 0);
    expect(await handlers['phone.record.sound']({ callId: 'gone' }, person)).toBeNull();
  });

  it('deletes a call that is over, exports the chosen ones or all, and both are in the record of decisions', async () => {
    const { handlers, audited, removed } = await rig();
    await expect(handlers['phone.record.remove']({ callId: 'live' }, person)).rejects.toMatchObject({ code: 'phone.not-now' });
    const all = await handlers['phone.record.export']({ format: 'json' }, person);
    expect((JSON.parse(all.content) as { calls: unknown[] }).calls).toHaveLength(2);
    const some = await handlers['phone.record.export']({ format: 'json', callIds: ['a', 'unknown'] }, person);
    expect((JSON.parse(some.content) as { calls: unknown[] }).calls).toHaveLength(1);
    await handlers['phone.record.remove']({ callId: 'a' }, person);
    await handlers['phone.record.keep']({ callId: 'a' }, person);
    expect([removed, audited]).toEqual([
      ['a', 'not a'],
      ['call.export', 'call.export', 'call.delete', 'call.keep'],
    ]);
  });

  it('exports all that a filter lets through, whatever their number, newest first', async () => {
    const { handlers, store } = await rig();
    for (let index = 0; index < 620; index += 1)
      store.phone.saveCall(
        callRecord(`n${index}`, { answeredBy: null }, { startedAtMs: BENCH_START_MS - 10_000 - index, direction: 'in' }),
        true,
      );
    const input = { format: 'json' as const, filter: { direction: 'in' as const, answeredBy: 'nobody' as const } };
    const { content } = await handlers['phone.record.export'](calls['phone.record.export'].input.parse(input) as typeof input, person);
    const ids = (JSON.parse(content) as { calls: { call: { id: string } }[] }).calls.map(({ call }) => call.id);
    expect(ids).toEqual(Array.from({ length: 620 }, (_value, index) => `n${index}`));
  });

  it('leads to the conversation of a call only while it can be opened', async () => {
    const { handlers, store } = await rig();
    store.phone.saveCall(callRecord('a', {}, { startedAtMs: BENCH_START_MS - 1_000, conversationId: 'talk' }), true);
    store.phone.saveCall(callRecord('b', {}, { startedAtMs: BENCH_START_MS, conversationId: 'deleted' }), true);
    const log = await handlers['phone.log']({ limit: 5 }, person);
    expect(log.map(({ call }) => call.conversationId)).toEqual([null, 'talk']);
    expect((await handlers['phone.record.get']({ callId: 'b' }, person))?.call.conversationId).toBeNull();
  });

  it('lets a program read the log and ask the doctor, and nothing else', async () => {
    const { handlers } = await rig();
    expect(await handlers['phone.log']({ limit: 5 }, program)).toHaveLength(2);
    expect(await handlers['phone.doctor']({}, program)).toEqual([]);
    const callId = 'a';
    const tries: (() => unknown)[] = [
      () => handlers['phone.record.get']({ callId }, program),
      () => handlers['phone.record.remove']({ callId }, program),
      () => handlers['phone.record.keep']({ callId }, program),
      () => handlers['phone.record.sound']({ callId }, program),
      () => handlers['phone.record.export']({ format: 'csv' as const }, program),
      () => handlers['phone.statistics']({ days: 1 }, program),
      () => handlers['phone.dialplan']({}, program),
    ];
    for (const attempt of tries) await expect(Promise.resolve().then(attempt)).rejects.toMatchObject({ code: 'phone.not-allowed' });
  });
});
