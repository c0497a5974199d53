import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src-main/base/log.ts';
import type { Keyring } from '../../../../src-main/platform/secrets/index.ts';
import { openConnection } from '../../../../src-main/platform/store/connection.ts';
import { createMessageStore } from '../../../../src-main/platform/store/message-store.ts';
import { renewUnderActiveKey } from '../../../../src-main/platform/store/renewal.ts';
import { createHistoryBench, messageOf, readAll, tellStore, type HistoryBench } from '../../../doubles/history-bench.ts';

/** How many texts lie under which key; the store must be closed. */
function keysInUse(bench: HistoryBench): Record<string, number> {
  const ids = bench.raw((database) =>
    database
      .prepare<[], string>(
        `SELECT lower(hex(substr(text, 2, 4))) FROM messages UNION ALL SELECT lower(hex(substr(title, 2, 4))) FROM conversations
         UNION ALL SELECT lower(hex(substr(text, 2, 4))) FROM summaries UNION ALL SELECT lower(hex(substr(filter, 1, 4))) FROM search_filters`,
      )
      .pluck()
      .all(),
  );
  const counts: Record<string, number> = {};
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

async function filledBench(messageCount = 100) {
  const bench = await createHistoryBench();
  const keyring = await bench.keyring();
  const store = await bench.open({ keyring });
  const texts = Array.from({ length: messageCount }, (_value, index) => `message ${index} about pelicans`);
  const { conversation, messages } = tellStore(store, texts, 'Birds');
  store.saveSummary(conversation.id, { text: 'Birds, in short', throughMessageId: messages[5]?.id ?? '' });
  await store.whenSettled();
  return { bench, keyring, store, before: readAll(store), conversation, messages };
}

/** One run of the renewal on the closed store, ended after so many steps. */
async function renewFor(bench: HistoryBench, keyring: Keyring, steps: number) {
  const connection = openConnection({ file: bench.file, nativeBinding: undefined });
  const messages = createMessageStore({ connection, keyring, clock: bench.clock, log: silentLog });
  let left = steps;
  const mayContinue = (): boolean => (left -= 1) >= 0;
  try {
    return await renewUnderActiveKey({ connection, messages, keyring, clock: bench.clock, log: bench.log, mayContinue });
  } finally {
    connection.close();
  }
}

describe('a change of keys', () => {
  it('seals everything again under the new key, and everything reads and is found as before', async () => {
    const { bench, keyring, store, before } = await filledBench();
    const oldKey = keyring.activeKeyId();
    const newKey = await keyring.rotate();
    expect(newKey).not.toBe(oldKey);
    expect(readAll(store)).toEqual(before);
    await store.whenSettled();
    expect(readAll(store)).toEqual(before);
    expect(await store.searchMessages('pelican')).toHaveLength(100);
    await store.dispose();
    expect(keysInUse(bench)).toEqual({ [newKey]: 202 });
    expect(readAll(await bench.open())).toEqual(before);
  });

  it.each([0, 1, 2, 4, 5, 6])('that was cut off after %i steps is brought to its end by the next start', async (steps) => {
    const { bench, keyring, store, before } = await filledBench();
    await store.dispose();
    const oldKey = keyring.activeKeyId();
    const newKey = await keyring.rotate();
    const outcome = await renewFor(bench, keyring, steps);
    expect(outcome.done).toBe(false);
    const half = keysInUse(bench);
    expect(Object.keys(half).length).toBe(steps === 0 ? 1 : 2);
    expect(half[oldKey]).toBeGreaterThan(0);
    const again = await bench.open();
    expect(readAll(again)).toEqual(before);
    await again.whenSettled();
    expect([readAll(again), (await again.searchMessages('pelican')).length]).toEqual([before, 100]);
    await again.dispose();
    expect(keysInUse(bench)).toEqual({ [newKey]: 202 });
  });

  it('that follows another one in the middle ends under the last key', async () => {
    const { bench, keyring, store, before } = await filledBench();
    await keyring.rotate();
    const last = await keyring.rotate();
    await store.whenSettled();
    expect(readAll(store)).toEqual(before);
    await store.dispose();
    expect(keysInUse(bench)).toEqual({ [last]: 202 });
  });

  it('ends early when the store is closed, and goes on with writing in between', async () => {
    const { bench, keyring, store, conversation } = await filledBench(300);
    await keyring.rotate();
    const during = store.insertMessage(messageOf(conversation.id, 'said meanwhile'));
    await store.dispose();
    expect(Object.keys(keysInUse(bench)).length).toBe(2);
    const again = await bench.open();
    await again.whenSettled();
    expect(again.getMessage(during.id)).toEqual(during);
  });

  it('leaves a text that does not open as it is, says so, and renews the others', async () => {
    const { bench, keyring, store, messages } = await filledBench();
    await store.dispose();
    bench.raw((database) => database.prepare('UPDATE messages SET version = 9 WHERE id = ?').run(messages[7]?.id));
    await keyring.rotate();
    expect(await renewFor(bench, keyring, 1000)).toEqual({ done: true, renewed: 101, unreadable: 1 });
    expect(bench.log.messages('warn')).toEqual(['A text could not be sealed again']);
  });

  it('keeps backups readable: one from before the change is restored and sealed under the new key', async () => {
    const { bench, keyring, store, before } = await filledBench();
    const backup = await store.backUp();
    const newKey = await keyring.rotate();
    await store.whenSettled();
    await store.restoreBackup(backup.fileName);
    expect(readAll(store)).toEqual(before);
    await store.whenSettled();
    await store.dispose();
    expect(keysInUse(bench)).toEqual({ [newKey]: 202 });
  });
});
