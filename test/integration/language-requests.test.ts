import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createClaudeModel } from '../../src-main/inference/claude/claude-model.ts';
import type { LanguageModel, PromptMessage } from '../../src-main/inference/contracts/index.ts';
import { createOpenAiCompatibleModel } from '../../src-main/inference/openai-compatible/openai-compatible-model.ts';
import { claudeDialect, openAiDialect, startLanguageServer, type LanguageServer, type ServerDialect } from '../doubles/language-server.ts';

const PROMPT: readonly PromptMessage[] = [
  { role: 'system', text: 'You are Nova.' },
  { role: 'user', text: 'My name is Ada.' },
  { role: 'assistant', text: 'Hello Ada.' },
  { role: 'user', text: 'What is my name?' },
];

afterEach(() => vi.unstubAllEnvs());

const generate = (model: LanguageModel) => model.generate(PROMPT, { maxTokens: 50, temperature: 0.3 });

async function startAnswering(dialect: ServerDialect): Promise<LanguageServer> {
  const server = await startLanguageServer(dialect);
  server.onChat((chat) => chat.end(dialect.begin + dialect.words('Ada.') + dialect.end()));
  return server;
}

const openServer = (server: LanguageServer, apiKey: () => string | undefined = () => undefined) =>
  createOpenAiCompatibleModel({ baseUrl: server.url, model: 'qwen3:0.6b', apiKey, clock: systemClock });
const openClaude = (server: LanguageServer) =>
  createClaudeModel({ baseUrl: server.url, model: 'claude-haiku-4-5', apiKey: () => 'sk-ant-key', clock: systemClock });

describe('createOpenAiCompatibleModel', () => {
  it('sends the prompt, the limits and the key of the moment', async () => {
    const server = await startAnswering(openAiDialect);
    const keys = ['sk-first', 'sk-second'];
    const model = openServer(server, () => keys[server.chats.length]);
    await generate(model);
    await generate(model);
    expect(server.chats[0]?.body).toEqual({
      model: 'qwen3:0.6b',
      messages: [
        { role: 'system', content: 'You are Nova.' },
        { role: 'user', content: 'My name is Ada.' },
        { role: 'assistant', content: 'Hello Ada.' },
        { role: 'user', content: 'What is my name?' },
      ],
      max_tokens: 50,
      temperature: 0.3,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(server.chats.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-first', 'Bearer sk-second']);
  });

  it("never sends the owner's keys and accounts for OpenAI to another server", async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-the-shell');
    vi.stubEnv('OPENAI_ORG_ID', 'org-of-the-shell');
    vi.stubEnv('OPENAI_PROJECT_ID', 'project-of-the-shell');
    const server = await startAnswering(openAiDialect);
    await generate(openServer(server));
    expect(JSON.stringify(server.chats[0]?.headers)).not.toContain('of-the-shell');
    expect(server.chats[0]?.headers.authorization).toBe('Bearer none');
  });

  it('asks the server for the size of its context', async () => {
    const server = await startAnswering(openAiDialect);
    server.modelList = { data: [{ id: 'qwen3:0.6b', max_model_len: 32_768 }] };
    const model = openServer(server);
    expect(model.contextTokens).toBe(8192);
    await model.preload(PROMPT);
    expect(model.contextTokens).toBe(32_768);
  });

  it('asks again at its next use when the server was not there yet', async () => {
    const server = await startAnswering(openAiDialect);
    const model = openServer(server);
    await model.preload(PROMPT);
    expect(model.contextTokens).toBe(8192);
    server.modelList = { data: [{ id: 'qwen3:0.6b', max_model_len: 32_768 }] };
    await generate(model);
    await model.preload(PROMPT);
    expect(model.contextTokens).toBe(32_768);
  });

  it('ends its question for the size when it is disposed of', async () => {
    const server = await startLanguageServer(openAiDialect);
    const model = openServer(server);
    await model.dispose();
    await model.preload(PROMPT);
    expect(model.contextTokens).toBe(8192);
  });

  it('reads its size out of its name and estimates tokens from above', async () => {
    const server = await startAnswering(openAiDialect);
    const model = openServer(server);
    expect(model).toMatchObject({ name: 'qwen3:0.6b', parameterCount: 600_000_000 });
    expect(await model.countTokens(['', 'Hi', 'a'.repeat(30)])).toEqual([0, 1, 10]);
  });

  it('counts by itself when the server tells no numbers', async () => {
    const server = await startLanguageServer(openAiDialect);
    server.onChat((chat) =>
      chat.end('data: {"choices":[{"delta":{"content":"Your name is Ada."},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'),
    );
    expect(await generate(openServer(server))).toMatchObject({ text: 'Your name is Ada.', completionTokens: 6, promptTokens: 0 });
  });

  it('says so when reasoning took the whole length of the answer', async () => {
    const server = await startLanguageServer(openAiDialect);
    server.onChat((chat) => chat.end(openAiDialect.begin + openAiDialect.thought('Hm. '.repeat(9)) + openAiDialect.end('length')));
    await expect(generate(openServer(server))).rejects.toMatchObject({ code: 'language.bad-answer' });
  });

  it('refuses an address that is none', () => {
    expect(() => createOpenAiCompatibleModel({ baseUrl: 'my server', model: 'm', apiKey: () => undefined, clock: systemClock })).toThrow(
      expect.objectContaining({ code: 'language.bad-address' }),
    );
  });
});

describe('createClaudeModel', () => {
  it('sends the prompt with its stable beginning marked, without reasoning and without a temperature', async () => {
    const server = await startAnswering(claudeDialect);
    await generate(openClaude(server));
    expect(server.chats[0]?.body).toEqual({
      model: 'claude-haiku-4-5',
      max_tokens: 50,
      system: [{ type: 'text', text: 'You are Nova.', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: 'My name is Ada.' },
        { role: 'assistant', content: 'Hello Ada.' },
        { role: 'user', content: 'What is my name?' },
      ],
      thinking: { type: 'disabled' },
      stream: true,
    });
    expect(server.chats[0]?.headers.authorization).toBe('Bearer sk-ant-key');
  });

  it("never sends other credentials of the owner's shell", async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-of-the-shell');
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'token-of-the-shell');
    const server = await startAnswering(claudeDialect);
    await generate(openClaude(server));
    expect(JSON.stringify(server.chats[0]?.headers)).not.toContain('of-the-shell');
  });

  it('asks a model that cannot do without reasoning once more, with room for it, and remembers', async () => {
    const server = await startLanguageServer(claudeDialect);
    server.onChat((chat) => {
      if ('thinking' in chat.body) chat.answer(400, claudeDialect.errorBody('thinking: disabled is not supported by this model'));
      else chat.end(claudeDialect.begin + claudeDialect.words('Ada.') + claudeDialect.end());
    });
    const model = openClaude(server);
    expect(await generate(model)).toMatchObject({ text: 'Ada.' });
    expect(await generate(model)).toMatchObject({ text: 'Ada.' });
    expect(server.chats.map(({ body }) => body['max_tokens'])).toEqual([50, 4_050, 4_050]);
  });
});
