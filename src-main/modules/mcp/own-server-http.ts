import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { ProgramAnswer, ProgramRequest } from '../../platform/contract-host/index.ts';
import type { Abilities, McpProgram } from './mcp.ts';
import { createOwnServer } from './own-server.ts';

const MAX_BODY_BYTES = 256 * 1024;
const MAX_UNDER_WAY = 2;
const CALLS_A_MINUTE = 30;
const MAX_SUBSCRIPTIONS = 16;
const OWNER: McpProgram = { id: 'owner', name: 'a program on this computer', mayReadMessages: false };

export interface OwnServerDeps {
  identify: (token: string) => McpProgram | undefined;
  abilities: Abilities;
  version: string;
  locale: () => string;
  clock: Clock;
  log: Log;
}

export interface OwnServerHttp {
  answer(request: ProgramRequest): Promise<ProgramAnswer>;
  dispose(): Promise<void>;
}

/** Streamable HTTP for the assistant's own abilities: one token a program, both protocols, no sessions. */
export function createOwnServerHttp({ identify, abilities, version, locale, clock, log }: OwnServerDeps): OwnServerHttp {
  const enter = createTurnstile(clock);
  const handlers = new Map<string, { program: McpProgram; handler: McpHttpHandler }>();
  /** One a program: what it subscribed to ends with its access. */
  const handlerFor = (program: McpProgram): McpHttpHandler => {
    const known = handlers.get(program.id);
    if (known !== undefined) {
      known.program = program;
      return known.handler;
    }
    const own = { program } as { program: McpProgram; handler: McpHttpHandler };
    own.handler = createMcpHandler(() => createOwnServer({ abilities, program: own.program, version, locale, enter }), {
      maxSubscriptions: MAX_SUBSCRIPTIONS,
      onerror: (error) => log.debug('mcp.request-failed', { program: program.id, error }),
    });
    handlers.set(program.id, own);
    return own.handler;
  };
  return {
    async answer(request) {
      const token = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
      const program = request.isOwner ? OWNER : token === undefined ? undefined : identify(token);
      const body = await readBody(request.body);
      if (program === undefined)
        return refused(
          401,
          'Give the token that OpenClaw Desktop made for this program: "Authorization: Bearer …". See its settings, MCP.',
        );
      if (body === undefined) return refused(413, 'The request is too large.');
      const response = await handlerFor(program).fetch(webRequest(request, body));
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: response.body === null ? null : (response.body as unknown as AsyncIterable<Uint8Array>),
      };
    },
    async dispose() {
      await Promise.all([...handlers.values()].map(({ handler }) => handler.close().catch(() => undefined)));
      handlers.clear();
    },
  };
}

function refused(status: 401 | 413, reason: string): ProgramAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: pieces(Buffer.from(`${reason}\n`)),
  };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** undefined = larger than any request has reason to be. */
async function readBody(body: AsyncIterable<Uint8Array>): Promise<Buffer<ArrayBuffer> | undefined> {
  const read: Uint8Array[] = [];
  let count = 0;
  for await (const piece of body) {
    count += piece.byteLength;
    if (count > MAX_BODY_BYTES) return undefined;
    read.push(piece);
  }
  return Buffer.concat(read);
}

function webRequest({ method, url, headers, signal }: ProgramRequest, body: Buffer<ArrayBuffer>): Request {
  const own = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // The token has done its work: nothing behind this line needs it.
    if (value !== undefined && name !== 'authorization' && name !== 'cookie')
      own.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(url, { method, headers: own, signal, ...(hasBody ? { body } : {}) });
}

/** Keeps one program from taking the assistant for itself. */
function createTurnstile(clock: Clock): (program: McpProgram) => () => void {
  const programs = new Map<string, { underWay: number; startedAtMs: number[] }>();
  return ({ id }) => {
    const nowMs = clock.nowMs();
    const own = programs.get(id) ?? { underWay: 0, startedAtMs: [] };
    programs.set(id, own);
    own.startedAtMs = own.startedAtMs.filter((atMs) => nowMs - atMs < 60_000);
    if (own.underWay >= MAX_UNDER_WAY || own.startedAtMs.length >= CALLS_A_MINUTE) {
      throw new AppError('mcp.too-busy', 'Too many requests of this program at once. Wait for the answers, or for a minute.');
    }
    own.underWay += 1;
    own.startedAtMs.push(nowMs);
    return () => void (own.underWay -= 1);
  };
}
