import { describe, expect, it } from 'vitest';
import type { Message } from '../../../../src-preload/contract/index.ts';
import { createConversationServiceRig } from '../../../doubles/conversation-service-rig.ts';

describe('createConversationHandlers', () => {
  it('writes a new answer in the place of one that is still being written', async () => {
    const { handlers, caller, store, clock, log, events } = await createConversationServiceRig({
      answers: [{ text: 'The first answer is a long one.', tokenMs: 500 }, 'The second.'],
    });
    const { conversationId } = await handlers['turn.send']({ conversationId: null, text: 'Hello?', speak: false }, caller);
    await clock.advance(1000);
    await handlers['turn.regenerate']({ conversationId }, caller);
    await clock.advance(10_000);
    expect(store.listMessages(conversationId, { limit: 9 }).map(({ text }) => text)).toEqual(['Hello?', 'The second.']);
    // It is written to its end before it is removed, and the page hears of it in that order.
    const [, former] = events.filter(({ name }) => name === 'message.added').map(({ payload }) => payload as Message);
    const told = events.filter(({ name, payload }) => name.startsWith('message.') && JSON.stringify(payload).includes(`"${former?.id}"`));
    expect(told.map(({ name }) => name)).toEqual(['message.added', 'message.changed', 'message.removed']);
    expect(log.messages('error')).toEqual([]);
  });

  it('does not answer words in another conversation than the one they were spoken in', async () => {
    const { handlers, caller, store, clock, listen, hear, talkState } = await createConversationServiceRig();
    const other = store.createConversation({ title: 'Other', createdAtMs: clock.wallMs() });
    const speech = hear(await listen());
    speech.pause('What is the capital');
    expect(talkState()).toBe('listening');
    await handlers['session.setConversation']({ conversationId: other.id }, caller);
    expect(talkState()).toBe('ready');
    speech.end();
    await clock.advance(10_000);
    expect(store.listConversations().map(({ messageCount }) => messageCount)).toEqual([0, 0]);
  });

  it('drops what was being said when a message is typed into another conversation', async () => {
    const { handlers, caller, store, clock, listen, hear } = await createConversationServiceRig();
    const speech = hear(await listen());
    speech.pause('What is the capital');
    const { conversationId } = await handlers['turn.send']({ conversationId: null, text: 'Hello?', speak: false }, caller);
    speech.end();
    await clock.advance(10_000);
    expect(store.listMessages(conversationId, { limit: 9 }).map(({ text }) => text)).toEqual(['Hello?', 'All right.']);
  });
});
