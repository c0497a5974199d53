import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createConversationServiceRig } from '../../../doubles/conversation-service-rig.ts';

describe('createConversationService', () => {
  it('opens the lines of sound when both workers are ready, and is loading until then', async () => {
    const { service, caller, opened, asked, openAll, settle } = await createConversationServiceRig();
    const starting = service.startSession(caller, { conversationId: null, mode: 'hands-free' });
    await settle();
    expect(service.snapshot(service.client(caller)).talk).toEqual({ state: 'off', reason: 'loading' });
    expect(opened).toEqual([]);
    openAll();
    await settle();
    const { sessionId, talk } = await starting;
    expect([opened, asked('session.open'), talk.state]).toEqual([[sessionId], [sessionId], 'ready']);
  });

  it('tells a page with a session that it has another character, once, and lets the model read who that is', async () => {
    const { service, caller, characters, events, listen, model, settle } = await createConversationServiceRig();
    await listen();
    await settle();
    const told = () =>
      events.filter(({ name }) => name === 'session.changed').map(({ payload }) => (payload as { characterId: string }).characterId);
    const before = told().length;
    characters.set(caller.clientId, 'cyberpunk-host');
    service.characterChanged('cyberpunk-host');
    service.characterChanged('cyberpunk-host');
    service.characterChanged('retro-assistant');
    await settle();
    expect(told().slice(before)).toEqual(['cyberpunk-host']);
    expect(model.preloads.at(-1)?.[0]?.text.startsWith('You are Rex, ')).toBe(true);
  });

  it('closes a session that was given up while it was opening', async () => {
    const { service, caller, opened, asked, openAll, settle } = await createConversationServiceRig();
    const starting = service.startSession(caller, { conversationId: null, mode: 'hands-free' });
    await settle();
    service.stopSession(service.client(caller));
    expect(service.snapshot(service.client(caller)).talk).toEqual({ state: 'off', reason: 'not-started' });
    openAll();
    await settle();
    expect((await starting).sessionId).toBeNull();
    expect([opened, asked('session.close')]).toEqual([[], asked('session.open')]);
  });

  it('closes the session of a page that was closed while it was opening', async () => {
    const { service, caller, opened, asked, openAll, settle } = await createConversationServiceRig();
    const starting = service.startSession(caller, { conversationId: null, mode: 'hands-free' });
    await settle();
    service.clientGone(caller.clientId);
    openAll();
    await settle();
    await starting;
    expect([opened, asked('session.close')]).toEqual([[], asked('session.open')]);
  });

  it('keeps only the later of two sessions that a page asked for at once', async () => {
    const { service, caller, opened, asked, openAll, settle } = await createConversationServiceRig();
    const both = Promise.all([
      service.startSession(caller, { conversationId: null, mode: 'hands-free' }),
      service.startSession(caller, { conversationId: null, mode: 'push-to-talk' }),
    ]);
    await settle();
    openAll();
    await settle();
    const [, { sessionId, mode }] = await both;
    expect([opened, mode]).toEqual([[sessionId], 'push-to-talk']);
    expect(asked('session.close')).toEqual(asked('session.open').filter((id) => id !== sessionId));
  });

  it('closes the session again when the voice cannot start, however late it is opened', async () => {
    const { service, caller, synthesis, opened, asked, openAll, settle } = await createConversationServiceRig();
    synthesis.onStart(() => Promise.reject(new AppError('model.missing', 'There is no voice.')));
    const starting = service.startSession(caller, { conversationId: null, mode: 'hands-free' });
    starting.catch(() => undefined);
    await settle();
    await expect(starting).rejects.toMatchObject({ code: 'model.missing' });
    expect(asked('session.close')).toEqual([]);
    openAll();
    await settle();
    expect([opened, asked('session.close')]).toEqual([[], asked('session.open')]);
  });

  it('tells of the words that were under way when the recognition worker is stopped to load another model', async () => {
    const { recognition, listen, hear, talkState, notices, settle } = await createConversationServiceRig();
    hear(await listen());
    expect(talkState()).toBe('listening');
    await Promise.all([recognition.stop(), settle()]);
    expect([talkState(), notices()]).toEqual(['ready', ['recognition.lost-words']]);
  });

  it('says nothing of a stopped recognition worker when nobody was speaking', async () => {
    const { recognition, listen, notices, settle } = await createConversationServiceRig();
    await listen();
    await Promise.all([recognition.stop(), settle()]);
    expect(notices()).toEqual([]);
  });

  it('keeps work that needs quiet until nobody speaks and no answer is under way', async () => {
    const { service, handlers, caller, listen, hear, clock } = await createConversationServiceRig();
    const done: string[] = [];
    service.whenQuiet(() => done.push('at once'));
    const speech = hear(await listen());
    service.whenQuiet(() => done.push('after the speech'));
    expect([done, service.isTalking()]).toEqual([['at once'], true]);
    speech.end();
    expect([done, service.isTalking()]).toEqual([['at once', 'after the speech'], false]);
    await handlers['turn.send']({ conversationId: null, text: 'Hello?', speak: false }, caller);
    service.whenQuiet(() => done.push('after the answer'));
    expect(done).toHaveLength(2);
    await clock.advance(10_000);
    expect(done.slice(2)).toEqual(['after the answer']);
  });

  it('ends the answers under way when another history takes the place of theirs, and writes nothing of them into it', async () => {
    const { service, handlers, caller, store, messages, log, clock } = await createConversationServiceRig({
      answers: [{ text: 'A long story about a lighthouse.', tokenMs: 500 }],
    });
    const { conversationId } = await handlers['turn.send']({ conversationId: null, text: 'Hello?', speak: false }, caller);
    await clock.advance(1000);
    expect(store.listMessages(conversationId, { limit: 9 }).map(({ role }) => role)).toEqual(['user', 'assistant']);
    service.historyReplaced();
    await clock.advance(60_000);
    expect(store.listMessages(conversationId, { limit: 9 }).map(({ role }) => role)).toEqual(['user']);
    expect([service.isTalking(), messages.unsavedCount(), log.messages('error')]).toEqual([false, 0, []]);
  });
});
