import { describe, expect, it } from 'vitest';
import { BENCH_START_MS, createHistoryBench, messageOf, readAll, tellStore, thrownBy } from '../../../doubles/history-bench.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('conversations', () => {
  it('are listed with count and preview, the one with the newest message first, also after the store was closed', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const first = tellStore(store, ['How high is Mont Blanc?', '4806 metres,\n\nlast measured in 2023.'], 'Mountains', BENCH_START_MS);
    const second = tellStore(store, [], 'Nothing yet', BENCH_START_MS + 5);
    store.insertMessage(messageOf(first.conversation.id, 'Thanks', { createdAtMs: BENCH_START_MS + 10 }));
    const expected = [
      { ...first.conversation, updatedAtMs: BENCH_START_MS + 10, messageCount: 3, preview: 'Thanks' },
      { ...second.conversation, messageCount: 0, preview: '' },
    ];
    expect(store.listConversations()).toEqual(expected);
    expect(store.getConversation(first.conversation.id)).toEqual(expected[0]);
    await store.dispose();
    expect((await bench.open()).listConversations()).toEqual(expected);
  });

  it('take a new name, empty and long ones too', async () => {
    const store = await (await createHistoryBench()).open();
    const { conversation } = tellStore(store, ['hello']);
    for (const title of ['Grüße an Ömer 👋', '', 'x'.repeat(5000)]) {
      store.renameConversation(conversation.id, title);
      expect(store.getConversation(conversation.id)?.title).toBe(title);
      expect(store.listConversations().map((listed) => listed.title)).toEqual([title]);
    }
  });

  it('leave for the bin and come back as they were', async () => {
    const store = await (await createHistoryBench()).open();
    const { conversation } = tellStore(store, ['keep me', 'and me']);
    const before = readAll(store);
    store.deleteConversation(conversation.id, BENCH_START_MS);
    expect([store.listConversations(), store.getConversation(conversation.id)]).toEqual([[], undefined]);
    store.restoreConversation(conversation.id);
    expect(readAll(store)).toEqual(before);
  });

  it('still take an answer that was under way when they went to the bin', async () => {
    const store = await (await createHistoryBench()).open();
    const { conversation } = tellStore(store, ['question']);
    store.deleteConversation(conversation.id, BENCH_START_MS);
    const answer = store.insertMessage(messageOf(conversation.id, 'answer', { role: 'assistant' }));
    store.updateMessage(answer.id, { heardChars: 3 });
    store.restoreConversation(conversation.id);
    expect(store.listMessages(conversation.id, { limit: 9 }).map(({ text }) => text)).toEqual(['question', 'answer']);
  });

  it('end with all that belongs to them when they have lain in the bin too long, others stay', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const old = tellStore(store, ['old one', 'old two']);
    const recent = tellStore(store, ['recent']);
    const kept = tellStore(store, ['kept']);
    store.saveSummary(old.conversation.id, { text: 'sum', throughMessageId: old.messages[1]?.id ?? '' });
    store.deleteConversation(old.conversation.id, BENCH_START_MS - 31 * DAY_MS);
    store.deleteConversation(recent.conversation.id, BENCH_START_MS - 29 * DAY_MS);
    expect(store.purgeBin(BENCH_START_MS - 30 * DAY_MS)).toBe(1);
    expect(store.purgeBin(BENCH_START_MS - 30 * DAY_MS)).toBe(0);
    expect(thrownBy(() => store.restoreConversation(old.conversation.id)).code).toBe('store.no-conversation');
    store.restoreConversation(recent.conversation.id);
    expect(new Set(store.listConversations().map(({ id }) => id))).toEqual(new Set([recent.conversation.id, kept.conversation.id]));
    await store.dispose();
    const left = bench.raw((database) =>
      ['conversations', 'messages', 'summaries', 'search_filters'].map((table) =>
        database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
      ),
    );
    expect(left).toEqual([2, 2, 0, 2]);
  });

  it('that do not exist are refused in words for the reader', async () => {
    const store = await (await createHistoryBench()).open();
    for (const work of [
      () => store.renameConversation('gone', 'x'),
      () => store.deleteConversation('gone', 1),
      () => store.restoreConversation('gone'),
      () => store.insertMessage(messageOf('gone', 'x')),
      () => store.saveSummary('gone', { text: 'x', throughMessageId: 'y' }),
    ]) {
      expect(thrownBy(work)).toMatchObject({ code: 'store.no-conversation', details: { conversationId: 'gone' } });
    }
    expect([store.getConversation('gone'), store.listMessages('gone', { limit: 5 })]).toEqual([undefined, []]);
  });
});

