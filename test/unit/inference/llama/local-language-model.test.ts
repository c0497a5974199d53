import { describe, expect, it, vi } from 'vitest';
import type { GenerationResult, LanguageModel, PromptMessage } from '../../../../src-main/inference/contracts/index.ts';
import type { LocalLanguageEngine, LocalModel } from '../../../../src-main/inference/llama/local-language-model.ts';
import { createLanguageWorkerRig, type LanguageWorkerRig, type LanguageWorkerRigOptions } from '../../../doubles/language-worker-rig.ts';

const TINY: LocalModel = {
  name: 'SmolLM2 135M',
  path: '/models/tiny.gguf',
  contextTokens: 4096,
  languages: ['en'],
  threads: 2,
  gpu: 'auto',
};
const PROMPT: readonly PromptMessage[] = [{ role: 'user', text: 'Hello?' }];
/** Longer than the supervisor waits before it starts a process again. */
const RESTART_MS = 10_000;

const written = (text: string, finishReason: GenerationResult['finishReason'] = 'stop'): GenerationResult => ({
  text,
  finishReason,
  toolRequests: [],
  promptTokens: 12,
  cachedPromptTokens: 10,
  completionTokens: 3,
  timeToFirstTokenMs: 1,
});

interface OpenRig extends LanguageWorkerRig {
  engine: LocalLanguageEngine;
  model: LanguageModel;
  pieces: string[];
  ask(signal?: AbortSignal): Promise<GenerationResult>;
}

async function openTiny(options?: LanguageWorkerRigOptions): Promise<OpenRig> {
  const rig = await createLanguageWorkerRig(options);
  const engine = await rig.createEngine();
  const opening = engine.open(TINY);
  await rig.clock.advance(RESTART_MS);
  const model = await opening;
  const pieces: string[] = [];
  return {
    ...rig,
    engine,
    model,
    pieces,
    ask(signal) {
      const answer = model.generate(PROMPT, {
        maxTokens: 20,
        temperature: 0,
        onText: (text) => pieces.push(text),
        ...(signal ? { signal } : {}),
      });
      answer.catch(() => undefined);
      return answer;
    },
  };
}

/** Asks, and lets the request reach the process. */
async function askAndSend(rig: OpenRig, signal?: AbortSignal): Promise<{ answer: Promise<GenerationResult> }> {
  const answer = rig.ask(signal);
  await rig.clock.advance(0);
  return { answer };
}

/** The process died, the next one is asked again: after the note about the death is really on disk. */
async function askedAgain(rig: OpenRig): Promise<void> {
  await rig.clock.advance(RESTART_MS);
  await vi.waitFor(() => rig.request('generate'));
}

/** One answered question, after which the processor is above suspicion. */
async function answerOnce(rig: OpenRig): Promise<void> {
  const { answer } = await askAndSend(rig);
  await rig.reply('generate', written(''));
  await answer;
}

