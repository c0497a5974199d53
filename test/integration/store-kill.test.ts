import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createHistoryBench } from '../doubles/history-bench.ts';
import { runWriter } from '../doubles/writer-process.ts';

describe('a process killed while it writes', () => {
  it.each([
    ['insert', 1],
    ['insert', 60],
    ['insert', 700],
    ['edit', 150],
    ['rotate', 200],
  ] as const)('loses nothing that it has acknowledged (%s, killed after %i)', { timeout: 60_000 }, async (mode, killAfter) => {
    const bench = await createHistoryBench();
    const { dataDirectory } = bench;
    const { acknowledged, endedBy } = await runWriter({
      dataDirectory,
      mode,
      onProgress: (run, writer) => run.acknowledged.length === killAfter && writer.kill(),
    });
    expect(endedBy).toBe('SIGKILL');
    expect(acknowledged.length).toBeGreaterThanOrEqual(killAfter - 1);
    const store = await bench.open({ clock: systemClock });
    expect(store.problem()).toBeUndefined();
    const [conversation] = store.listConversations();
    const stored = store.listMessages(conversation?.id ?? '', { limit: 100_000 });
    expect(stored.slice(0, acknowledged.length).map(({ id, text }) => ({ id, text }))).toEqual(acknowledged);
    // What came after the last acknowledgement is there as a whole or not at all.
    expect(conversation?.messageCount).toBe(stored.length);
    expect((await store.searchMessages(stored[0]?.text ?? '')).length).toBeGreaterThan(0);
    // A change of keys that was cut off is brought to its end.
    await store.whenSettled();
    await store.dispose();
    const { verdict, keys } = bench.raw((database) => ({
      verdict: database.pragma('integrity_check', { simple: true }),
      keys: database.prepare<[], string>('SELECT DISTINCT hex(substr(text, 2, 4)) FROM messages').pluck().all(),
    }));
    expect(verdict).toBe('ok');
    expect(keys.map((key) => key.toLowerCase())).toEqual([(await bench.keyring()).activeKeyId()]);
  });
});
