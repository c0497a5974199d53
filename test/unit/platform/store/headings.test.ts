import { describe, expect, it } from 'vitest';
import { firstWords } from '../../../../src-main/platform/store/headings.ts';
import { createHistoryBench, messageOf, tellStore } from '../../../doubles/history-bench.ts';

describe('firstWords', () => {
  it.each([
    ['short', 'short'],
    ['  two\n\nlines\t', 'two lines'],
    [`${'word '.repeat(40)}`, `${'word '.repeat(23)}word…`],
    ['x'.repeat(200), `${'x'.repeat(120)}…`],
    [`${'x'.repeat(119)}😀😀`, `${'x'.repeat(119)}…`],
    ['', ''],
  ])('of %j', (text, expected) => {
    expect(firstWords(text)).toBe(expected);
  });
});

describe('the list of conversations', () => {
  it('follows every change of title and last message, also by another process', async () => {
    const bench = await createHistoryBench();
    const keyring = await bench.keyring();
    const store = await bench.open({ keyring });
    const { conversation, messages } = tellStore(store, ['first'], 'Title');
    const list = (): string[] => store.listConversations().map(({ title, preview }) => `${title}: ${preview}`);
    expect(list()).toEqual(['Title: first']);
    const other = await bench.open({ keyring });
    other.renameConversation(conversation.id, 'Renamed');
    other.updateMessage(messages[0]?.id ?? '', { text: 'changed' });
    expect(list()).toEqual(['Renamed: changed']);
    const second = store.insertMessage(messageOf(conversation.id, 'second'));
    expect(list()).toEqual(['Renamed: second']);
    other.deleteMessage(second.id);
    expect(list()).toEqual(['Renamed: changed']);
  });
});
