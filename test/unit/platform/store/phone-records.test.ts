import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../../../src-preload/contract/index.ts';
import { createHistoryBench } from '../../../doubles/history-bench.ts';
import { callRecord, talkingCall } from '../../../doubles/phone-call.ts';

const entryOf = ({ segments: _segments, latenciesMs: _latencies, ...entry }: CallRecord) => entry;
const ids = (entries: readonly { call: { id: string } }[]): string[] => entries.map(({ call }) => call.id);

describe('phone records', () => {
  it('keep every call as it was, newest first, by direction and who answered', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const first = callRecord('a', {}, { startedAtMs: 1_000 });
    const second = callRecord('b', { answeredBy: null, segments: [] }, { startedAtMs: 2_000 });
    const third = callRecord('d', { answeredBy: 'owner' }, { startedAtMs: 3_000, direction: 'out' });
    for (const record of [first, second, third]) store.phone.saveCall(record, true);
    await store.dispose();
    const { phone } = await bench.open();
    expect(phone.getCall('a')).toEqual(first);
    expect(phone.getCall('nobody')).toBeUndefined();
    expect(await phone.list({ limit: 9 })).toEqual([third, second, first].map(entryOf));
    expect(ids(await phone.list({ limit: 1, beforeMs: 3_000 }))).toEqual(['b']);
    expect(ids(await phone.list({ limit: 9, direction: 'out' }))).toEqual(['d']);
    expect(ids(await phone.list({ limit: 9, answeredBy: 'nobody' }))).toEqual(['b']);
    expect(ids(await phone.entriesSince(2_000))).toEqual(['d', 'b']);
    expect((await phone.entriesSince(0)).at(-1)?.latenciesMs).toEqual(first.latenciesMs);
  });

  it('find calls by what was said, by name, and by any part of a number however it is typed', async () => {
    const bench = await createHistoryBench();
    const { phone } = await bench.open();
    for (let index = 0; index < 120; index += 1)
      phone.saveCall(
        callRecord(
          `n${index}`,
          { segments: [], summary: '' },
          { startedAtMs: index, party: { number: '', name: '', contactId: null, standing: 'unknown' } },
        ),
        true,
      );
    phone.saveCall(callRecord('roof', {}, { startedAtMs: 5 }), true);
    phone.saveCall(
      callRecord(
        'live',
        { segments: [{ speaker: 'caller', text: 'Der Schlüssel liegt oben', startMs: 0, endMs: 1 }] },
        { startedAtMs: 500 },
      ),
      false,
    );
    expect(ids(await phone.list({ limit: 9, query: 'roof FINISH' }))).toEqual(['live', 'roof']);
    expect(ids(await phone.list({ limit: 9, query: 'schluessel' }))).toEqual(['live']);
    expect(ids(await phone.list({ limit: 1, query: 'grun' }))).toEqual(['live']);
    for (const typed of ['0171 123 45', '+49 171', '34567', '0171/1234567', '(0171) 12-34'])
      expect(ids(await phone.list({ limit: 9, query: typed })), typed).toEqual(['live', 'roof']);
    expect(await phone.list({ limit: 9, query: '0172' })).toEqual([]);
    expect(await phone.list({ limit: 9, query: 'nowhere' })).toEqual([]);
    expect(await phone.list({ limit: 200 })).toHaveLength(122);
  });

  it('write neither names, numbers nor words in the open, and leave out a row that was changed from outside', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const party = { number: '+4917155512345', name: 'Canary Name', contactId: null, standing: 'known' as const };
    const segments = [{ speaker: 'caller' as const, text: 'canary words', startMs: 0, endMs: 1 }];
    store.phone.saveCall(callRecord('a', { segments, summary: 'canary summary', tasks: ['canary task'] }, { party }), true);
    store.phone.saveCall(callRecord('b', {}, { startedAtMs: 2 }), true);
    await store.dispose();
    const bytes = bench.bytesOnDisk().toString('latin1').toLowerCase();
    for (const secret of ['canary', '17155512345']) expect(bytes.includes(secret)).toBe(false);
    bench.raw((database) => database.exec(`UPDATE phone_calls SET answered_by = 'owner' WHERE id = 'b'`));
    const { phone } = await bench.open();
    expect(ids(await phone.list({ limit: 9 }))).toEqual(['a']);
    expect([phone.has('b'), phone.getCall('b'), phone.idsBefore(10)]).toEqual([true, undefined, ['b']]);
  });

  it('do not show the words of one call in another', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    store.phone.saveCall(callRecord('a'), true);
    store.phone.saveCall(callRecord('b'), true);
    await store.dispose();
    bench.raw((database) =>
      database.exec(`UPDATE phone_calls SET transcript = (SELECT transcript FROM phone_calls WHERE id = 'a') WHERE id = 'b'`),
    );
    const { phone } = await bench.open();
    expect([phone.getCall('a')?.call.id, phone.getCall('b')]).toEqual(['a', undefined]);
  });

  it('know what an earlier life of the app left open, and after a change of keys all is still readable and found', async () => {
    const bench = await createHistoryBench();
    const keyring = await bench.keyring();
    const store = await bench.open({ keyring });
    const open = callRecord('open', { segments: [] }, { ...talkingCall('open'), startedAtMs: 9_000 });
    store.phone.saveCall(open, false);
    for (let index = 0; index < 20; index += 1) store.phone.saveCall(callRecord(`c${index}`, {}, { startedAtMs: index }), true);
    expect(store.phone.unendedCalls()).toEqual([open]);
    await keyring.rotate();
    await store.whenSettled();
    expect(store.phone.unendedCalls()).toEqual([open]);
    expect(await store.phone.list({ limit: 50, query: 'roof' })).toHaveLength(21);
    const headers = bench.raw((database) =>
      database
        .prepare<[], Buffer>('SELECT substr(content, 1, 5) FROM phone_calls UNION SELECT substr(transcript, 1, 5) FROM phone_calls')
        .pluck()
        .all(),
    );
    const filterKeys = bench.raw((database) =>
      database.prepare<[], Buffer>('SELECT DISTINCT substr(filter, 1, 4) FROM phone_calls WHERE filter IS NOT NULL').pluck().all(),
    );
    expect([headers.length, filterKeys.length]).toEqual([1, 1]);
    expect([store.phone.removeCall('open'), store.phone.removeCall('open'), store.phone.has('open')]).toEqual([true, false, false]);
  });

  it('renew past rows that do not open', async () => {
    const bench = await createHistoryBench();
    const first = await bench.open();
    for (let index = 0; index < 20; index += 1) first.phone.saveCall(callRecord(`c${index + 10}`, {}, { startedAtMs: index }), true);
    await first.dispose();
    bench.raw((database) => database.exec(`UPDATE phone_calls SET started_at_ms = 77 WHERE id < 'c20'`));
    const keyring = await bench.keyring();
    const store = await bench.open({ keyring });
    await keyring.rotate();
    await store.whenSettled();
    const counts = bench.raw((database) =>
      database.prepare<[], number>('SELECT count(*) FROM phone_calls GROUP BY substr(content, 1, 5)').pluck().all(),
    );
    expect(counts).toEqual([10, 10]);
  });

  it('come back with a backup of the history', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    store.phone.saveCall(callRecord('kept'), true);
    const backup = await store.backUp();
    store.phone.removeCall('kept');
    store.phone.saveCall(callRecord('later'), true);
    await store.restoreBackup(backup.fileName);
    expect(ids(await store.phone.list({ limit: 9 }))).toEqual(['kept']);
  });
});
