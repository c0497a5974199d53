import { describe, expect, it } from 'vitest';
import type { Message } from '../../../../src-preload/contract/index.ts';
import { createChatStore } from '../../../../src-renderer/stores/chat-store.ts';
import { createScriptedBridge } from '../../../doubles/scripted-bridge.ts';

function message(id: string, patch: Partial<Message> = {}): Message {
  return {
    id,
    conversationId: 'c1',
    role: 'user',
    text: id,
    medium: 'text',
    language: 'en',
    heardChars: null,
    status: 'complete',
    createdAtMs: Number(id.slice(1)),
    ...patch,
  };
}

const ids = (messages: readonly Message[]): string[] => messages.map((entry) => entry.id);

describe('createChatStore', () => {
  it('shows a page of messages and takes in what is told, oldest first', async () => {
    const bridge = createScriptedBridge({ 'conversations.messages': () => [message('m1'), message('m3')] });
    const chat = createChatStore(bridge);
    await chat.getState().open('c1');
    bridge.tell('message.added', message('m2'));
    bridge.tell('message.added', message('m9', { conversationId: 'another' }));
    bridge.tell('message.changed', message('m3', { text: 'changed' }));
    expect(chat.getState().messages.map((entry) => entry.text)).toEqual(['m1', 'm2', 'changed']);
    bridge.tell('message.removed', { conversationId: 'c1', messageId: 'm2' });
    expect(ids(chat.getState().messages)).toEqual(['m1', 'm3']);
  });

  it('keeps what was told while the page was on its way', async () => {
    const bridge = createScriptedBridge({
      'conversations.messages': () => {
        bridge.tell('message.added', message('m2', { text: 'newer' }));
        return [message('m1'), message('m2', { text: 'older' })];
      },
    });
    const chat = createChatStore(bridge);
    await chat.getState().open('c1');
    expect(chat.getState().messages.map((entry) => entry.text)).toEqual(['m1', 'newer']);
  });

  it('drops a page that arrives after another conversation was opened', async () => {
    let release: ((messages: Message[]) => void) | undefined;
    const bridge = createScriptedBridge({
      'conversations.messages': ({ id }) =>
        id === 'slow' ? new Promise<Message[]>((resolve) => (release = resolve)) : [message('m5', { conversationId: 'quick' })],
    });
    const chat = createChatStore(bridge);
    const slow = chat.getState().open('slow');
    await chat.getState().open('quick');
    release?.([message('m1', { conversationId: 'slow' })]);
    await slow;
    expect(ids(chat.getState().messages)).toEqual(['m5']);
  });

  it('loads older pages until there are no more', async () => {
    const pages = [
      Array.from({ length: 60 }, (_, index) => message(`m${index + 100}`)),
      Array.from({ length: 10 }, (_, index) => message(`m${index + 10}`)),
    ];
    const bridge = createScriptedBridge({ 'conversations.messages': ({ beforeMs }) => pages[beforeMs === undefined ? 0 : 1] ?? [] });
    const chat = createChatStore(bridge);
    await chat.getState().open('c1');
    expect(chat.getState().hasOlder).toBe(true);
    await chat.getState().loadOlder();
    await chat.getState().loadOlder();
    expect(chat.getState().messages).toHaveLength(70);
    expect(bridge.calls.map(([, input]) => input)).toEqual([
      { id: 'c1', limit: 60 },
      { id: 'c1', beforeMs: 100, limit: 60 },
    ]);
  });

  it('asks for older ones again after that has failed', async () => {
    const page = Array.from({ length: 60 }, (_, index) => message(`m${index + 100}`));
    let fails = true;
    const bridge = createScriptedBridge({
      'conversations.messages': ({ beforeMs }) => {
        if (beforeMs === undefined) return page;
        if (fails) throw new Error('lost');
        return [message('m1')];
      },
    });
    const chat = createChatStore(bridge);
    await chat.getState().open('c1');
    await expect(chat.getState().loadOlder()).rejects.toThrow('lost');
    expect(chat.getState().hasOlder).toBe(true);
    fails = false;
    await chat.getState().loadOlder();
    expect([chat.getState().messages.length, chat.getState().hasOlder]).toEqual([61, false]);
  });

  it('follows a running answer until it is done', async () => {
    const bridge = createScriptedBridge({ 'conversations.messages': () => [] });
    const chat = createChatStore(bridge);
    await chat.getState().open('c1');
    const progress = { conversationId: 'c1', messageId: 'm7', text: 'Half', heardChars: 2, done: false };
    bridge.tell('answer.progress', progress);
    expect(chat.getState().live).toEqual(progress);
    bridge.tell('answer.progress', { ...progress, conversationId: 'another', text: 'not here' });
    expect(chat.getState().live).toEqual(progress);
    bridge.tell('answer.progress', { ...progress, done: true });
    expect(chat.getState().live).toBeUndefined();
  });

  it('opens the conversation that its first question has made', async () => {
    const bridge = createScriptedBridge({
      'turn.send': () => ({ conversationId: 'c9', messageId: 'm1' }),
      'conversations.messages': () => [message('m1', { conversationId: 'c9' })],
    });
    const chat = createChatStore(bridge);
    await chat.getState().send('Hello?', false);
    expect([chat.getState().currentId, ids(chat.getState().messages)]).toEqual(['c9', ['m1']]);
  });

  it('says so when a conversation cannot be opened', async () => {
    const chat = createChatStore(createScriptedBridge({}));
    await expect(chat.getState().open('c1')).rejects.toThrow('no answer');
    expect(chat.getState().status).toBe('failed');
  });
});
