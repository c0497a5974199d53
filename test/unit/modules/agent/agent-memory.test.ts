import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import type { PromptMessage } from '../../../../src-main/inference/contracts/index.ts';
import { createAgentRig, type AgentRig, type AgentRigOptions } from '../../../doubles/agent-rig.ts';
import type { ScriptedAnswer } from '../../../doubles/scripted-language-model.ts';

const isSummary = (messages: readonly PromptMessage[]): boolean => /^(?:Summarise|Fasse)/.test(messages[0]?.text ?? '');

/** An agent with a short memory: about seven turns of fifty tokens fit. */
async function createForgetful(options: AgentRigOptions & { summary?: string | ScriptedAnswer } = {}): Promise<AgentRig> {
  const { summary = 'They talked about numbers.', ...rest } = options;
  return createAgentRig({
    contextTokens: 1024,
    settings: { 'languageModel.maxTokens': 320, 'languageModel.systemPrompt': 'You are Nova.' },
    answers: (messages, index) => (isSummary(messages) ? summary : `Answer ${index}: ${'well '.repeat(20)}.`),
    ...rest,
  });
}

const question = (index: number): string => `Question ${index}: ${'what about it '.repeat(6)}?`;
const summaryPrompts = (rig: AgentRig): string[] =>
  rig.model.generations.flatMap(({ messages }) => (isSummary(messages) ? [messages[1]?.text ?? ''] : []));
const stored = (rig: AgentRig) => rig.store.listMessages(rig.conversationId, { limit: 400 });

async function talk(rig: AgentRig, turns: number, from = 0): Promise<void> {
  for (let index = from; index < from + turns; index += 1) await rig.turn(question(index));
}

/** Turns until the first summary is there. */
async function talkUntilSummary(rig: AgentRig): Promise<number> {
  for (let index = 0; index < 40; index += 1) {
    await rig.turn(question(index));
    if (rig.store.getSummary(rig.conversationId)) return index + 1;
  }
  throw new Error('Nothing fell out of the window');
}

describe("createAgent's memory", () => {
  it('writes down what fell out of the window and shows it in the next prompt', async () => {
    const rig = await createForgetful();
    const turns = await talkUntilSummary(rig);
    const [prompt = ''] = summaryPrompts(rig);
    expect(prompt.startsWith('user: Question 0: what')).toBe(true);
    expect(prompt).toContain('\nassistant: Answer 0: well');
    expect(prompt.endsWith('\n\nSummary:')).toBe(true);
    await rig.ask(question(turns));
    expect(rig.last().messages[0]).toEqual({
      role: 'system',
      text: 'You are Nova.\nEarlier in this conversation: They talked about numbers.',
    });
    expect(rig.last().messages[1]?.role).toBe('user');
    expect(JSON.stringify(rig.last().messages)).not.toContain('Question 0');
  });

  it('never leaves a gap: what the prompt does not show, the summary covers', async () => {
    const rig = await createForgetful();
    for (let index = 0; index < 40; index += 1) {
      await rig.ask(question(index));
      const messages = stored(rig);
      const summarised = messages.findIndex(({ id }) => id === rig.store.getSummary(rig.conversationId)?.throughMessageId) + 1;
      const shown = rig.last().messages.slice(1, -1);
      expect(shown).toEqual(messages.slice(summarised).map(({ role, text }) => ({ role, text })));
      rig.say('user', question(index));
      rig.say('assistant', rig.last().text);
      await rig.settle();
    }
    expect(summaryPrompts(rig).length).toBeGreaterThan(3);
  });

  it('always fits: prompt and longest answer never exceed the context', async () => {
    const rig = await createForgetful();
    for (let index = 0; index < 40; index += 1) {
      const { promptTokens } = await rig.turn(question(index).repeat(1 + (index % 7)));
      expect(promptTokens + 320).toBeLessThanOrEqual(1024);
    }
  });

  it('always fits, also behind the examples of a small model', async () => {
    const rig = await createForgetful({ parameterCount: 135_000_000, settings: { 'languageModel.maxTokens': 320 } });
    for (let index = 0; index < 20; index += 1) {
      const { promptTokens } = await rig.turn(question(index));
      expect(promptTokens + 320).toBeLessThanOrEqual(1024);
    }
    expect(summaryPrompts(rig).length).toBeGreaterThan(1);
  });

  it('finds the whole prompt but the question evaluated ahead at every turn', async () => {
    const rig = await createForgetful();
    for (let index = 0; index < 30; index += 1) {
      const { promptTokens, cachedPromptTokens } = await rig.turn(question(index));
      const [questionTokens = 0] = await rig.model.countTokens([`\nuser: ${question(index)}`]);
      if (index > 0) expect(promptTokens - cachedPromptTokens).toBeLessThanOrEqual(questionTokens);
    }
  });

  it('keeps the prompt of one turn as the beginning of the next until the window slides', async () => {
    const rig = await createForgetful();
    let before: readonly PromptMessage[] = [];
    let slides = 0;
    for (let index = 0; index < 30; index += 1) {
      await rig.ask(question(index));
      const { messages } = rig.last();
      const isSame = JSON.stringify(messages.slice(0, before.length)) === JSON.stringify(before);
      if (!isSame) slides += 1;
      before = messages;
      rig.say('user', question(index));
      rig.say('assistant', rig.last().text);
      await rig.settle();
    }
    expect(slides).toBe(summaryPrompts(rig).length);
    expect(slides).toBeLessThan(10);
  });

  it('carries the earlier summary into the next one, with only what fell out since', async () => {
    const rig = await createForgetful({ answers: (messages, index) => (isSummary(messages) ? `Summary ${index}.` : 'well '.repeat(30)) });
    await talkUntilSummary(rig);
    const first = rig.store.getSummary(rig.conversationId)?.text ?? '';
    for (let index = 20; summaryPrompts(rig).length < 2; index += 1) await rig.turn(question(index));
    const second = summaryPrompts(rig)[1] ?? '';
    expect(second.startsWith(`So far: ${first}\n\nuser: `)).toBe(true);
    expect(second).not.toContain('Question 0');
  });

  it('summarises in the language of the conversation', async () => {
    const rig = await createForgetful({ summary: 'Es ging um Zahlen.' });
    for (let index = 0; index < 12; index += 1) {
      rig.say('user', question(index));
      rig.say('assistant', 'gut '.repeat(25));
    }
    await rig.settle({ language: 'de' });
    expect(summaryPrompts(rig)[0]).toMatch(/Zusammenfassung:$/);
    await rig.ask('Und weiter?', { language: 'de' });
    expect(rig.last().messages[0]?.text).toBe('You are Nova.\nFrüher in diesem Gespräch: Es ging um Zahlen.');
  });

  it('writes down only what was heard of an interrupted answer', async () => {
    const rig = await createForgetful();
    rig.say('user', 'Tell me a secret.');
    rig.say('assistant', 'It is blue. And never heard of.', { heardChars: 11, status: 'interrupted' });
    await talkUntilSummary(rig);
    expect(summaryPrompts(rig)[0]).toContain('assistant: It is blue.\n');
    expect(JSON.stringify(rig.model.generations.map(({ messages }) => messages))).not.toContain('never heard of');
  });

  it('writes a summary also when far more fell out than the model takes', async () => {
    const rig = await createForgetful();
    for (let index = 0; index < 150; index += 1) {
      rig.say('user', question(index));
      rig.say('assistant', 'good '.repeat(25));
    }
    await rig.settle();
    expect(rig.store.getSummary(rig.conversationId)?.text).toBe('They talked about numbers.');
    expect(summaryPrompts(rig)[0]).toMatch(/^user: Question 0:[\s\S]* … [\s\S]*Summary:$/);
  });

  it('keeps a summary short enough to be of use', async () => {
    const rig = await createForgetful({ summary: 'and so on '.repeat(200) });
    await talkUntilSummary(rig);
    const [tokens = 0] = await rig.model.countTokens([rig.store.getSummary(rig.conversationId)?.text ?? '']);
    expect(tokens).toBeLessThanOrEqual(140);
  });
});

