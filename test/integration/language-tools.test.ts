import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createClaudeModel } from '../../src-main/inference/claude/claude-model.ts';
import type { GenerationOptions, LanguageModel, PromptMessage, ToolDefinition } from '../../src-main/inference/contracts/index.ts';
import { createOpenAiCompatibleModel } from '../../src-main/inference/openai-compatible/openai-compatible-model.ts';
import { claudeDialect, openAiDialect, startLanguageServer, type LanguageServer, type ServerDialect } from '../doubles/language-server.ts';

const ASK: readonly PromptMessage[] = [
  { role: 'system', text: 'You are Nova.' },
  { role: 'user', text: 'What is in my notes?' },
];
const CALLED: readonly PromptMessage[] = [
  ...ASK,
  {
    role: 'assistant',
    text: 'Let me look.',
    toolRequests: [
      { id: 'c1', name: 'list_files', input: { path: '/notes' } },
      { id: 'c2', name: 'read_file', input: '{"path": /x' },
    ],
  },
  { role: 'tool', requestId: 'c1', name: 'list_files', text: 'a.txt' },
  { role: 'tool', requestId: 'c2', name: 'read_file', text: 'not understood' },
];
const TOOLS: readonly ToolDefinition[] = [
  {
    name: 'list_files',
    description: 'Lists files.',
    parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  },
];

const openServer = (server: LanguageServer): LanguageModel =>
  createOpenAiCompatibleModel({ baseUrl: server.url, model: 'm', apiKey: () => undefined, clock: systemClock });
const openClaude = (server: LanguageServer): LanguageModel =>
  createClaudeModel({ baseUrl: server.url, model: 'claude-haiku-4-5', apiKey: () => 'sk-ant-key', clock: systemClock });

async function ask(model: LanguageModel, messages: readonly PromptMessage[], options: Partial<GenerationOptions> = {}) {
  const pieces: string[] = [];
  const result = await model.generate(messages, {
    maxTokens: 50,
    temperature: 0,
    tools: TOOLS,
    onText: (piece) => pieces.push(piece),
    ...options,
  });
  return { ...result, pieces };
}

const lines: { dialect: ServerDialect; open: (server: LanguageServer) => LanguageModel }[] = [
  { dialect: openAiDialect, open: openServer },
  { dialect: claudeDialect, open: openClaude },
];

describe.each(lines)('tools behind a $dialect.name server', ({ dialect, open }) => {
  it('are called after the words in front of them, several at once, out of their pieces', async () => {
    const server = await startLanguageServer(dialect);
    server.onChat((chat) =>
      chat.end(
        dialect.begin +
          dialect.words('Let me look.') +
          dialect.toolCall(0, { id: 'c1', name: 'list_files', input: ['{"pa', 'th":"/no', 'tes"}'] }) +
          dialect.toolCall(1, { id: 'c2', name: 'list_files', input: ['{"path":"/"}'] }) +
          dialect.end(dialect.toolsReason),
      ),
    );
    const model = open(server);
    expect(model.usesTools).toBe(true);
    expect(await ask(model, ASK)).toMatchObject({
      text: 'Let me look.',
      pieces: ['Let me look.'],
      finishReason: 'tools',
      toolRequests: [
        { id: 'c1', name: 'list_files', input: { path: '/notes' } },
        { id: 'c2', name: 'list_files', input: { path: '/' } },
      ],
    });
  });

  it('may be called without a word, and with input that is not JSON, which stays what it is', async () => {
    const server = await startLanguageServer(dialect);
    server.onChat((chat) =>
      chat.end(
        dialect.begin +
          dialect.toolCall(0, { id: 'c1', name: 'list_files', input: ['{"path": /x'] }) +
          dialect.toolCall(1, { id: 'c2', name: 'list_files', input: [] }) +
          dialect.end(dialect.toolsReason),
      ),
    );
    expect(await ask(open(server), ASK)).toMatchObject({
      text: '',
      finishReason: 'tools',
      toolRequests: [
        { id: 'c1', name: 'list_files', input: '{"path": /x' },
        { id: 'c2', name: 'list_files', input: {} },
      ],
    });
  });

  it('are not called when the length cut the call off', async () => {
    const server = await startLanguageServer(dialect);
    server.onChat((chat) =>
      chat.end(
        dialect.begin +
          dialect.words('Let me') +
          dialect.toolCall(0, { id: 'c1', name: 'list_files', input: ['{"path": "/no'] }) +
          dialect.end(dialect.lengthReason),
      ),
    );
    expect(await ask(open(server), ASK)).toMatchObject({ finishReason: 'length', toolRequests: [] });
  });

  it('are told in words when none are offered, since calls would be refused then', async () => {
    const server = await startLanguageServer(dialect);
    server.onChat((chat) => chat.end(dialect.begin + dialect.words('One file.') + dialect.end()));
    expect(await ask(open(server), CALLED, { tools: [] })).toMatchObject({ text: 'One file.', finishReason: 'stop', toolRequests: [] });
    expect(server.chats[0]?.body).not.toHaveProperty('tools');
    expect(JSON.stringify(server.chats[0]?.body)).not.toMatch(/tool_calls|tool_use|tool_result/);
    expect(JSON.stringify(server.chats[0]?.body)).toContain('a.txt\\nnot understood');
  });
});

