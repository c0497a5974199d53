import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createDeferred } from '../../src-main/base/deferred.ts';

/** How one kind of server says things; every string is put on the wire as it is. */
export interface ServerDialect {
  name: string;
  /** Where chats are asked for. */
  path: string;
  /** Before the first word. */
  begin: string;
  words(text: string): string;
  /** Reasoning, which nobody is to see. */
  thought(text: string): string;
  /** Behind the last word. `reason` is the dialect's own. */
  end(reason?: string): string;
  /** A call of a tool; its input comes in these pieces. */
  toolCall(index: number, call: { id: string; name: string; input: readonly string[] }): string;
  /** How the dialect says that it waits for tools. */
  toolsReason: string;
  /** How the dialect calls an end by length. */
  lengthReason: string;
  /** A failure told inside a stream that had begun with 200. */
  failure(kind: string, message: string): string;
  /** The body of an answer that is an error. */
  errorBody(message: string): string;
}

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const event = (type: string, fields: object = {}): string => `event: ${type}\n${data({ type, ...fields })}`;
const chunk = (delta: object, finishReason: string | null = null): string =>
  data({
    id: 'chat-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  });

/** OpenAI's chat interface, as Ollama, LM Studio, llama.cpp and vLLM speak it. */
export const openAiDialect: ServerDialect = {
  name: 'OpenAI-compatible',
  path: '/v1/chat/completions',
  begin: chunk({ role: 'assistant', content: '' }),
  words: (text) => chunk({ content: text }),
  thought: (text) => chunk({ reasoning_content: text }),
  end: (reason = 'stop') =>
    chunk({}, reason) +
    data({ id: 'chat-1', choices: [], usage: { prompt_tokens: 31, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 20 } } }) +
    'data: [DONE]\n\n',
  lengthReason: 'length',
  toolCall: (index, { id, name, input }) =>
    chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }) +
    input.map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })).join(''),
  toolsReason: 'tool_calls',
  failure: (kind, message) => data({ error: { message, type: kind, code: kind } }),
  errorBody: (message) => JSON.stringify({ error: { message, type: 'invalid_request_error', code: null } }),
};

/** The messages interface of the Claude API. */
export const claudeDialect: ServerDialect = {
  name: 'Claude',
  path: '/v1/messages',
  begin:
    event('message_start', {
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 9, cache_read_input_tokens: 20, cache_creation_input_tokens: 2, output_tokens: 1 },
      },
    }) + event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  words: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  thought: (text) => event('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: text } }),
  end: (reason = 'end_turn') =>
    event('content_block_stop', { index: 0 }) +
    event('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 7 } }) +
    event('message_stop'),
  lengthReason: 'max_tokens',
  toolCall: (index, { id, name, input }) =>
    event('content_block_start', { index: index + 1, content_block: { type: 'tool_use', id, name, input: {} } }) +
    input
      .map((piece) => event('content_block_delta', { index: index + 1, delta: { type: 'input_json_delta', partial_json: piece } }))
      .join('') +
    event('content_block_stop', { index: index + 1 }),
  toolsReason: 'tool_use',
  failure: (kind, message) => event('error', { error: { type: kind, message } }),
  errorBody: (message) => JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }),
};

/** One request for a chat. */
export interface Chat {
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** Begins a stream of events, unless it has begun. */
  send(text: string | Buffer): void;
  end(text?: string): void;
  /** A whole answer. */
  answer(status: number, body: string, contentType?: string): void;
  /** Ends the connection without a word. */
  cut(): void;
  /** Resolves when the connection is closed, by whomever. */
  closed: Promise<void>;
}

/** A language server on loopback: real HTTP, and the faults that are asked for. */
export interface LanguageServer {
  /** `http://127.0.0.1:port` */
  url: string;
  /** As errors name it. */
  where: string;
  readonly chats: readonly Chat[];
  /** What is done with each chat from now on; the default leaves it open without a word. */
  onChat(react: (chat: Chat) => void): void;
  /** Answer of `/v1/models`; undefined = 404. */
  modelList: unknown;
  /** Resolves when this many chats have been asked for. */
  asked(count: number): Promise<Chat>;
  close(): Promise<void>;
}

export async function startLanguageServer(dialect: ServerDialect): Promise<LanguageServer> {
  const chats: Chat[] = [];
  const waiting: { count: number; resolve: (chat: Chat) => void }[] = [];
  let react: ((chat: Chat) => void) | undefined;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path === '/v1/models' && state.modelList !== undefined) return void reply(response, 200, JSON.stringify(state.modelList));
    if (path !== dialect.path) return void reply(response, 404, '<html><body>Not Found</body></html>', 'text/html');
    void chatOf(request, response).then((chat) => {
      chats.push(chat);
      for (const each of waiting) if (each.count === chats.length) each.resolve(chat);
      react?.(chat);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const state: LanguageServer = {
    url: `http://127.0.0.1:${port}`,
    where: `127.0.0.1:${port}`,
    chats,
    modelList: undefined,
    onChat: (next) => void (react = next),
    asked(count) {
      const chat = chats[count - 1];
      if (chat) return Promise.resolve(chat);
      const { promise, resolve } = createDeferred<Chat>();
      waiting.push({ count, resolve });
      return promise;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  onTestFinished(() => state.close());
  return state;
}

/** The address of a server that is not there any more. */
export async function closedAddress(): Promise<string> {
  const server = await startLanguageServer(openAiDialect);
  await server.close();
  return server.url;
}

async function chatOf(request: IncomingMessage, response: ServerResponse): Promise<Chat> {
  const closed = createDeferred<void>();
  response.on('close', () => closed.resolve());
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const begin = (): void => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  };
  return {
    headers: request.headers,
    body: JSON.parse(Buffer.concat(pieces).toString('utf8')) as Record<string, unknown>,
    send(text) {
      begin();
      response.write(text);
    },
    end(text = '') {
      begin();
      response.end(text);
    },
    answer: (status, body, contentType = 'application/json') => reply(response, status, body, contentType),
    cut: () => void response.socket?.destroy(),
    closed: closed.promise,
  };
}

function reply(response: ServerResponse, status: number, body: string, contentType = 'application/json'): void {
  response.writeHead(status, { 'content-type': contentType });
  response.end(body);
}
