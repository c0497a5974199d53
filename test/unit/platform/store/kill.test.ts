import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../../../src-main/base/lines.ts';
import { systemClock } from '../../../../src-main/base/clock.ts';
import { createHistoryBench } from '../../../doubles/history-bench.ts';

const WRITER = join(import.meta.dirname, '../../../fixtures/store/writer.ts');

/** Lets the writer run until it has acknowledged so many messages, kills it with SIGKILL and returns all that it acknowledged. */
async function writeAndKill(dataDirectory: string, mode: string, killAfter: number): Promise<{ id: string; text: string }[]> {
  const child = spawn(process.execPath, [WRITER, dataDirectory, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: { id: string; text: string }[] = [];
  readLines(child.stdout, (line) => {
    const [id = '', text = ''] = line.split(' ');
    // The last line may be half a line.
    if (/-\d+$/.test(text)) acknowledged.push({ id, text });
    if (acknowledged.length === killAfter) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => {
    child.once('close', (_code, killedBy) => resolve(killedBy));
  });
  expect(signal).toBe('SIGKILL');
  return acknowledged.slice(0, -1);
}

describe('a process killed while it writes', () => {
  it.each([
    ['insert', 2],
    ['insert', 60],
    ['insert', 700],
    ['edit', 150],
    ['rotate', 80],
    ['rotate', 333],
  ])('loses nothing that it has acknowledged (%s, killed after %i)', { timeout: 60_000 }, async (mode, killAfter) => {
    const bench = await createHistoryBench();
    const acknowledged = await writeAndKill(bench.dataDirectory, mode, killAfter);
    const store = await bench.open({ clock: systemClock });
    expect(store.problem()).toBeUndefined();
    const [conversation] = store.listConversations();
    const stored = store.listMessages(conversation?.id ?? '', { limit: 100_000 });
    expect(stored.slice(0, acknowledged.length).map(({ id, text }) => ({ id, text }))).toEqual(acknowledged);
    // What came after the last acknowledgement is there as a whole or not at all.
    expect(conversation?.messageCount).toBe(stored.length);
    expect((await store.searchMessages(acknowledged[0]?.text ?? '')).length).toBeGreaterThan(0);
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
