import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BENCH_START_MS, createHistoryBench, tellStore, thrownBy } from '../../../doubles/history-bench.ts';

/** The ways in which a text could lie in a file. */
function traces(text: string): Buffer[] {
  const plain = Buffer.from(text);
  return [plain, Buffer.from(text.toLowerCase()), Buffer.from(text, 'utf16le'), Buffer.from(plain.toString('base64').slice(0, -4))];
}

describe('what was said', () => {
  it('is nowhere on the disk in the clear: not while open, after search, rename, edit and backup, nor after closing', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const texts = {
      question: 'Wiedersehen in Quedlinburg am Xylophon',
      title: 'Kaleidoskop der Zwetschgen',
      renamed: 'Fasanenzucht im Vogtland',
      edited: 'Pergamentpapier und Zibeben',
      summary: 'Zusammengefasster Zyklopenschwank',
      deleted: 'Geheimnisvolle Zwiebelmustertasse',
    };
    const { conversation, messages } = tellStore(store, [texts.question, 'to be edited', texts.deleted], texts.title);
    const expectHidden = (): void => {
      const bytes = bench.bytesOnDisk();
      const found = Object.values(texts).filter((text) => traces(text).some((trace) => bytes.includes(trace)));
      const words = Object.values(texts).flatMap((text) => text.split(' ').filter((word) => word.length > 6));
      const foundWords = words.filter((word) => traces(word).some((trace) => bytes.includes(trace)));
      expect([found, foundWords]).toEqual([[], []]);
    };
    store.saveSummary(conversation.id, { text: texts.summary, throughMessageId: messages[0]?.id ?? '' });
    expect(existsSync(`${bench.file}-wal`)).toBe(true);
    expectHidden();
    store.renameConversation(conversation.id, texts.renamed);
    store.updateMessage(messages[1]?.id ?? '', { text: texts.edited });
    expect(await store.searchMessages('quedlinburg xyl')).toHaveLength(1);
    expect(await store.searchMessages('Zibeben')).toHaveLength(1);
    expectHidden();
    store.deleteMessage(messages[2]?.id ?? '');
    await store.backUp();
    store.deleteConversation(conversation.id, BENCH_START_MS);
    expectHidden();
    await store.dispose();
    expectHidden();
  });

  it('leaves no sealed copy in the database file once it was deleted for good', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { messages } = tellStore(store, ['stays', 'goes']);
    await store.dispose();
    const sealed = bench.raw((database) =>
      database
        .prepare<[string], Buffer>('SELECT text FROM messages WHERE id = ?')
        .pluck()
        .get(messages[1]?.id ?? ''),
    );
    expect(sealed && bench.bytesOnDisk().includes(sealed)).toBe(true);
    const again = await bench.open();
    again.deleteMessage(messages[1]?.id ?? '');
    await again.dispose();
    expect(sealed && bench.bytesOnDisk().includes(sealed)).toBe(false);
  });

  it('is sealed anew with each write: the same words never give the same bytes', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { messages } = tellStore(store, ['the same words', 'the same words', 'the same words']);
    const nonces = new Set<string>();
    const collect = (): void =>
      bench.raw((database) => {
        for (const text of database.prepare<[], Buffer>('SELECT text FROM messages').pluck().all()) nonces.add(text.toString('hex', 5, 17));
      });
    collect();
    store.updateMessage(messages[0]?.id ?? '', { text: 'other words' });
    collect();
    store.updateMessage(messages[0]?.id ?? '', { text: 'the same words' });
    collect();
    expect(nonces.size).toBe(5);
    const filters = bench.raw((database) => database.prepare<[], Buffer>('SELECT filter FROM search_filters').pluck().all());
    expect(new Set(filters.map((filter) => filter.toString('hex', 12))).size).toBe(3);
  });

  it.skipIf(process.platform === 'win32')('lies in files and folders that only their owner can open', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    tellStore(store, ['hello']);
    const backup = await store.backUp();
    const names = ['history.db', 'history.db-wal', 'history.db-shm', 'keys.json', 'keys.copy.json', join('backups', backup.fileName)];
    expect(names.map((name) => statSync(join(bench.dataDirectory, name)).mode & 0o777)).toEqual(names.map(() => 0o600));
    expect(statSync(join(bench.dataDirectory, 'backups')).mode & 0o777).toBe(0o700);
  });
});

