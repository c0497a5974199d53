import type { FetchLike } from '@modelcontextprotocol/client';
import { MAX_MESSAGE_BYTES } from './stdio-transport.ts';

/** This machine, by its names in addresses. */
export const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export interface GuardedFetchOptions {
  /** Of the MCP server. */
  server: URL;
  /** The owner's own headers, secrets filled in. They go to the server and to nobody else, also not to an authorization server that it names. */
  headers: Readonly<Record<string, string>>;
  /** Ends every request: the off-switch, and the end of the connection. */
  signal: AbortSignal;
  /** Called in the same tick as each request; throws when nothing may go out. Returns the signal that ends what went out. */
  pass: () => AbortSignal;
  fetch?: FetchLike;
}

/**
 * The network as an MCP server's connection sees it. Other hosts than the server's (for signing in) only with TLS, or on this machine when the server is
 * on this machine, too: a server somewhere else must not make us knock at doors of the owner's own network. Answers are bounded.
 */
export function createGuardedFetch({ server, headers, signal, pass, fetch: send = fetch }: GuardedFetchOptions): FetchLike {
  return async (input, init) => {
    const url = new URL(String(input));
    const isServer = url.origin === server.origin;
    if (!isServer && !isAllowedElsewhere(url, server)) throw new TypeError(`the server sends us to ${url.origin}, which is not secure`);
    const own = new Headers(init?.headers);
    if (isServer) for (const [name, value] of Object.entries(headers)) if (!own.has(name)) own.set(name, value);
    const signals = [signal, pass(), ...(init?.signal ? [init.signal] : [])];
    return bounded(await send(input, { ...init, headers: own, signal: AbortSignal.any(signals) }));
  };
}

function isAllowedElsewhere(url: URL, server: URL): boolean {
  if (LOOPBACK.has(url.hostname)) return LOOPBACK.has(server.hostname);
  return url.protocol === 'https:' && !isPrivateAddress(url.hostname);
}

function lastEventEnd(piece: Uint8Array): number {
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  return Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\r\n\r\n'));
}

/** Addresses written as numbers of networks that are nobody's on the internet. */
function isPrivateAddress(host: string): boolean {
  if (host.startsWith('[')) return !/^\[[23]/.test(host);
  return /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(host);
}

/** A stream of events may be endless, one event of it not; any other body is bounded as a whole. */
function bounded(response: Response): Response {
  if (response.body === null) return response;
  const isStream = response.headers.get('content-type')?.includes('text/event-stream') === true;
  let count = 0;
  const meter = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      const end = isStream ? lastEventEnd(piece) : -1;
      count = end < 0 ? count + piece.byteLength : piece.byteLength - end;
      if (count > MAX_MESSAGE_BYTES) controller.error(new TypeError('the answer is too large'));
      else controller.enqueue(piece);
    },
  });
  const { status, statusText, headers } = response;
  const copy = new Response(response.body.pipeThrough(meter), { status, statusText, headers });
  // The constructor leaves these empty, and the SDK looks at them for redirects.
  Object.defineProperty(copy, 'url', { value: response.url });
  Object.defineProperty(copy, 'redirected', { value: response.redirected });
  return copy;
}
