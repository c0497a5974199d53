import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../../src-main/base/clock.ts';
import type { ErrorData } from '../../../../src-main/base/errors.ts';
import { toErrorData } from '../../../../src-main/base/errors.ts';
import { createBackups } from '../../../../src-main/platform/store/backups.ts';
import { openHistoryFile } from '../../../../src-main/platform/store/history-file.ts';
import type { MessageStore } from '../../../../src-main/platform/store/message-store.ts';
import { createHistoryBench, messageOf, thrownBy } from '../../../doubles/history-bench.ts';
import { runWriter } from '../../../doubles/writer-process.ts';

/** A history on a disk whose size the test decides: SQLite refuses to grow the file as it does when the disk is full. */
async function openOnSmallDisk() {
  const bench = await createHistoryBench();
  const keyring = await bench.keyring();
  const { file, clock, log } = bench;
  const backups = createBackups({ file, directory: bench.dataDirectory, nativeBinding: undefined, clock, keepCount: () => 0 });
  const { connection, messages } = await openHistoryFile({ file, backups, keyring, nativeBinding: undefined, clock, log });
  onTestFinished(() => void connection.close());
  const pages = (): number => Number(connection.pragma('page_count', { simple: true }));
  return {
    bench,
    connection,
    messages,
    fill: () => void connection.pragma(`max_page_count = ${pages()}`),
    free: () => void connection.pragma('max_page_count = 1000000'),
  };
}

const LONG = 'a long message '.repeat(1000);

function refusals(messages: MessageStore, conversationId: string, messageId: string): Record<string, ErrorData> {
  const work: Record<string, () => unknown> = {
    insertMessage: () => messages.insertMessage(messageOf(conversationId, LONG)),
    updateMessage: () => messages.updateMessage(messageId, { text: LONG }),
    saveSummary: () => messages.saveSummary(conversationId, { text: LONG, throughMessageId: messageId }),
    renameConversation: () => messages.renameConversation(conversationId, LONG),
    createConversation: () => messages.createConversation({ title: LONG, createdAtMs: 1 }),
  };
  return Object.fromEntries(Object.entries(work).map(([name, run]) => [name, toErrorData(thrownBy(run))]));
}

describe('a disk that becomes full during a message', () => {
  it('is said clearly, loses nothing, writes nothing by half, and all works again when there is room', async () => {
    const { bench, connection, messages, fill, free } = await openOnSmallDisk();
    const conversation = messages.createConversation({ title: 'Talk', createdAtMs: 1 });
    const first = messages.insertMessage(messageOf(conversation.id, 'before the disk was full'));
    const everything = () => ({
      conversations: messages.listConversations(),
      messages: messages.listMessages(conversation.id, { limit: 99 }),
      rows: ['conversations', 'messages', 'summaries', 'search_filters'].map((table) =>
        connection.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get(),
      ),
    });
    const before = everything();
    fill();
    const expected = {
      code: 'store.disk-full',
      message: 'The disk is full: the last message could not be saved. Free some space; it is tried again.',
      details: {},
    };
    const found = refusals(messages, conversation.id, first.id);
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, expected])));
    expect(everything()).toEqual(before);
    expect(connection.inTransaction).toBe(false);
    expect(await messages.searchMessages('disk full')).toHaveLength(1);

    free();
    const again = messages.insertMessage(messageOf(conversation.id, LONG));
    messages.updateMessage(first.id, { text: 'after' });
    expect(messages.listMessages(conversation.id, { limit: 9 })).toEqual([{ ...first, text: 'after' }, again]);
    expect(connection.pragma('integrity_check', { simple: true })).toBe('ok');
    connection.close();
    const store = await bench.open();
    expect([store.problem(), store.listMessages(conversation.id, { limit: 9 }).length]).toEqual([undefined, 2]);
  });

  it.runIf(existsSync('/usr/bin/prlimit'))(
    'loses nothing when the system itself refuses to write, and the process goes on when there is room',
    { timeout: 60_000 },
    async () => {
      const bench = await createHistoryBench();
      let isFull = true;
      // Files may not grow beyond some hundred kilobytes, until the limit is lifted from outside.
      const { acknowledged, errors } = await runWriter({
        dataDirectory: bench.dataDirectory,
        mode: 'stubborn',
        limit: '-S -f 400',
        onProgress: (run, writer) => {
          if (run.errors.length < 3) return;
          if (isFull) execFileSync('/usr/bin/prlimit', ['--pid', String(writer.pid), '--fsize=unlimited']);
          isFull = false;
          if (run.acknowledged.length > 500) writer.kill();
        },
      });
      expect(new Set(errors)).toEqual(new Set(['store.io-error']));
      const store = await bench.open({ clock: systemClock });
      expect(store.problem()).toBeUndefined();
      const stored = store.listMessages(store.listConversations()[0]?.id ?? '', { limit: 100_000 });
      expect(stored.slice(0, acknowledged.length).map(({ id, text }) => ({ id, text }))).toEqual(acknowledged);
      await store.dispose();
      expect(bench.raw((database) => database.pragma('integrity_check', { simple: true }))).toBe('ok');
    },
  );
});