describe('createLocalLanguageEngine', () => {
  it('loads a model and says what it is', async () => {
    const { model, loads } = await openTiny();
    expect(loads()).toEqual([{ modelPath: '/models/tiny.gguf', contextTokens: 4096, threads: 2, gpu: 'auto', plainCpu: false }]);
    expect(model).toMatchObject({ name: 'SmolLM2 135M', contextTokens: 2048, parameterCount: 135_000_000 });
  });

  it('passes on the text as it is written and measures the first word itself', async () => {
    const rig = await openTiny();
    const { answer } = await askAndSend(rig);
    await rig.clock.advance(70);
    await rig.chunk('Hel');
    await rig.chunk('lo.');
    await rig.reply('generate', written('Hello.'));
    expect(await answer).toEqual({ ...written('Hello.'), timeToFirstTokenMs: 70 });
    expect(rig.pieces).toEqual(['Hel', 'lo.']);
    expect(rig.request('generate').params).toEqual({ messages: PROMPT, maxTokens: 20, temperature: 0 });
  });

  it('passes the tools on, and the calls that the model wants back', async () => {
    const rig = await openTiny();
    const tools = [{ name: 'look', description: 'Looks.', parameters: { type: 'object', properties: { at: { type: 'string' } } } }];
    const answer = rig.model.generate(PROMPT, { maxTokens: 20, temperature: 0, tools });
    await rig.clock.advance(0);
    const toolRequests = [{ id: 'call-1', name: 'look', input: { at: 'me' } }];
    await rig.reply('generate', { ...written('', 'tools'), toolRequests });
    expect(await answer).toMatchObject({ finishReason: 'tools', toolRequests });
    expect(rig.request('generate').params).toEqual({ messages: PROMPT, maxTokens: 20, temperature: 0, tools });
    const ahead = rig.model.preload(PROMPT, undefined, tools);
    await rig.clock.advance(0);
    await rig.reply('preload', undefined);
    await ahead;
    expect(rig.request('preload').params).toEqual({ messages: PROMPT, tools });
  });

  it('is not offered tools when it is small, however well its template knows them', async () => {
    const { model } = await openTiny();
    expect(model.usesTools).toBe(false);
  });

  it('cancels the call of an answer that is no longer wanted, and passes nothing on after that', async () => {
    const rig = await openTiny();
    const controller = new AbortController();
    const { answer } = await askAndSend(rig, controller.signal);
    await rig.chunk('Hel');
    controller.abort();
    await rig.chunk('lo.');
    expect(rig.launcher.latest().messages.at(-1)).toMatchObject({ type: 'cancel' });
    await rig.reply('generate', written('Hello.', 'aborted'));
    expect(await answer).toMatchObject({ text: 'Hel', finishReason: 'aborted' });
    expect(rig.pieces).toEqual(['Hel']);
  });

  it('resolves an aborted answer also when the worker does not react', async () => {
    const rig = await openTiny();
    const controller = new AbortController();
    const { answer } = await askAndSend(rig, controller.signal);
    await rig.chunk('Hel');
    controller.abort();
    await rig.clock.advance(5_000);
    expect(await answer).toMatchObject({ text: 'Hel', finishReason: 'aborted' });
  });

  it('tells of a crash in mid-answer, loads the model again and goes on', async () => {
    const rig = await openTiny();
    const { answer } = await askAndSend(rig);
    await rig.chunk('Hello th');
    await rig.die();
    await expect(answer).rejects.toMatchObject({ code: 'language.crashed', details: { received: 8 } });
    const { answer: next } = await askAndSend(rig);
    await rig.clock.advance(RESTART_MS);
    await rig.reply('generate', written(''));
    expect(await next).toMatchObject({ finishReason: 'stop' });
    expect(rig.loads().map(({ plainCpu }) => plainCpu)).toEqual([false, false]);
  });

  it('asks once more with plain code when the process dies at its first prompt', async () => {
    const rig = await openTiny();
    const { answer } = await askAndSend(rig);
    await rig.die();
    await askedAgain(rig);
    await rig.chunk('Hello.');
    await rig.reply('generate', written('Hello.'));
    expect(await answer).toMatchObject({ text: 'Hello.' });
    expect(rig.loads().map(({ plainCpu }) => plainCpu)).toEqual([false, true]);
  });

  it('does not ask a third time', async () => {
    const rig = await openTiny();
    const { answer } = await askAndSend(rig);
    await rig.die();
    await askedAgain(rig);
    await rig.die();
    await expect(answer).rejects.toMatchObject({ code: 'language.crashed', details: { received: 0 } });
  });

  it('does not suspect the processor once there has been an answer', async () => {
    const rig = await openTiny();
    await answerOnce(rig);
    const { answer } = await askAndSend(rig);
    await rig.die();
    await expect(answer).rejects.toMatchObject({ code: 'language.crashed' });
    await rig.clock.advance(RESTART_MS);
    expect(rig.loads().map(({ plainCpu }) => plainCpu)).toEqual([false, false]);
  });

  it('does not ask again for somebody who has given up', async () => {
    const rig = await openTiny();
    const controller = new AbortController();
    const { answer } = await askAndSend(rig, controller.signal);
    controller.abort();
    await rig.die();
    await expect(answer).rejects.toMatchObject({ code: 'language.crashed' });
  });

  it('loads with plain code when the process dies while it loads', async () => {
    const { loads, model } = await openTiny({ onLoad: ({ plainCpu }) => (plainCpu ? 'loaded' : 'die') });
    expect(loads().map(({ plainCpu }) => plainCpu)).toEqual([false, true]);
    expect(model.contextTokens).toBe(2048);
  });

  it('says so when the process dies at every attempt to load', async () => {
    const rig = await createLanguageWorkerRig({ onLoad: () => 'die' });
    const opening = (await rig.createEngine()).open(TINY);
    opening.catch(() => undefined);
    await rig.clock.advance(60_000);
    await expect(opening).rejects.toMatchObject({ code: 'language.crashed' });
  });

  it('closes the breaker for another model, and leaves it open for the one that broke it', async () => {
    const rig = await createLanguageWorkerRig({ onLoad: ({ modelPath }) => (modelPath === TINY.path ? 'die' : 'loaded') });
    const engine = await rig.createEngine();
    const open = async (model: LocalModel): Promise<LanguageModel> => {
      const opening = engine.open(model);
      opening.catch(() => undefined);
      await rig.clock.advance(60_000);
      return opening;
    };
    await expect(open(TINY)).rejects.toMatchObject({ code: 'language.crashed' });
    const attempts = rig.loads().length;
    await expect(open(TINY)).rejects.toMatchObject({ code: 'language.crashed' });
    expect(rig.loads()).toHaveLength(attempts);
    expect(await open({ ...TINY, name: 'Other', path: '/models/other.gguf' })).toMatchObject({ name: 'Other' });
  });

  it('keeps the words of a model that cannot be loaded', async () => {
    const rig = await createLanguageWorkerRig({ onLoad: () => 'wait' });
    const opening = (await rig.createEngine()).open(TINY);
    opening.catch(() => undefined);
    await rig.clock.advance(0);
    await rig.refuse('load', { code: 'language.failed', message: 'It is damaged.', details: {} });
    await expect(opening).rejects.toMatchObject({ code: 'language.failed', message: 'It is damaged.' });
  });

  it("puts errors of the worker's own into the words of language models", async () => {
    const rig = await openTiny();
    const { answer } = await askAndSend(rig);
    await rig.refuse('generate', { code: 'internal.unexpected', message: 'oops', details: {} });
    await expect(answer).rejects.toMatchObject({ code: 'language.failed' });
    const { answer: long } = await askAndSend(rig);
    await rig.refuse('generate', { code: 'language.too-long', message: 'Too long.', details: { tokens: 9, limit: 8 } });
    await expect(long).rejects.toMatchObject({ code: 'language.too-long', details: { tokens: 9, limit: 8 } });
  });

  it('gives each model a process of its own', async () => {
    const rig = await openTiny();
    const first = rig.launcher.latest();
    const opening = rig.engine.open({ ...TINY, name: 'Other', path: '/models/other.gguf' });
    await rig.clock.advance(RESTART_MS);
    const other = await opening;
    expect(rig.launcher.latest()).not.toBe(first);
    expect(first.messages.at(-1)).toMatchObject({ type: 'shutdown' });
    expect(rig.loads().map(({ modelPath }) => modelPath)).toEqual(['/models/tiny.gguf', '/models/other.gguf']);
    // The end of the first must not take the second along.
    await rig.model.dispose();
    expect(rig.launcher.latest().messages.map(({ type }) => type)).not.toContain('shutdown');
    await other.dispose();
    expect(rig.launcher.latest().messages.map(({ type }) => type)).toContain('shutdown');
  });

  it('says that another model takes the place of one that was asked', async () => {
    const rig = await openTiny();
    const { answer } = await askAndSend(rig);
    const opening = rig.engine.open({ ...TINY, path: '/models/other.gguf' });
    await expect(answer).rejects.toMatchObject({ code: 'language.not-ready' });
    await rig.clock.advance(RESTART_MS);
    await opening;
  });

  it('ends the process when it is closed', async () => {
    const rig = await openTiny();
    await rig.engine.close();
    expect(rig.launcher.latest().messages.at(-1)).toMatchObject({ type: 'shutdown' });
  });

  it('counts with the tokenizer of the model', async () => {
    const rig = await openTiny();
    const counting = rig.model.countTokens(['one', 'two three']);
    await rig.clock.advance(0);
    expect(rig.request('countTokens').params).toEqual({ texts: ['one', 'two three'] });
    await rig.reply('countTokens', [1, 3]);
    expect(await counting).toEqual([1, 3]);
  });

  it('evaluates ahead, and an abort of that is no failure', async () => {
    const rig = await openTiny();
    const first = rig.model.preload(PROMPT);
    await rig.clock.advance(0);
    expect(rig.request('preload').params).toEqual({ messages: PROMPT });
    await rig.reply('preload', undefined);
    await first;
    const controller = new AbortController();
    const second = rig.model.preload(PROMPT, controller.signal);
    controller.abort();
    await rig.clock.advance(5_000);
    await second;
  });

  it('tells of a crash while it evaluates ahead', async () => {
    const rig = await openTiny();
    await answerOnce(rig);
    const preload = rig.model.preload(PROMPT);
    preload.catch(() => undefined);
    await rig.clock.advance(0);
    await rig.die();
    await expect(preload).rejects.toMatchObject({ code: 'language.crashed' });
  });
});
