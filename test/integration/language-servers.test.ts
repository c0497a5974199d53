import { createInstance } from 'i18next';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock, type Clock } from '../../src-main/base/clock.ts';
import { createDeferred } from '../../src-main/base/deferred.ts';
import { AppError, toErrorData } from '../../src-main/base/errors.ts';
import { createClaudeModel } from '../../src-main/inference/claude/claude-model.ts';
import type { GenerationOptions, LanguageModel, PromptMessage } from '../../src-main/inference/contracts/index.ts';
import { createOpenAiCompatibleModel } from '../../src-main/inference/openai-compatible/openai-compatible-model.ts';
import { defaultDeadlines } from '../../src-main/inference/remote/stream-watch.ts';
import { errorsDe } from '../../src-renderer/i18n/errors-de.ts';
import { ERRORS, errorText } from '../../src-renderer/i18n/error-text.ts';
import {
  claudeDialect,
  closedAddress,
  openAiDialect,
  startLanguageServer,
  type Chat,
  type LanguageServer,
  type ServerDialect,
} from '../doubles/language-server.ts';
import { createVirtualClock, type VirtualClock } from '../doubles/virtual-clock.ts';

const KEY = 'sk-secret-0123456789abcdef';
const PROMPT: readonly PromptMessage[] = [
  { role: 'system', text: 'You are Nova.' },
  { role: 'user', text: 'My name is Ada.' },
  { role: 'assistant', text: 'Hello Ada.' },
  { role: 'user', text: 'What is my name?' },
];

interface Line {
  dialect: ServerDialect;
  open(url: string, clock: Clock, apiKey?: string): LanguageModel;
}

const lines: Line[] = [
  {
    dialect: openAiDialect,
    open: (baseUrl, clock, apiKey = KEY) => createOpenAiCompatibleModel({ baseUrl, model: 'qwen3:0.6b', apiKey: () => apiKey, clock }),
  },
  {
    dialect: claudeDialect,
    open: (baseUrl, clock, apiKey = KEY) => createClaudeModel({ baseUrl, model: 'claude-haiku-4-5', apiKey: () => apiKey, clock }),
  },
];

/** Everything that somebody could read of an error: text, details, stack and what it was caused by. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.stack, JSON.stringify(error, Object.getOwnPropertyNames(error)), everythingIn(error.cause)].join('\n');
}

async function germanFor(error: AppError): Promise<string> {
  const words = createInstance();
  await words.init({ lng: 'de', interpolation: { escapeValue: false }, resources: { de: { [ERRORS]: errorsDe } } });
  return errorText(words, toErrorData(error));
}

/** The error of a generation: one of ours, with German words of its own, and without the key. */
async function failureOf(generation: Promise<unknown>): Promise<AppError> {
  const error = await generation.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`Not an AppError: ${String(error)}`);
  expect(everythingIn(error)).not.toContain(KEY);
  expect(await germanFor(error)).not.toBe(error.message);
  return error;
}

const generate = (model: LanguageModel, options: Partial<GenerationOptions> = {}) =>
  model.generate(PROMPT, { maxTokens: 50, temperature: 0.3, ...options });

const printed: unknown[] = [];
beforeEach(() => {
  printed.length = 0;
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, name).mockImplementation((...words) => void printed.push(...words));
});
afterEach(() => {
  // The clients would print what they cannot read, which may be anybody's words.
  expect(printed).toEqual([]);
  vi.restoreAllMocks();
});

