import { describe, expect, it } from 'vitest';
import type { Message } from '../../../../src-preload/contract/index.ts';
import { createConversationServiceRig } from '../../../doubles/conversation-service-rig.ts';

type Rig = Awaited<ReturnType<typeof createConversationServiceRig>>;
const send = (rig: Rig, text: string, conversationId: string | null = null) =>
  rig.handlers['turn.send']({ conversationId, text, speak: false }, rig.caller);
const added = (rig: Rig) => rig.events.filter(({ name }) => name === 'message.added').map(({ payload }) => payload as Message);
const textsIn = (rig: Rig, conversationId: string) =>
  rig.store.listMessages(conversationId, { limit: 9 }).map(({ role, text }) => [role, text]);

describe('typed words', () => {
  it('that mean "stop everything" stop it before any model, and stay in the history', async () => {
    const rig = await createConversationServiceRig({ answers: [{ text: 'A long story.', tokenMs: 500 }] });
    const { conversationId } = await send(rig, 'Tell me a story.');
    await rig.clock.advance(600);
    await send(rig, 'Stop everything!', conversationId);
    await rig.clock.advance(10_000);
    expect([rig.stops, rig.model.generations.length]).toEqual([['typed'], 1]);
    expect(textsIn(rig, conversationId)).toContainEqual(['user', 'Stop everything!']);
  });

  it('that answer a question of a tool begin no turn and end none', async () => {
    const rig = await createConversationServiceRig({
      answers: [{ text: 'A long story.', tokenMs: 500 }],
      tools: { hear: (words) => words === 'yes, run it' },
    });
    const { conversationId } = await send(rig, 'Tell me a story.');
    await rig.clock.advance(600);
    await send(rig, 'yes, run it', conversationId);
    await rig.clock.advance(10_000);
    expect(rig.tools.heard.at(-1)).toEqual({ words: 'yes, run it', asker: { channel: 'window' } });
    expect(rig.model.generations.map(({ outcome }) => outcome)).toEqual(['stop']);
    expect(textsIn(rig, conversationId).toSorted()).toEqual([
      ['assistant', 'A long story.'],
      ['user', 'Tell me a story.'],
      ['user', 'yes, run it'],
    ]);
  });

  it('are asked with who typed them, and where', async () => {
    const rig = await createConversationServiceRig({
      usesTools: true,
      answers: [{ text: '', toolRequests: [{ name: 'look', input: {} }] }, 'Done.'],
      tools: { names: ['look'], run: () => ({ tainted: true }) },
    });
    const { conversationId } = await rig.handlers['turn.send'](
      { conversationId: null, text: 'Look!', speak: false },
      { clientId: 'other', door: 'browser' },
    );
    await rig.clock.advance(10_000);
    expect(rig.tools.calls.map(({ turn }) => [turn.asker, turn.conversationId])).toEqual([[{ channel: 'browser' }, conversationId]]);
    expect(rig.store.listMessages(conversationId, { limit: 9 }).map(({ tainted }) => tainted)).toEqual([undefined, true]);
  });

  it('are refused while answers are stopped, and nothing is stored', async () => {
    const rig = await createConversationServiceRig();
    rig.gate.shut('answer');
    await expect(async () => send(rig, 'Hello?')).rejects.toMatchObject({ code: 'killswitch.engaged' });
    expect(rig.store.listConversations().map(({ messageCount }) => messageCount)).toEqual([0]);
  });

  it('are not answered anew when the stop comes while the former answer ends', async () => {
    const rig = await createConversationServiceRig({ answers: [{ text: 'A long story about a lighthouse.', tokenMs: 500 }, 'Another.'] });
    const { conversationId } = await send(rig, 'Tell me a story.');
    await rig.clock.advance(1_200);
    const again = expect(Promise.resolve(rig.handlers['turn.regenerate']({ conversationId }, rig.caller))).rejects.toMatchObject({
      code: 'killswitch.engaged',
    });
    rig.gate.shut('answer');
    await again;
    await rig.clock.advance(5_000);
    expect(rig.model.generations).toHaveLength(1);
    expect(rig.store.listMessages(conversationId, { limit: 9 }).map(({ role }) => role)).toEqual(['user', 'assistant']);
  });
});

describe('spoken words while answers are stopped', () => {
  it('get a notice that says so', async () => {
    const rig = await createConversationServiceRig();
    const speech = rig.hear(await rig.listen());
    rig.gate.shut('answer');
    speech.pause('What is the capital of France?');
    speech.end();
    await rig.clock.advance(5_000);
    expect(rig.notices()).toEqual(['killswitch.engaged']);
    expect(rig.model.generations).toEqual([]);
  });
});