describe('a stored text', () => {
  const meddlings: { what: string; sql: string }[] = [
    {
      what: 'the texts of two messages were swapped',
      sql: `CREATE TEMP TABLE former AS SELECT id, text FROM messages;
        UPDATE messages SET text = (SELECT text FROM former WHERE id = '{two}') WHERE id = '{one}';
        UPDATE messages SET text = (SELECT text FROM former WHERE id = '{one}') WHERE id = '{two}';`,
    },
    { what: 'an older version of it was put back', sql: `UPDATE messages SET version = version + 1 WHERE id = '{one}'` },
    { what: 'the question was made an answer', sql: `UPDATE messages SET role = 'assistant' WHERE id = '{one}'` },
    { what: 'it was moved to another conversation', sql: `UPDATE messages SET conversation_id = '{elsewhere}' WHERE id = '{one}'` },
    {
      what: 'one byte of it was changed',
      sql: `UPDATE messages SET text = CAST(substr(text, 1, 20) || x'00' || substr(text, 22) AS BLOB) WHERE id = '{one}'`,
    },
    { what: 'its end was cut off', sql: `UPDATE messages SET text = substr(text, 1, length(text) - 1) WHERE id = '{one}'` },
    {
      what: 'it was replaced by plain words',
      sql: `UPDATE messages SET text = CAST('I owe you 1000 and more yet' AS BLOB) WHERE id = '{one}'`,
    },
    { what: 'it was emptied', sql: `UPDATE messages SET text = x'' WHERE id = '{one}'` },
  ];

  it.each(meddlings)('is not opened when $what; the error names its row and the others are read', async ({ sql }) => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { messages } = tellStore(store, ['first words here', 'other words here', 'third words here']);
    const elsewhere = tellStore(store, []).conversation.id;
    const [one = '', two = '', three = ''] = messages.map(({ id }) => id);
    await store.dispose();
    bench.raw((database) => database.exec(sql.replaceAll('{one}', one).replaceAll('{two}', two).replaceAll('{elsewhere}', elsewhere)));
    const again = await bench.open();
    const error = thrownBy(() => again.getMessage(one));
    expect(error).toMatchObject({ code: 'store.tampered', message: expect.stringMatching(/changed from outside.*Restore a backup/) });
    expect(error.details['row']).toContain(one);
    expect(again.getMessage(three)).toEqual(messages[2]);
    expect((await again.searchMessages('third words')).map(({ messageId }) => messageId)).toEqual([three]);
  });

  it('that heads or ends a conversation and was changed does not hide the other conversations', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const good = tellStore(store, ['sound words'], 'Sound');
    const badTitle = tellStore(store, ['words below a bad title'], 'Forged', BENCH_START_MS + 1);
    const badEnd = tellStore(store, ['fine', 'spoiled'], 'Spoiled end', BENCH_START_MS + 2);
    await store.dispose();
    bench.raw((database) => {
      database.prepare('UPDATE conversations SET version = 7 WHERE id = ?').run(badTitle.conversation.id);
      database.prepare('UPDATE messages SET version = 7 WHERE id = ?').run(badEnd.messages[1]?.id);
    });
    const again = await bench.open();
    await again.whenSettled();
    expect(again.listConversations().map(({ title, preview }) => ({ title, preview }))).toEqual([
      { title: 'Spoiled end', preview: '' },
      { title: '', preview: 'words below a bad title' },
      { title: 'Sound', preview: 'sound words' },
    ]);
    expect((await again.searchMessages('words')).map(({ conversationTitle }) => conversationTitle)).toEqual(['', 'Sound']);
    expect(bench.log.messages('warn')).toEqual(['A text could not be opened', 'A text could not be opened']);
    again.renameConversation(badTitle.conversation.id, 'Named anew');
    expect(again.getConversation(badTitle.conversation.id)?.title).toBe('Named anew');
    expect(again.getConversation(good.conversation.id)?.title).toBe('Sound');
  });

  it('of a title is bound to its conversation', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    for (const title of ['One', 'Two']) tellStore(store, [], title);
    await store.dispose();
    bench.raw((database) =>
      database.exec(`CREATE TEMP TABLE former AS SELECT id, title FROM conversations;
        UPDATE conversations SET title = (SELECT title FROM former WHERE former.id <> conversations.id)`),
    );
    expect((await bench.open()).listConversations().map(({ title }) => title)).toEqual(['', '']);
  });

  it('of a summary is bound to its conversation, its version and the message it goes to', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { conversation, messages } = tellStore(store, ['a', 'b']);
    store.saveSummary(conversation.id, { text: 'in short', throughMessageId: messages[0]?.id ?? '' });
    await store.dispose();
    bench.raw((database) => database.prepare('UPDATE summaries SET through_message_id = ?').run(messages[1]?.id));
    const again = await bench.open();
    expect(thrownBy(() => again.getSummary(conversation.id)).code).toBe('store.tampered');
  });
});