describe('messages', () => {
  it('remember that they hold text from outside, also when that is learnt late and under new keys', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { conversation } = tellStore(store, ['mine']);
    const page = store.insertMessage(messageOf(conversation.id, 'a page', { tainted: true }));
    const answer = store.insertMessage(messageOf(conversation.id, 'Let me look.', { role: 'assistant' }));
    expect(store.updateMessage(answer.id, { text: 'It says hello.', tainted: true })).toEqual({
      ...answer,
      text: 'It says hello.',
      tainted: true,
    });
    store.saveSummary(conversation.id, { text: 'sum', throughMessageId: page.id, tainted: true });
    await store.dispose();
    const again = await bench.open();
    expect(again.listMessages(conversation.id, { limit: 9 }).map(({ tainted }) => tainted)).toEqual([undefined, true, true]);
    expect(again.getSummary(conversation.id)).toEqual({ text: 'sum', throughMessageId: page.id, tainted: true });
  });

  it('come back whole, whatever is in them', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { conversation } = tellStore(store, []);
    const inserted = [
      messageOf(conversation.id, 'Grüß dich 👩‍👩‍👧 \u0000 日本語', { role: 'assistant', medium: 'voice', language: 'de', heardChars: 4 }),
      messageOf(conversation.id, '', { status: 'failed' }),
      messageOf(conversation.id, 'x'.repeat(1_000_000), { status: 'interrupted', heardChars: 0, role: 'assistant' }),
      messageOf(conversation.id, 'mine', { id: 'message_mine' }),
    ].map((message) => store.insertMessage(message));
    expect(inserted.at(-1)?.id).toBe('message_mine');
    await store.dispose();
    const again = await bench.open();
    expect(again.listMessages(conversation.id, { limit: 9 })).toEqual(inserted);
    expect(inserted.map(({ id }) => again.getMessage(id))).toEqual(inserted);
    expect(again.getMessage('none')).toBeUndefined();
  });

  it('keep their order when the clock was set back', async () => {
    const store = await (await createHistoryBench()).open();
    const { conversation } = tellStore(store, []);
    const times = [BENCH_START_MS, BENCH_START_MS - DAY_MS, BENCH_START_MS - DAY_MS, BENCH_START_MS + 0.4, BENCH_START_MS + 500];
    for (const [index, createdAtMs] of times.entries()) store.insertMessage(messageOf(conversation.id, String(index), { createdAtMs }));
    const stored = store.listMessages(conversation.id, { limit: 9 });
    expect(stored.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4']);
    expect(stored.map(({ createdAtMs }) => createdAtMs - BENCH_START_MS)).toEqual([0, 1, 2, 3, 500]);
  });

  it('are handed out in pages from the newest on, none twice and none left out', async () => {
    const store = await (await createHistoryBench()).open();
    const texts = Array.from({ length: 95 }, (_value, index) => `message ${index}`);
    const { conversation } = tellStore(store, texts);
    tellStore(store, ['of another conversation']);
    const pages: string[][] = [];
    let page = store.listMessages(conversation.id, { limit: 30 });
    while (page.length > 0) {
      pages.unshift(page.map(({ text }) => text));
      page = store.listMessages(conversation.id, { limit: 30, beforeMs: page[0]?.createdAtMs ?? 0 });
    }
    expect(pages.map(({ length }) => length)).toEqual([5, 30, 30, 30]);
    expect(pages.flat()).toEqual(texts);
  });

  it('are patched field by field; nothing else changes', async () => {
    const store = await (await createHistoryBench()).open();
    const { messages } = tellStore(store, ['before', 'other']);
    const [message, other] = messages;
    const id = message?.id ?? '';
    expect(store.updateMessage(id, { heardChars: 3, status: 'interrupted' })).toEqual({ ...message, heardChars: 3, status: 'interrupted' });
    expect(store.updateMessage(id, { text: 'after' })).toEqual({ ...message, text: 'after', heardChars: 3, status: 'interrupted' });
    expect(store.updateMessage(id, { heardChars: null })).toEqual(store.getMessage(id));
    expect(store.getMessage(id)?.heardChars).toBeNull();
    expect(store.getMessage(other?.id ?? '')).toEqual(other);
    expect(thrownBy(() => store.updateMessage('gone', { text: 'x' })).code).toBe('store.no-message');
  });

  it('that are deleted are gone from count and preview, and deleting them again is no error', async () => {
    const store = await (await createHistoryBench()).open();
    const { conversation, messages } = tellStore(store, ['first', 'second']);
    store.deleteMessage(messages[1]?.id ?? '');
    store.deleteMessage(messages[1]?.id ?? '');
    expect(store.getConversation(conversation.id)).toMatchObject({ messageCount: 1, preview: 'first' });
    store.deleteMessage(messages[0]?.id ?? '');
    expect(store.getConversation(conversation.id)).toMatchObject({ messageCount: 0, preview: '' });
  });

  it('with an id that exists already change nothing', async () => {
    const store = await (await createHistoryBench()).open();
    const { conversation, messages } = tellStore(store, ['first']);
    const before = readAll(store);
    expect(() => store.insertMessage(messageOf(conversation.id, 'second', { id: messages[0]?.id ?? '' }))).toThrow(/UNIQUE/);
    expect(readAll(store)).toEqual(before);
  });
});

describe('summaries', () => {
  it('are replaced by newer ones', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { conversation, messages } = tellStore(store, ['a', 'b']);
    expect(store.getSummary(conversation.id)).toBeUndefined();
    for (const [index, { id }] of messages.entries()) store.saveSummary(conversation.id, { text: `sum ${index}`, throughMessageId: id });
    await store.dispose();
    expect((await bench.open()).getSummary(conversation.id)).toEqual({ text: 'sum 1', throughMessageId: messages[1]?.id });
  });
});

describe('two processes on one history', () => {
  it('write side by side, into the same conversation too, and see what the other has written', async () => {
    const bench = await createHistoryBench();
    const keyring = await bench.keyring();
    const [one, two] = [await bench.open({ keyring }), await bench.open({ keyring })];
    const { conversation } = tellStore(one, []);
    const texts = Array.from({ length: 20 }, (_value, index) => `message ${index}`);
    for (const [index, text] of texts.entries()) (index % 2 === 0 ? one : two).insertMessage(messageOf(conversation.id, text));
    for (const store of [one, two]) {
      expect(store.listMessages(conversation.id, { limit: 99 }).map(({ text }) => text)).toEqual(texts);
      expect(store.getConversation(conversation.id)).toMatchObject({ messageCount: 20, preview: 'message 19' });
    }
  });
});