describe('stopAllAnswers', () => {
  it('ends every answer with its sound, of every page, and names the conversations', async () => {
    const rig = await createConversationServiceRig({ answers: [{ text: 'A long story about a lighthouse.', tokenMs: 500 }] });
    const first = await send(rig, 'Tell me a story.');
    await rig.handlers['turn.send']({ conversationId: null, text: 'And another.', speak: false }, { clientId: 'other', door: 'browser' });
    await rig.clock.advance(1_000);
    expect(await rig.service.stopAllAnswers()).toEqual(['Tell me a story', 'And another']);
    await rig.clock.advance(10);
    expect(rig.model.generations.map(({ outcome }) => outcome)).toEqual(['aborted', 'aborted']);
    expect(rig.service.isTalking()).toBe(false);
    expect(rig.store.listMessages(first.conversationId, { limit: 9 }).at(-1)).toMatchObject({ role: 'assistant', status: 'interrupted' });
    expect(await rig.service.stopAllAnswers()).toEqual([]);
  });

  it('drops an answer that nobody was to hear yet', async () => {
    const rig = await createConversationServiceRig({ answers: [{ text: 'A long story.', tokenMs: 500 }] });
    const speech = rig.hear(await rig.listen());
    speech.pause('Tell me a');
    await rig.settle();
    await rig.service.stopAllAnswers();
    await rig.settle();
    expect(rig.model.generations.map(({ outcome }) => outcome)).toEqual(['aborted']);
    speech.end();
    await rig.clock.advance(5_000);
    expect(rig.store.listConversations().map(({ messageCount }) => messageCount)).toEqual([0]);
  });
});

describe('endSessions', () => {
  it('closes every microphone: nobody listens before it is opened again', async () => {
    const rig = await createConversationServiceRig();
    await rig.listen();
    rig.service.endSessions();
    expect(await rig.handlers['session.snapshot']({}, rig.caller)).toMatchObject({
      sessionId: null,
      talk: { state: 'off', reason: 'not-started' },
    });
    expect(rig.events.at(-1)).toMatchObject({ name: 'session.changed', payload: { sessionId: null } });
  });
});

describe('announce', () => {
  it('is a message in the conversation in front when nobody listens', async () => {
    const rig = await createConversationServiceRig();
    const { conversationId } = await send(rig, 'Set a timer.');
    await rig.clock.advance(5_000);
    rig.service.announce('The eggs are done.', 'en');
    expect(textsIn(rig, conversationId).at(-1)).toEqual(['assistant', 'The eggs are done.']);
    expect(added(rig).at(-1)).toMatchObject({ medium: 'text', status: 'complete', heardChars: null });
  });

  it('is a message in the conversation that was used last, or a new one, when no page is there', async () => {
    const rig = await createConversationServiceRig();
    rig.service.announce('Good morning.', 'en');
    rig.service.announce('A page says hello.', 'en', { tainted: true });
    const [conversation, ...others] = rig.store.listConversations().filter(({ messageCount }) => messageCount > 0);
    expect(others).toEqual([]);
    expect(rig.store.listMessages(conversation?.id ?? '', { limit: 9 }).map(({ text, tainted }) => [text, tainted])).toEqual([
      ['Good morning.', undefined],
      ['A page says hello.', true],
    ]);
  });

  it('is spoken where a session is open, as soon as nobody talks', async () => {
    const rig = await createConversationServiceRig();
    const speech = rig.hear(await rig.listen());
    rig.service.announce('The eggs are done.', 'en');
    await rig.clock.advance(1_000);
    expect(
      rig.voice
        .latest()
        .requests()
        .filter(({ method }) => method === 'speak'),
    ).toEqual([]);
    speech.end();
    await rig.settle();
    const spoken = rig.voice
      .latest()
      .requests()
      .filter(({ method }) => method === 'speak');
    expect(spoken.map(({ params }) => (params as { text: string }).text)).toEqual(['The eggs are done.']);
  });

  it('stays silent, but is not lost, while answers are stopped', async () => {
    const rig = await createConversationServiceRig();
    await rig.listen();
    rig.gate.shut('answer');
    rig.service.announce('The eggs are done.', 'en');
    await rig.settle();
    expect(added(rig).map(({ text, medium }) => [text, medium])).toEqual([['The eggs are done.', 'text']]);
  });
});

describe('speakQuestion', () => {
  it('is said inside the answer that waits, which goes on', async () => {
    const rig = await createConversationServiceRig({
      usesTools: true,
      answers: [{ text: '', toolRequests: [{ name: 'look', input: {} }] }, 'Done.'],
      tools: { names: ['look'], run: () => new Promise(() => undefined) },
    });
    const speech = rig.hear(await rig.listen());
    speech.pause('Look into my notes.');
    speech.end();
    await rig.clock.advance(500);
    rig.service.speakQuestion('May I?', 'en');
    expect(rig.service.client(rig.caller).floor.current()?.text()).toBe('May I? ');
    expect(rig.model.generations).toHaveLength(1);
  });
});
