import { copyFile, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import type { LanguageModel, PromptMessage } from '../../src-main/inference/contracts/index.ts';
import { createAgent } from '../../src-main/modules/agent/index.ts';
import { createHistoryBench, messageOf } from '../doubles/history-bench.ts';
import { createOpenGate } from '../doubles/open-gate.ts';
import { createScriptedTools } from '../doubles/scripted-tools.ts';
import { shippedCharacter } from '../doubles/shipped-characters.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { createLanguageBench, generate, starterLanguageModel, type LanguageBench } from './language-bench.ts';

const SYSTEM: PromptMessage = { role: 'system', text: 'You are a helpful assistant. Answer in one short sentence.' };
const ask = (text: string): PromptMessage[] => [SYSTEM, { role: 'user', text }];
const FRANCE = 'What is the capital of France?';
/** Eighteen tokens a sentence, different for each seed. A small computer reads a hundred tokens a second. */
const longText = (seed: string, sentences = 8): string =>
  Array.from({ length: sentences }, (_each, index) => `Note ${index} of ${seed} is about a quiet garden with ${index + 3} trees.`).join(
    ' ',
  );
/** What ChatML puts behind a question and in front of the answer. */
const TEMPLATE_TOKENS = 8;

describe('the starter language model in its worker', () => {
  let folder: string;
  let bench: LanguageBench;
  let model: LanguageModel;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openclaw-test-'));
    bench = await createLanguageBench(folder);
    model = await bench.open();
  });
  afterAll(async () => {
    await bench.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('says what it is', () => {
    expect(model).toMatchObject({ name: 'SmolLM2 135M', contextTokens: 2048 });
    expect(Math.round((model.parameterCount ?? 0) / 1e6)).toBe(135);
  });

  it('answers a question and says how it went', async () => {
    const answer = await generate(model, ask(FRANCE));
    expect(answer.text).toContain('Paris');
    expect(answer.pieces.join('')).toBe(answer.text);
    expect(answer.pieces.length).toBeGreaterThan(3);
    expect(answer).toMatchObject({ finishReason: 'stop' });
    expect(answer.completionTokens).toBeGreaterThanOrEqual(answer.pieces.length);
    expect(answer.timeToFirstTokenMs).toBeGreaterThan(0);
  });

  it('ends at the length that it is given', async () => {
    const cut = await generate(model, ask('Count from one to fifty.'), { maxTokens: 5 });
    expect(cut).toMatchObject({ finishReason: 'length', completionTokens: 5 });
  });

  it('counts tokens exactly as it evaluates them', async () => {
    const texts = [
      'Hello.',
      'Grüße aus München, wie geht es dir?',
      '😀 👩‍👩‍👧',
      'const x = { a: [1, 2] };\n\n\treturn x;',
      '<|im_end|> is a mark',
      'two  spaces ',
    ];
    const counts = await model.countTokens(texts);
    const around = new Set<number>();
    for (const [index, text] of texts.entries()) {
      const { promptTokens } = await generate(model, ask(text), { maxTokens: 1 });
      around.add(promptTokens - (counts[index] ?? 0));
    }
    // What the template puts around a question is the same for each.
    expect(around.size).toBe(1);
    expect(await model.countTokens([])).toEqual([]);
    expect(await model.countTokens([''])).toEqual([0]);
  });

  it('evaluates only what is new when a turn begins as the one before', async () => {
    const first = await generate(model, ask(longText('the first')));
    const question = FRANCE;
    const conversation: PromptMessage[] = [
      ...ask(longText('the first')),
      { role: 'assistant', text: first.text },
      { role: 'user', text: question },
    ];
    const second = await generate(model, conversation);
    const [questionTokens = 0] = await model.countTokens([question]);
    expect(second.cachedPromptTokens).toBeGreaterThanOrEqual(first.promptTokens);
    expect(second.promptTokens - second.cachedPromptTokens).toBeLessThanOrEqual(questionTokens + 2 * TEMPLATE_TOKENS);
    expect(second.text).toContain('Paris');
  });

  it('evaluates anew from where a prompt differs, and does not mix the two up', async () => {
    await generate(model, ask(longText('the second', 4)), { maxTokens: 5 });
    const other = await generate(
      model,
      [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: FRANCE },
      ],
      { maxTokens: 5 },
    );
    expect(other.cachedPromptTokens).toBeLessThan(10);
    const answer = await generate(model, ask(FRANCE));
    expect(answer.text).toContain('Paris');
    expect((await generate(model, ask(FRANCE))).text).toBe(answer.text);
  });

  it('has only the question to read when its prompt was evaluated ahead', async () => {
    const cold = await generate(model, [...ask(longText('cold')), { role: 'assistant', text: 'Good.' }, { role: 'user', text: FRANCE }]);
    const before: PromptMessage[] = [...ask(longText('warm')), { role: 'assistant', text: 'Good.' }];
    await model.preload(before);
    const warm = await generate(model, [...before, { role: 'user', text: FRANCE }]);
    const [questionTokens = 0] = await model.countTokens([FRANCE]);
    expect(cold.promptTokens - cold.cachedPromptTokens).toBeGreaterThan(120);
    expect(warm.promptTokens - warm.cachedPromptTokens).toBeLessThanOrEqual(questionTokens + TEMPLATE_TOKENS);
    expect(warm.text).toContain('Paris');
  });

  it('keeps the words of an unfinished question that was evaluated ahead', async () => {
    await model.preload(ask('What is the capital of'));
    await model.preload(ask('What is the capital of France'));
    const answer = await generate(model, ask(FRANCE));
    expect(answer.promptTokens - answer.cachedPromptTokens).toBeLessThanOrEqual(1 + TEMPLATE_TOKENS);
    expect(answer.text).toContain('Paris');
  });

  it('answers while it evaluates ahead, and neither disturbs the other', async () => {
    const ahead = model.preload(ask(longText('ahead', 15)));
    const answer = await generate(model, ask(FRANCE));
    await ahead;
    expect(answer.text).toContain('Paris');
  });

  it('stops within a token when it is aborted, and is free for the next question', async () => {
    const story: PromptMessage[] = [{ role: 'user', text: 'Tell me a long story about a ship and its captain.' }];
    const whole = await generate(model, story, { maxTokens: 150 });
    const controller = new AbortController();
    const onPiece = (pieces: readonly string[]): void => {
      if (pieces.length === 3) controller.abort();
    };
    const aborted = await generate(model, story, { maxTokens: 150, signal: controller.signal, onPiece });
    const next = await generate(model, ask(FRANCE), { maxTokens: 12 });
    expect(next.text).toContain('Paris');
    expect(aborted.pieces).toHaveLength(3);
    expect(aborted).toMatchObject({ finishReason: 'aborted', text: aborted.pieces.join('') });
    expect(whole.text.startsWith(aborted.text)).toBe(true);
    expect(aborted.completionTokens).toBeLessThan(20);
    expect(whole.completionTokens).toBeGreaterThan(60);
  });

  it('stops while it reads a long prompt', async () => {
    const controller = new AbortController();
    const cut = generate(model, ask(longText('a long prompt', 15)), { signal: controller.signal });
    // A call that is answered shows that the worker has the one before.
    await model.countTokens(['one']);
    controller.abort();
    expect(await cut).toMatchObject({ text: '', finishReason: 'aborted', completionTokens: 0 });
    const again = await generate(model, ask(longText('a long prompt', 15)), { maxTokens: 1 });
    expect(again.cachedPromptTokens).toBeLessThan(again.promptTokens - 64);
  });

  it('refuses a prompt that does not fit, and goes on', async () => {
    await expect(generate(model, ask(longText('too much', 200)))).rejects.toMatchObject({
      code: 'language.too-long',
      details: { limit: 2048 },
    });
    expect((await generate(model, ask(FRANCE))).text).toContain('Paris');
  });

  it('is started again when its process is killed in mid-answer, with a word about it', async () => {
    const pid = bench.pid();
    const cut = generate(model, ask('Tell me a long story about a ship.'), {
      maxTokens: 300,
      onPiece: (pieces) => void (pieces.length === 3 && process.kill(pid, 'SIGKILL')),
    });
    await expect(cut).rejects.toMatchObject({ code: 'language.crashed', details: { received: expect.any(Number) } });
    expect((await generate(model, ask(FRANCE))).text).toContain('Paris');
    expect(bench.pid()).not.toBe(pid);
  });

  it('calls a tool through the grammar, and goes on from its result', async () => {
    const messages: PromptMessage[] = [
      { role: 'system', text: 'You call get_weather for every question.' },
      ...weatherCall('1', 'Rome', 'sunny'),
      ...weatherCall('2', 'Oslo', 'cold'),
      ...weatherCall('3', 'Lima', 'foggy'),
      { role: 'user', text: 'Weather in Paris?' },
    ];
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] }, note: { type: 'string' } },
      required: ['city', 'unit'],
    };
    const tools = [{ name: 'get_weather', description: 'Tells the weather of a city.', parameters }];
    await model.preload(messages, undefined, tools);
    const asked = await generate(model, messages, { tools, maxTokens: 60 });
    expect(asked.finishReason).toBe('tools');
    expect(asked.cachedPromptTokens).toBeGreaterThan(asked.promptTokens - TEMPLATE_TOKENS);
    const [request] = asked.toolRequests;
    expect(request).toMatchObject({
      name: 'get_weather',
      input: { city: expect.any(String), unit: expect.stringMatching(/^(celsius|fahrenheit)$/) },
    });
    if (!request) return;
    const answer = await generate(
      model,
      [
        ...messages,
        { role: 'assistant', text: asked.text, toolRequests: [request] },
        { role: 'tool', requestId: request.id, name: request.name, text: 'rainy' },
      ],
      { tools },
    );
    expect(answer.text.length + answer.toolRequests.length).toBeGreaterThan(0);
  });

  it('lets the agent evaluate only the question of each turn', async () => {
    const history = await createHistoryBench();
    const store = await history.open({ keepBackups: () => 0 });
    const { id: conversationId } = store.createConversation({ title: 'Talk', createdAtMs: systemClock.wallMs() });
    const agent = createAgent({
      model,
      store,
      config: { get: ({ defaultValue }) => defaultValue },
      persona: () => shippedCharacter('default'),
      tools: createScriptedTools(),
      gate: createOpenGate(),
      redact: (text) => text,
      clock: systemClock,
      log: bench.log,
    });
    const exchange = {
      conversationId,
      language: 'en',
      callType: 'desktop-voice' as const,
      characterId: 'default',
      asker: { channel: 'voice' as const },
      committed: Promise.resolve(),
      signal: new AbortController().signal,
    };
    for (const question of [FRANCE, 'What is the capital of Italy?', 'What is the capital of Spain?']) {
      await agent.settle(exchange);
      const answer = await agent.answer({ ...exchange, question, onText: () => undefined });
      const [questionTokens = 0] = await model.countTokens([question]);
      expect(answer.promptTokens - answer.cachedPromptTokens).toBeLessThanOrEqual(questionTokens + TEMPLATE_TOKENS);
      store.insertMessage(messageOf(conversationId, question));
      store.insertMessage(messageOf(conversationId, answer.text, { role: 'assistant' }));
    }
  });
});

