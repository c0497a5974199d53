import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { readEnvironment } from '../../src-main/platform/config/index.ts';
import { openKeyring } from '../../src-main/platform/secrets/index.ts';
import { openStore } from '../../src-main/platform/store/index.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

const TEXT = 'The weather tomorrow will be mild, with some rain in the evening; take an umbrella when you go to the station at nine.';

/** Encrypted single-message writes, each a transaction of its own, then reads over the history that they made. */
export async function runStoreBench(rounds: number): Promise<BenchResult> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'openclaw-store-bench-'));
  const keyring = await openKeyring({ dataDirectory, clock: systemClock, log: silentLog });
  const store = await openStore({
    dataDirectory,
    keyring,
    nativeBinding: readEnvironment().sqliteBinding,
    clock: systemClock,
    log: silentLog,
    keepBackups: () => 0,
    historyDays: () => 0,
  });
  const writes: number[] = [];
  const lists: number[] = [];
  const reads: number[] = [];
  const conversations = Array.from({ length: 20 }, (_value, index) =>
    store.createConversation({ title: `Conversation ${index}`, createdAtMs: Date.now() }),
  );
  const startedAtMs = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    const conversation = conversations[round % conversations.length];
    if (!conversation) break;
    const role = round % 2 === 0 ? 'user' : 'assistant';
    writes.push(
      timed(() =>
        store.insertMessage({
          conversationId: conversation.id,
          role,
          text: `${TEXT} ${round}`,
          medium: 'text',
          language: 'en',
          heardChars: null,
          status: 'complete',
          createdAtMs: Date.now(),
        }),
      ),
    );
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  for (let round = 0; round < 200; round += 1) {
    lists.push(timed(() => void store.listConversations()));
    reads.push(timed(() => void store.listMessages(conversations[round % 20]?.id ?? '', { limit: 100 })));
  }
  const searchFromMs = performance.now();
  const hits = await store.searchMessages(`umbrella ${rounds - 1}`);
  const searchMs = performance.now() - searchFromMs;
  await store.dispose();
  await rm(dataDirectory, { recursive: true, force: true });
  return {
    bench: 'store',
    metrics: {
      writes_per_second: single('per s', rounds / seconds, rounds),
      write: distribution('ms', writes),
      list_conversations: distribution('ms', lists),
      list_messages: distribution('ms', reads),
      search: single('ms', searchMs, hits.length),
    },
    targets: { writes_per_second: '≥ 1000', write: 'p99 ≤ 10', list_conversations: 'p99 ≤ 10', list_messages: 'p99 ≤ 10' },
    notes: [],
  };
}

function timed(work: () => void): number {
  const fromMs = performance.now();
  work();
  return performance.now() - fromMs;
}
