import { describe, expect, it } from 'vitest';
import type { Message } from '../../../../src-preload/contract/index.ts';
import { placeCalls } from '../../../../src-renderer/features/tools/place-calls.ts';
import { fakeCall } from '../../../doubles/fake-core-hands-data.ts';

const message = (id: string, role: Message['role'], createdAtMs: number): Message => ({
  id,
  conversationId: 'c0',
  role,
  text: id,
  medium: 'text',
  language: 'en',
  heardChars: null,
  status: 'complete',
  createdAtMs,
});
const call = (id: string, createdAtMs: number) => fakeCall({ id, createdAtMs });
const ids = (...given: Parameters<typeof placeCalls>): string[] => placeCalls(...given).map((row) => row.id);
const ALL = { hasOlder: false };

describe('placeCalls', () => {
  it('puts calls between the question that caused them and its answer', () => {
    const messages = [message('question', 'user', 10), message('answer', 'assistant', 40), message('next', 'user', 50)];
    expect(ids(messages, [call('a', 20), call('b', 30)], ALL)).toEqual(['question', 'call-a', 'call-b', 'answer', 'next']);
  });

  it('keeps the order of cause and effect when all bear the same millisecond', () => {
    const messages = [message('question', 'user', 10), message('answer', 'assistant', 10)];
    expect(ids(messages, [call('a', 10)], ALL)).toEqual(['question', 'call-a', 'answer']);
  });

  it('ends with the calls that no answer has followed yet', () => {
    expect(ids([message('question', 'user', 10)], [call('a', 20), call('b', 30)], ALL)).toEqual(['question', 'call-a', 'call-b']);
  });

  it('leaves out calls that belong to messages which are not loaded yet', () => {
    const messages = [message('question', 'user', 100), message('answer', 'assistant', 120)];
    expect(ids(messages, [call('old', 20), call('new', 110)], { hasOlder: true })).toEqual(['question', 'call-new', 'answer']);
    expect(ids(messages, [call('old', 20), call('new', 110)], ALL)).toEqual(['call-old', 'question', 'call-new', 'answer']);
  });

  it('shows calls of a conversation without any message, and nothing while messages are on their way', () => {
    expect(ids([], [call('a', 20)], ALL)).toEqual(['call-a']);
    expect(ids([], [call('a', 20)], { hasOlder: true })).toEqual([]);
  });
});