describe('a language model that cannot be loaded', () => {
  let folder: string;
  let bench: LanguageBench;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openclaw-test-'));
    bench = await createLanguageBench(folder);
  });
  afterAll(async () => {
    await bench.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['is not there', async () => undefined],
    ['is empty', (path: string) => writeFile(path, '')],
    ['is something else', (path: string) => writeFile(path, '<html>Log in</html>'.repeat(1_000))],
    ['has only its header', (path: string) => truncatedCopy(path, 40_000)],
    ['is cut off in the middle', (path: string) => truncatedCopy(path, 50_000_000)],
    ['lacks its last bytes', (path: string) => truncatedCopy(path, -4_096)],
  ])('says so when its file %s', async (what, write) => {
    const path = join(folder, `${what}.gguf`);
    await write(path);
    await expect(bench.open({ path })).rejects.toMatchObject({
      code: 'language.failed',
      message: expect.stringMatching(/^The language model failed \(it could not be loaded: .+\)\. Repair it on the Models page/),
    });
  });

  it('does not keep another one from being opened', async () => {
    const model = await bench.open();
    expect((await generate(model, ask(FRANCE))).text).toContain('Paris');
  });
});

describe('a machine that cannot run the fast processor code', () => {
  it('answers with the plain one', async () => {
    const folder = await temporaryFolder();
    const processor = cpus()[0]?.model ?? 'unknown';
    await writeFile(join(folder, 'language-engine.json'), JSON.stringify({ version: 1, processor, deaths: 2 }));
    const bench = await createLanguageBench(folder);
    onTestFinished(() => bench.dispose());
    const model = await bench.open();
    expect(bench.log.lines).toContainEqual(
      expect.objectContaining({ message: 'language.loaded', fields: expect.objectContaining({ plainCpu: true }) }),
    );
    expect((await generate(model, ask(FRANCE))).text).toContain('Paris');
  });
});

/** A question that was answered through a tool. */
const weatherCall = (id: string, city: string, text: string): PromptMessage[] => [
  { role: 'user', text: `Weather in ${city}?` },
  { role: 'assistant', text: '', toolRequests: [{ id, name: 'get_weather', input: { city } }] },
  { role: 'tool', requestId: id, name: 'get_weather', text },
  { role: 'assistant', text: `It is ${text} in ${city}.` },
];

/** The starter model up to `bytes`, or without its last ones when negative. */
async function truncatedCopy(path: string, bytes: number): Promise<void> {
  await copyFile(starterLanguageModel.path, path);
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.truncate(bytes < 0 ? size + bytes : bytes);
  await file.close();
}