describe("createAgent's settle", () => {
  it('tries again after a turn whose summary was aborted', async () => {
    const rig = await createForgetful({ summary: { text: 'They talked about numbers.', tokenMs: 1_000 } });
    for (let index = 0; index < 12; index += 1) {
      rig.say('user', question(index));
      rig.say('assistant', 'good '.repeat(25));
    }
    const controller = new AbortController();
    rig.clock.after(2_500, () => controller.abort());
    await rig.settle({ signal: controller.signal });
    expect(rig.store.getSummary(rig.conversationId)).toBeUndefined();
    expect(rig.model.preloads).toEqual([]);
    await rig.settle();
    expect(rig.store.getSummary(rig.conversationId)?.text).toBe('They talked about numbers.');
  });

  it('keeps what was known when the new summary is empty or fails', async () => {
    for (const summary of ['  ', { text: '', error: new AppError('language.crashed', 'It stopped.') }]) {
      const rig = await createForgetful({ summary });
      await talk(rig, 12);
      expect(summaryPrompts(rig).length).toBeGreaterThan(0);
      expect(rig.store.getSummary(rig.conversationId)).toBeUndefined();
    }
  });

  it('asks for no summary while everything fits', async () => {
    const rig = await createForgetful();
    await talk(rig, 3);
    expect(summaryPrompts(rig)).toEqual([]);
    expect(rig.model.preloads).toHaveLength(3);
  });

  it('leaves alone a summary that knows more than the window has lost', async () => {
    const rig = await createForgetful();
    for (let index = 0; index < 12; index += 1) {
      rig.say('user', question(index));
      rig.say('assistant', 'good '.repeat(25));
    }
    const summary = { text: 'They talked about everything.', throughMessageId: stored(rig).at(-2)?.id ?? '' };
    rig.store.saveSummary(rig.conversationId, summary);
    await rig.settle();
    expect(summaryPrompts(rig)).toEqual([]);
    expect(rig.store.getSummary(rig.conversationId)).toEqual(summary);
  });

  it('evaluates the prompt of the next turn with the new summary in it', async () => {
    const rig = await createForgetful();
    const turns = await talkUntilSummary(rig);
    await rig.ask(question(turns));
    expect(rig.model.preloads.at(-1)).toEqual(rig.last().messages.slice(0, -1));
  });
});
