import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createAgentRig } from '../../../doubles/agent-rig.ts';

const EXCHANGE = { language: 'en', callType: 'desktop-voice' as const, characterId: 'default', asker: { channel: 'voice' as const } };
const SENTENCE = 'The quick brown fox jumps over the lazy dog. ';

describe("createAgent's answer", () => {
  it('streams the answer and says how it went', async () => {
    const rig = await createAgentRig({ answers: [{ text: 'Paris, of course.', firstTokenMs: 80 }] });
    const pieces: string[] = [];
    const result = await rig.ask('What is the capital of France?', { onText: (piece) => pieces.push(piece) });
    expect(pieces).toEqual(['Paris', ',', ' of', ' course', '.']);
    expect(result).toMatchObject({ text: 'Paris, of course.', finishReason: 'stop', timeToFirstTokenMs: 80, completionTokens: 5 });
    expect(result.promptTokens).toBeGreaterThan(0);
  });

  it('sends system prompt, history and question in this order', async () => {
    const rig = await createAgentRig();
    rig.say('user', 'My name is Ada.');
    rig.say('assistant', 'Hello Ada.');
    await rig.ask('  What is my name?\n');
    expect(rig.last().messages.slice(1)).toEqual([
      { role: 'user', text: 'My name is Ada.' },
      { role: 'assistant', text: 'Hello Ada.' },
      { role: 'user', text: 'What is my name?' },
    ]);
    expect(rig.last().messages[0]).toMatchObject({ role: 'system', text: expect.stringContaining('Nova') });
  });

  it('answers without history when the conversation does not exist yet', async () => {
    const rig = await createAgentRig();
    rig.say('user', 'Something else entirely.');
    await rig.ask('Hello?', { conversationId: null });
    expect(rig.last().messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  it('asks for as many tokens as the settings say, but never more than half the context', async () => {
    const wide = await createAgentRig({ settings: { 'languageModel.maxTokens': 640 } });
    await wide.ask('Hello?');
    expect(wide.last().maxTokens).toBe(640);
    const narrow = await createAgentRig({ settings: { 'languageModel.maxTokens': 4_000 }, contextTokens: 1024 });
    await narrow.ask('Hello?');
    expect(narrow.last().maxTokens).toBe(512);
  });

  it('says that an answer ended at its length limit', async () => {
    const numbers = Array.from({ length: 40 }, (_each, index) => index).join(' ');
    const rig = await createAgentRig({ answers: [numbers], settings: { 'languageModel.maxTokens': 32 } });
    expect(await rig.ask('Count.')).toMatchObject({ finishReason: 'length', completionTokens: 32 });
  });

  it.each(['', '   ', '\n\t '])('refuses an empty question: %j', async (question) => {
    const rig = await createAgentRig();
    await expect(rig.ask(question)).rejects.toMatchObject({ code: 'agent.empty-question' });
    expect(rig.model.generations).toEqual([]);
  });

  it('passes on the error of the model, after the words that had come', async () => {
    const cutOff = new AppError('language.cut-off', 'The connection broke off.');
    const rig = await createAgentRig({ answers: [{ text: 'One two three.', error: cutOff, failAfterTokens: 2 }] });
    const pieces: string[] = [];
    await expect(rig.ask('Count.', { onText: (piece) => pieces.push(piece) })).rejects.toBe(cutOff);
    expect(pieces.join('')).toBe('One two');
  });

  it('ends the generation when it is aborted, and passes nothing on afterwards', async () => {
    const rig = await createAgentRig({ answers: ['One two three four five six.'] });
    const controller = new AbortController();
    const pieces: string[] = [];
    const onText = (piece: string): void => {
      pieces.push(piece);
      if (pieces.length === 2) controller.abort();
    };
    expect(await rig.ask('Count.', { signal: controller.signal, onText })).toMatchObject({ text: 'One two', finishReason: 'aborted' });
    expect(rig.last().outcome).toBe('aborted');
    await rig.clock.advance(1_000);
    expect(pieces).toEqual(['One', ' two']);
  });

  it('does not begin to generate when it was aborted before', async () => {
    const rig = await createAgentRig();
    await expect(rig.ask('Hello?', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(rig.model.generations).toEqual([]);
  });

  it('ends an answer that repeats itself', async () => {
    const rig = await createAgentRig({ answers: [`Well, ${'I do not know that. '.repeat(50)}`] });
    const result = await rig.ask('What is it?');
    expect(result.finishReason).toBe('stop');
    expect(result.text.length).toBeLessThan(90);
    expect(rig.last().outcome).toBe('aborted');
  });

  it('writes nothing to the store, so that a speculative answer leaves no trace', async () => {
    const rig = await createAgentRig();
    rig.say('user', 'Hello.');
    const before = rig.store.listMessages(rig.conversationId, { limit: 100 });
    await rig.ask('How are you?');
    expect(rig.store.listMessages(rig.conversationId, { limit: 100 })).toEqual(before);
    expect(rig.store.getConversation(rig.conversationId)).toMatchObject({ title: '' });
  });
});

describe("createAgent's question", () => {
  it('loses its middle when it is too long for the model', async () => {
    const rig = await createAgentRig({ contextTokens: 1024 });
    await rig.ask(`Please look at this: ${SENTENCE.repeat(200)} What colour is the fox?`);
    const { text } = rig.last().messages.at(-1) ?? { text: '' };
    expect(text.startsWith('Please look at this: The quick')).toBe(true);
    expect(text).toContain(' … ');
    expect(text.endsWith('What colour is the fox?')).toBe(true);
    const [tokens = 0] = await rig.model.countTokens([text]);
    expect(tokens).toBeLessThanOrEqual(341);
    expect(tokens).toBeGreaterThan(200);
  });

  it('is shortened until it fits, also when its ends are denser than its middle', async () => {
    const rig = await createAgentRig({ contextTokens: 1024 });
    const dense = 'a b c d e f g h '.repeat(25);
    await rig.ask(`${dense}${'x'.repeat(20_000)} ${dense}`);
    const [tokens = 0] = await rig.model.countTokens([rig.last().messages.at(-1)?.text ?? '']);
    expect(tokens).toBeLessThanOrEqual(341);
  });

  it('is never cut within a character', async () => {
    const rig = await createAgentRig({ contextTokens: 1024 });
    for (const lead of ['', 'x']) {
      await rig.ask(`${lead}${'😀 '.repeat(1_500)}`);
      expect(rig.last().messages.at(-1)?.text).toMatch(/^[^\uD800-\uDFFF]*(?:[\uD800-\uDBFF][\uDC00-\uDFFF][^\uD800-\uDFFF]*)+$/);
    }
  });

  it('is not doubled when it is stored already', async () => {
    const rig = await createAgentRig();
    rig.say('user', 'Hello.');
    rig.say('assistant', 'Hello, what can I do?');
    const stored = rig.say('user', 'Tell me a joke.');
    await rig.ask('Tell me a joke.', { beforeMessageId: stored.id });
    expect(
      rig
        .last()
        .messages.map(({ text }) => text)
        .filter((text) => text.includes('joke')),
    ).toEqual(['Tell me a joke.']);
  });

  it('is asked again without its former answer', async () => {
    const rig = await createAgentRig();
    const stored = rig.say('user', 'Tell me a joke.');
    rig.say('assistant', 'No.');
    rig.say('user', 'Why not?');
    await rig.ask('Tell me a joke.', { beforeMessageId: stored.id });
    expect(rig.last().messages.slice(1)).toEqual([{ role: 'user', text: 'Tell me a joke.' }]);
  });

  it('is joined to one that was never answered, because roles alternate', async () => {
    const rig = await createAgentRig();
    rig.say('user', 'Hello?');
    rig.say('assistant', 'Yes, I am here.', { heardChars: 0, status: 'interrupted' });
    await rig.ask('Are you there?');
    expect(rig.last().messages.slice(1)).toEqual([{ role: 'user', text: 'Hello?\nAre you there?' }]);
  });
});

describe("createAgent's history", () => {
  it('holds only what was heard of an interrupted answer', async () => {
    const rig = await createAgentRig();
    rig.say('user', 'Tell me about London.');
    rig.say('assistant', 'London is large. It has nine million people.', { heardChars: 16, status: 'interrupted' });
    await rig.ask('Go on.');
    expect(rig.last().messages[2]).toEqual({ role: 'assistant', text: 'London is large.' });
    expect(JSON.stringify(rig.last().messages)).not.toContain('million');
  });

  it('holds all of a typed answer that was stopped, for it was read', async () => {
    const rig = await createAgentRig();
    rig.say('user', 'Tell me about London.');
    rig.say('assistant', 'London is large. It', { heardChars: null, status: 'interrupted' });
    await rig.ask('Go on.');
    expect(rig.last().messages[2]).toEqual({ role: 'assistant', text: 'London is large. It' });
  });

  it('leaves out half of an emoji that was heard', async () => {
    const rig = await createAgentRig();
    rig.say('user', 'Smile.');
    rig.say('assistant', 'Gladly 😀 😀', { heardChars: 8, status: 'interrupted' });
    await rig.ask('Again.');
    expect(rig.last().messages[2]).toEqual({ role: 'assistant', text: 'Gladly' });
  });
});

describe("createAgent's prepare", () => {
  it('evaluates exactly what the answer to come begins with', async () => {
    const rig = await createAgentRig();
    rig.say('user', 'My name is Ada.');
    rig.say('assistant', 'Hello Ada.');
    const exchange = { conversationId: rig.conversationId, ...EXCHANGE };
    await rig.finish(rig.agent.prepare(exchange));
    await rig.finish(rig.agent.prepare({ ...exchange, partialQuestion: 'What is' }));
    await rig.ask('What is my name?');
    const [prefix, withQuestion] = rig.model.preloads;
    expect(prefix).toEqual(rig.last().messages.slice(0, -1));
    expect(withQuestion).toEqual([...rig.last().messages.slice(0, -1), { role: 'user', text: 'What is' }]);
  });

  it('never throws, whatever fails', async () => {
    const rig = await createAgentRig();
    const exchange = { conversationId: rig.conversationId, ...EXCHANGE };
    rig.model.countTokens = () => Promise.reject(new AppError('language.crashed', 'It stopped.'));
    await rig.finish(rig.agent.prepare(exchange));
    await rig.finish(rig.agent.prepare({ ...exchange, partialQuestion: 'What' }));
    await rig.settle();
    await rig.store.dispose();
    await rig.finish(rig.agent.prepare(exchange));
    await rig.settle();
    expect(rig.model.preloads).toEqual([]);
  });

  it('chooses the prompt only when the model is known', async () => {
    const rig = await createAgentRig();
    const count = rig.model.countTokens;
    let parameterCount: number | undefined;
    Object.defineProperty(rig.model, 'parameterCount', { get: () => parameterCount });
    // What the router does: counting waits until something is open.
    rig.model.countTokens = async (texts) => {
      parameterCount = 135_000_000;
      return count(texts);
    };
    await rig.finish(rig.agent.prepare({ conversationId: null, ...EXCHANGE }));
    await rig.ask('Hello?', { conversationId: null });
    expect(rig.model.preloads[0]).toEqual(rig.last().messages.slice(0, -1));
  });
});
