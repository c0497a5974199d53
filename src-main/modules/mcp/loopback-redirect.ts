import { timingSafeEqual } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDeferred } from '../../base/deferred.ts';
import { mcpWords } from './mcp-words.ts';

/** What an authorization server sends along when the owner comes back. */
export interface SignInAnswer {
  code: string;
  issuer: string | undefined;
}

/** The address of return of one sign-in: a port of this machine that takes one answer. */
export interface LoopbackRedirect {
  /** `http://127.0.0.1:PORT/callback` */
  readonly url: string;
  /** The answer that carries this state. Rejects when the owner said no, or the door was closed first. */
  answer(state: string): Promise<SignInAnswer>;
  /** Tells the owner's browser how it ended, and closes. */
  finish(worked: boolean): void;
  dispose(): void;
}

export async function openLoopbackRedirect(): Promise<LoopbackRedirect> {
  const result = createDeferred<SignInAnswer | Error>();
  let expected: string | undefined;
  let waiting: { response: ServerResponse; isGerman: boolean } | undefined;
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const address = new URL(`http://127.0.0.1${URL.canParse(`http://127.0.0.1${request.url ?? ''}`) ? request.url : '/'}`);
    const state = address.searchParams.get('state') ?? '';
    // Whoever does not know the state is some other page that knocks at ports.
    if (request.method !== 'GET' || address.pathname !== '/callback' || waiting !== undefined || !isSame(state, expected)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
      return;
    }
    waiting = { response, isGerman: /^\s*de\b/i.test(request.headers['accept-language'] ?? '') };
    const code = address.searchParams.get('code');
    const error = /^[a-z_]{1,40}$/.exec(address.searchParams.get('error') ?? '')?.[0] ?? 'no code';
    result.resolve(code === null ? new Error(error) : { code, issuer: address.searchParams.get('iss') ?? undefined });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const dispose = (): void => {
    result.resolve(new Error('the time for it was over'));
    server.close();
    server.closeAllConnections();
  };
  return {
    url: `http://127.0.0.1:${port}/callback`,
    async answer(state) {
      expected = state;
      const answer = await result.promise;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    finish(worked) {
      if (waiting === undefined) {
        dispose();
        return;
      }
      const words = mcpWords(waiting.isGerman ? 'de' : 'en');
      const { response } = waiting;
      response.writeHead(worked ? 200 : 400, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'",
        connection: 'close',
      });
      const text = worked ? words.signedIn : words.signInFailed;
      response.end(`<!doctype html><meta charset="utf-8"><title>OpenClaw Desktop</title><p>${text}</p>\n`, dispose);
    },
    dispose,
  };
}

function isSame(given: string, wanted: string | undefined): boolean {
  if (wanted === undefined || wanted === '') return false;
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