describe('createOpenAiCompatibleModel with tools', () => {
  it('sends the tools, the calls and their results in its own form', async () => {
    const server = await startLanguageServer(openAiDialect);
    server.onChat((chat) => chat.end(openAiDialect.begin + openAiDialect.words('One file.') + openAiDialect.end()));
    await ask(openServer(server), CALLED);
    expect(server.chats[0]?.body).toMatchObject({
      tools: [{ type: 'function', function: TOOLS[0] }],
      messages: [
        { role: 'system', content: 'You are Nova.' },
        { role: 'user', content: 'What is in my notes?' },
        {
          role: 'assistant',
          content: 'Let me look.',
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'list_files', arguments: '{"path":"/notes"}' } },
            { id: 'c2', type: 'function', function: { name: 'read_file', arguments: '{"unreadable":"{\\"path\\": /x"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'a.txt' },
        { role: 'tool', tool_call_id: 'c2', content: 'not understood' },
      ],
    });
  });

  it.each([
    [400, 'registry.ollama.ai/library/gemma3:latest does not support tools'],
    [400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
    [500, 'tools param requires --jinja flag'],
  ])('asks once more without tools when the server refuses them (%i %s), and remembers', async (status, message) => {
    const server = await startLanguageServer(openAiDialect);
    server.onChat((chat) => {
      if ('tools' in chat.body) chat.answer(status, openAiDialect.errorBody(message));
      else chat.end(openAiDialect.begin + openAiDialect.words('Hello.') + openAiDialect.end());
    });
    const model = openServer(server);
    expect(await ask(model, ASK)).toMatchObject({ text: 'Hello.', finishReason: 'stop' });
    expect(model.usesTools).toBe(false);
    expect(await ask(model, ASK)).toMatchObject({ text: 'Hello.' });
    expect(server.chats.map(({ body }) => 'tools' in body)).toEqual([true, false, false]);
  });

  it('does not ask again for another refusal', async () => {
    const server = await startLanguageServer(openAiDialect);
    server.onChat((chat) => chat.answer(400, openAiDialect.errorBody('temperature out of range')));
    const model = openServer(server);
    await expect(ask(model, ASK)).rejects.toMatchObject({ code: 'language.refused' });
    expect([server.chats.length, model.usesTools]).toEqual([1, true]);
  });

  it('takes a whole call in one piece that ends with "stop", as some servers send it', async () => {
    const server = await startLanguageServer(openAiDialect);
    server.onChat((chat) =>
      chat.end(
        'data: {"choices":[{"delta":{"tool_calls":[{"function":{"name":"list_files","arguments":"{\\"path\\":\\"/\\"}"}}]},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      ),
    );
    expect(await ask(openServer(server), ASK)).toMatchObject({
      finishReason: 'tools',
      toolRequests: [{ id: expect.stringMatching(/^call_/), name: 'list_files', input: { path: '/' } }],
    });
  });
});

describe('createClaudeModel with tools', () => {
  it('sends the tools, the calls and the results of a round in one message', async () => {
    const server = await startLanguageServer(claudeDialect);
    server.onChat((chat) => chat.end(claudeDialect.begin + claudeDialect.words('One file.') + claudeDialect.end()));
    await ask(openClaude(server), CALLED);
    expect(server.chats[0]?.body).toMatchObject({
      tools: [{ name: 'list_files', description: 'Lists files.', input_schema: TOOLS[0]?.parameters }],
      messages: [
        { role: 'user', content: 'What is in my notes?' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Let me look.' },
            { type: 'tool_use', id: 'c1', name: 'list_files', input: { path: '/notes' } },
            { type: 'tool_use', id: 'c2', name: 'read_file', input: { unreadable: '{"path": /x' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'c1', content: 'a.txt' },
            { type: 'tool_result', tool_use_id: 'c2', content: 'not understood' },
          ],
        },
      ],
    });
  });
});