describe.each(lines)('a $dialect.name server', ({ dialect, open }) => {
  const setUp = async (react?: (chat: Chat) => void): Promise<{ server: LanguageServer; clock: VirtualClock; model: LanguageModel }> => {
    const server = await startLanguageServer(dialect);
    if (react) server.onChat(react);
    const clock = createVirtualClock();
    return { server, clock, model: open(server.url, clock) };
  };
  /** Says these words and leaves the stream open. */
  const sayWords =
    (...words: string[]) =>
    (chat: Chat): void =>
      chat.send(dialect.begin + words.map(dialect.words).join(''));

  it('streams an answer piece by piece, with its numbers', async () => {
    const { model, server } = await setUp((chat) => {
      chat.send(dialect.begin);
      for (const word of ['Your', ' name', ' is', ' Ada', '.']) chat.send(dialect.words(word));
      chat.end(dialect.end());
    });
    const pieces: string[] = [];
    expect(await generate(model, { onText: (text) => pieces.push(text) })).toEqual({
      text: 'Your name is Ada.',
      finishReason: 'stop',
      toolRequests: [],
      promptTokens: 31,
      cachedPromptTokens: 20,
      completionTokens: 7,
      timeToFirstTokenMs: 0,
    });
    expect(pieces).toEqual(['Your', ' name', ' is', ' Ada', '.']);
    expect(server.chats).toHaveLength(1);
  });

  it('says that an answer ended at its length limit', async () => {
    const { model } = await setUp((chat) => chat.end(dialect.begin + dialect.words('One two') + dialect.end(dialect.lengthReason)));
    expect(await generate(model)).toMatchObject({ text: 'One two', finishReason: 'length' });
  });

  it('takes reasoning out, whether the server marks it or the model writes it', async () => {
    const { model } = await setUp((chat) =>
      chat.end(
        [
          dialect.begin,
          dialect.thought('The user wants a name.'),
          ...['<thi', 'nk>Ada?', '</think>', '\n\nAda', '.'].map(dialect.words),
          dialect.end(),
        ].join(''),
      ),
    );
    expect(await generate(model)).toMatchObject({ text: 'Ada.' });
  });

  it('keeps characters whole that were torn apart on the way', async () => {
    const { model } = await setUp((chat) => {
      const bytes = Buffer.from(dialect.begin + dialect.words('Grüße 😀') + dialect.end());
      const middle = bytes.indexOf(0xf0) + 2;
      chat.send(bytes.subarray(0, middle));
      setImmediate(() => {
        chat.send(bytes.subarray(middle));
        chat.end();
      });
    });
    expect(await generate(model)).toMatchObject({ text: 'Grüße 😀', finishReason: 'stop' });
  });

  it('is unreachable when nothing listens there', async () => {
    const url = await closedAddress();
    const error = await failureOf(generate(open(url, systemClock)));
    expect(error).toMatchObject({
      code: 'language.unreachable',
      details: { where: url.slice('http://'.length), reason: 'nothing listens there' },
    });
  });

  it('is unreachable when it does not speak TLS where it should', async () => {
    const { server, clock } = await setUp();
    const error = await failureOf(generate(open(server.url.replace('http:', 'https:'), clock)));
    expect(error).toMatchObject({ code: 'language.unreachable', details: { where: server.where } });
  });

  it('times out when it does not take the connection', async () => {
    const { server, clock } = await setUp();
    // The deadline for the connection passes before the operating system can have made one.
    const hasty: Clock = {
      ...clock,
      after(delayMs, run) {
        if (delayMs !== defaultDeadlines.connectMs) return clock.after(delayMs, run);
        queueMicrotask(run);
        return { cancel: () => undefined };
      },
    };
    const error = await failureOf(generate(open(server.url, hasty)));
    expect(error).toMatchObject({ code: 'language.timeout', details: { where: server.where, stage: 'connect', seconds: 5 } });
    expect(server.chats).toEqual([]);
  });

  it('times out when it does not begin to answer, and the connection is closed', async () => {
    const { server, clock, model } = await setUp();
    const failure = failureOf(generate(model));
    const chat = await server.asked(1);
    await clock.advance(defaultDeadlines.firstTokenMs);
    expect(await failure).toMatchObject({ code: 'language.timeout', details: { where: server.where, stage: 'first-token', seconds: 90 } });
    await chat.closed;
    expect(clock.pendingTimers()).toBe(0);
  });

  it('may take its time for the first word, as servers do that load the model only then', async () => {
    const { server, clock, model } = await setUp();
    const answer = generate(model);
    const chat = await server.asked(1);
    await clock.advance(defaultDeadlines.firstTokenMs - 1);
    chat.end(dialect.begin + dialect.words('Ada.') + dialect.end());
    expect(await answer).toMatchObject({ text: 'Ada.', timeToFirstTokenMs: defaultDeadlines.firstTokenMs - 1 });
  });

  it('times out when it falls silent in mid-answer, and the connection is closed', async () => {
    const { server, clock, model } = await setUp(sayWords('Your', ' name'));
    const pieces: string[] = [];
    const { promise: heard, resolve } = createDeferred<void>();
    const onText = (text: string): void => {
      if (pieces.push(text) === 2) resolve();
    };
    const failure = failureOf(generate(model, { onText }));
    await heard;
    await clock.advance(defaultDeadlines.idleMs);
    expect(await failure).toMatchObject({ code: 'language.timeout', details: { where: server.where, stage: 'idle', seconds: 20 } });
    expect(pieces).toEqual(['Your', ' name']);
    await (
      await server.asked(1)
    ).closed;
  });

  it.each([
    ['the connection is reset', (chat: Chat) => setImmediate(() => chat.cut())],
    ['the stream ends without its end mark', (chat: Chat) => chat.end()],
    ['it tells of a failure of its own', (chat: Chat) => chat.end(dialect.failure('api_error', `Out of memory ${KEY}`))],
  ])('is cut off in mid-answer when %s', async (_how, breakOff) => {
    const { server, model } = await setUp((chat) => {
      sayWords('Your', ' name')(chat);
      breakOff(chat);
    });
    const pieces: string[] = [];
    const error = await failureOf(generate(model, { onText: (text) => pieces.push(text) }));
    expect(error).toMatchObject({ code: 'language.cut-off', details: { where: server.where, received: pieces.join('').length } });
    expect(server.chats).toHaveLength(1);
  });

  it.each([
    ['a web page', (chat: Chat) => chat.answer(200, '<!doctype html><html><body>Log in</body></html>', 'text/html; charset=utf-8')],
    ['JSON that is no stream', (chat: Chat) => chat.answer(200, '{"choices":[{"message":{"content":"Ada"}}]}')],
    ['broken JSON in the stream', (chat: Chat) => chat.end(dialect.begin.replaceAll('}', ''))],
    ['an event that is no answer', (chat: Chat) => chat.end('event: message_start\ndata: 42\n\n')],
    ['an empty stream', (chat: Chat) => chat.end()],
    ['plain text', (chat: Chat) => chat.answer(200, 'Hello there, this is a printer.', 'text/plain')],
    ['bytes', (chat: Chat) => chat.answer(200, '\u0000\u0001\uFFFD\n\n\u0002', 'application/octet-stream')],
  ])('gives a bad answer when it sends %s', async (_what, react) => {
    const { server, model } = await setUp(react);
    expect(await failureOf(generate(model))).toMatchObject({ code: 'language.bad-answer', details: { where: server.where } });
  });

  it.each([
    [401, `Incorrect API key provided: ${KEY}.`, 'language.unauthorized'],
    [403, `Key ${KEY} may not do that`, 'language.unauthorized'],
    [404, 'model "qwen3:0.6b" not found, try pulling it first', 'language.model-missing'],
    [404, 'no such page', 'language.bad-answer'],
    [400, "This model's maximum context length is 2048 tokens", 'language.too-long'],
    [413, 'Request too large', 'language.too-long'],
    [400, `tools are not supported for ${KEY}`, 'language.refused'],
    [422, 'temperature out of range', 'language.refused'],
    [429, `Rate limit reached for ${KEY}`, 'language.busy'],
    [503, 'loading', 'language.busy'],
    [529, 'Overloaded', 'language.busy'],
    [500, `internal error at ${KEY}`, 'language.server-error'],
    [502, 'bad gateway', 'language.server-error'],
  ])('answering %i (%s) means %s', async (status, message, code) => {
    const { server, model } = await setUp((chat) => chat.answer(status, dialect.errorBody(message)));
    const error = await failureOf(generate(model));
    expect(error.code).toBe(code);
    expect(error.message).not.toContain(message);
    expect(server.chats).toHaveLength(1);
  });

  it.each([
    [500, '', 'language.server-error'],
    [502, '<html>Bad Gateway</html>', 'language.server-error'],
    [401, '', 'language.unauthorized'],
    [404, '<html>Not Found</html>', 'language.bad-answer'],
    [429, 'slow down', 'language.busy'],
  ])('answering %i with %j instead of JSON means %s', async (status, body, code) => {
    const { model } = await setUp((chat) => chat.answer(status, body, 'text/html'));
    expect(await failureOf(generate(model))).toMatchObject({ code });
  });

  it.each([
    ['overloaded_error', 'language.busy'],
    ['rate_limit_error', 'language.busy'],
    ['authentication_error', 'language.unauthorized'],
    ['api_error', 'language.server-error'],
    ['internal_error', 'language.server-error'],
  ])('failing with %s before its first word means %s', async (kind, code) => {
    for (const begin of ['', dialect.begin]) {
      const { model } = await setUp((chat) => chat.end(begin + dialect.failure(kind, `It failed for ${KEY}`)));
      expect(await failureOf(generate(model))).toMatchObject({ code });
    }
  });

  it('gives a bad answer when nothing answers chats at its address', async () => {
    const { server, clock } = await setUp();
    expect(await failureOf(generate(open(`${server.url}/elsewhere`, clock)))).toMatchObject({ code: 'language.bad-answer' });
  });

  it('is cut off when it closes the connection instead of answering', async () => {
    const { server, model } = await setUp((chat) => chat.cut());
    expect(await failureOf(generate(model))).toMatchObject({ code: 'language.cut-off', details: { received: 0 } });
    expect(server.chats).toHaveLength(1);
  });

  it.each([`${KEY}\n${KEY}`, `„${KEY}“`])('is said not to accept a key that no request can carry: %j', async (key) => {
    const { server, clock } = await setUp();
    expect(await failureOf(generate(open(server.url, clock, key)))).toMatchObject({ code: 'language.unauthorized' });
    expect(server.chats).toEqual([]);
  });

  it.each([
    ['the connection breaks', (chat: Chat) => setImmediate(() => chat.cut())],
    ['it says nonsense', (chat: Chat) => chat.end(dialect.failure('api_error', 'oops'))],
  ])('has answered whatever happens behind the end: %s', async (_what, react) => {
    const { model } = await setUp((chat) => {
      chat.send(dialect.begin + dialect.words('Ada.') + dialect.end().replace('data: [DONE]\n\n', ''));
      react(chat);
    });
    expect(await generate(model)).toMatchObject({ text: 'Ada.', finishReason: 'stop', completionTokens: 7 });
  });

  it('has its connection closed at once by an abort, and says nothing more', async () => {
    const { server, clock, model } = await setUp(sayWords('Your', ' name', ' is', ' Ada'));
    const controller = new AbortController();
    const pieces: string[] = [];
    const result = await generate(model, {
      signal: controller.signal,
      onText: (text) => {
        pieces.push(text);
        if (pieces.length === 2) controller.abort();
      },
    });
    expect(result).toMatchObject({ text: 'Your name', finishReason: 'aborted' });
    const chat = await server.asked(1);
    await chat.closed;
    expect(clock.pendingTimers()).toBe(0);
  });

  it('has its connection closed by an abort before the first word', async () => {
    const { server, clock, model } = await setUp();
    const controller = new AbortController();
    const answer = generate(model, { signal: controller.signal });
    const chat = await server.asked(1);
    controller.abort();
    expect(await answer).toMatchObject({ text: '', finishReason: 'aborted' });
    await chat.closed;
    expect(clock.pendingTimers()).toBe(0);
  });

  it('is not asked at all when the answer is no longer wanted', async () => {
    const { server, model } = await setUp();
    expect(await generate(model, { signal: AbortSignal.abort() })).toMatchObject({ text: '', finishReason: 'aborted' });
    expect(server.chats).toEqual([]);
  });

  it('answers again after every kind of failure', async () => {
    const { server, model } = await setUp((chat) => chat.cut());
    await failureOf(generate(model));
    server.onChat((chat) => chat.answer(500, dialect.errorBody('oops')));
    await failureOf(generate(model));
    server.onChat((chat) => chat.end(dialect.begin + dialect.words('Ada.') + dialect.end()));
    expect(await generate(model)).toMatchObject({ text: 'Ada.', finishReason: 'stop' });
  });
});
