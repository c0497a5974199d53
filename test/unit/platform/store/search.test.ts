import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BENCH_START_MS, createHastyClock, createHistoryBench, messageOf, tellStore } from '../../../doubles/history-bench.ts';
import type { HistoryStore } from '../../../../src-main/platform/store/index.ts';

/** The marked words of each hit. */
async function marked(store: HistoryStore, query: string): Promise<string[]> {
  const hits = await store.searchMessages(query);
  return hits.map(({ excerpt, matchStart, matchEnd }) => excerpt.slice(matchStart, matchEnd));
}

describe('searchMessages', () => {
  const texts = [
    'Frau Müller fährt mit der Straßenbahn nach Köln.',
    'Der Mueller-Film läuft um acht.',
    "Don't forget the lighthouse keeper",
    'The keeper of the light house',
    'LIGHTHOUSES are tall; naïve cafés are not',
    '東京タワーへ行きました',
    'Привет, мир',
    'a1 b2 2026-03-01',
  ];

  it.each([
    ['müller', ['Müller', 'Mueller']],
    ['MUELLER', ['Müller', 'Mueller']],
    ['muller', ['Müller']],
    ['mü', ['Mü', 'Mu']],
    ['strasse', ['Straße']],
    ['straße', ['Straße']],
    ['koeln', ['Köln']],
    ['Köln fährt', ['Köln']],
    ['light', ['light', 'light', 'LIGHT']],
    ['lighthouse', ['lighthouse', 'LIGHTHOUSE']],
    ['house', ['house']],
    ['keeper light', ['keeper', 'keeper']],
    ['light keeper', ['light', 'light']],
    ["don't", ["Don't"]],
    ["don't keeper", ["Don't"]],
    ['naive cafe', ['naïve']],
    ['東京', ['東京']],
    ['タワー', ['タワー']],
    ['привет', ['Привет']],
    ['2026-03', ['2026-03']],
    ['f', ['F', 'F', 'f']],
    ['keeper elephant', []],
    ['eeper', []],
    ['  ', []],
    ['!?', []],
    ['', []],
  ])('finds for %j %j', async (query, expected) => {
    const store = await (await createHistoryBench()).open();
    tellStore(store, texts);
    expect((await marked(store, query)).toSorted()).toEqual(expected.toSorted());
  });

  it('tells where a hit is, newest first across conversations, and cuts a long text between words', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const long = `${'before '.repeat(30)}the needle\nlies here ${'after '.repeat(50)}`;
    const old = tellStore(store, [long], 'Old', BENCH_START_MS);
    const recent = tellStore(store, ['A needle'], 'Recent', BENCH_START_MS + 5);
    const hits = await store.searchMessages('needle lies');
    expect(hits).toEqual([
      {
        conversationId: old.conversation.id,
        conversationTitle: 'Old',
        messageId: old.messages[0]?.id,
        excerpt: expect.stringMatching(/^…before (before )+the needle lies here (after )*after…$/),
        matchStart: expect.any(Number),
        matchEnd: expect.any(Number),
        createdAtMs: BENCH_START_MS,
      },
    ]);
    expect(hits[0]?.excerpt.slice(hits[0].matchStart, hits[0].matchEnd)).toBe('needle');
    expect(hits[0]?.excerpt.length).toBeLessThan(190);
    expect((await store.searchMessages('needle')).map(({ messageId }) => messageId)).toEqual([recent.messages[0]?.id, old.messages[0]?.id]);
  });

  it('follows what becomes of a message: edited, deleted, in the bin and back, conversation renamed', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open();
    const { conversation, messages } = tellStore(store, ['pelican', 'heron'], 'Birds');
    const found = async (query: string): Promise<string[]> => (await store.searchMessages(query)).map((hit) => hit.conversationTitle);
    expect(await found('pelican')).toEqual(['Birds']);
    store.updateMessage(messages[0]?.id ?? '', { text: 'cormorant' });
    expect([await found('pelican'), await found('cormorant')]).toEqual([[], ['Birds']]);
    store.renameConversation(conversation.id, 'Seabirds');
    expect(await found('heron')).toEqual(['Seabirds']);
    store.deleteMessage(messages[1]?.id ?? '');
    expect(await found('heron')).toEqual([]);
    store.deleteConversation(conversation.id, BENCH_START_MS);
    expect(await found('cormorant')).toEqual([]);
    store.restoreConversation(conversation.id);
    await store.dispose();
    expect(await (await bench.open()).searchMessages('cormorant')).toHaveLength(1);
  });

  it('stops at a hundred hits, the newest ones', async () => {
    const store = await (await createHistoryBench()).open();
    tellStore(
      store,
      Array.from({ length: 130 }, (_value, index) => `needle ${index}`),
    );
    const hits = await store.searchMessages('needle');
    expect(hits.map(({ excerpt }) => excerpt)).toEqual(Array.from({ length: 100 }, (_value, index) => `needle ${129 - index}`));
  });

  it('lets other work run in between, sees what it changes, and ends with what it has when the store is closed', async () => {
    const bench = await createHistoryBench();
    const store = await bench.open({ clock: createHastyClock(10) });
    const { messages } = tellStore(
      store,
      Array.from({ length: 30 }, (_value, index) => `needle ${index}`),
    );
    const whole = store.searchMessages('needle');
    store.deleteMessage(messages[3]?.id ?? '');
    expect((await whole).map(({ excerpt }) => excerpt)).not.toContain('needle 3');
    const cut = store.searchMessages('needle');
    await new Promise((resolve) => void setImmediate(resolve));
    await store.dispose();
    const hits = await cut;
    expect(hits.length).toBeGreaterThan(0);
    expect(hits.length).toBeLessThan(29);
  });

  it('finds every word and every beginning of a word that was ever written', async () => {
    const store = await (await createHistoryBench()).open();
    const { conversation } = tellStore(store, []);
    const word = fc.stringMatching(/^[a-zäöüßéñ]{1,10}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), async (words, pick, length) => {
        const chosen = words[pick % words.length] ?? '';
        const beginning = [...chosen].slice(0, 1 + (length % chosen.length)).join('');
        const message = store.insertMessage(messageOf(conversation.id, words.join(' ')));
        const hits = await store.searchMessages(beginning);
        store.deleteMessage(message.id);
        return hits.length === 1;
      }),
      { numRuns: 150 },
    );
  });
});
