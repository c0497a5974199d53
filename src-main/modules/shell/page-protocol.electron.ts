import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Session } from 'electron';
import { protocol } from 'electron';
import { EXCHANGE_SOCKETS, pageHeaders } from '../../platform/contract-host/page-policy.ts';
import type { PageResources, ResourceAnswer } from '../../platform/contract-host/index.ts';
import { readPageFile } from '../../platform/contract-host/page-files.ts';

const SCHEME = 'openclaw';
const HOST = 'app';

/** Where the window's page lives. A scheme of our own rather than `file:`, so that the page has an origin and a policy. */
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true } },
  ]);
}

/**
 * Serves the built page and, once the core is there, what it adds (uploads, files of characters); anything else at this scheme is not found. Only our own
 * page can ask: no other is ever loaded (guards.electron.ts).
 */
export function servePage(session: Session, pageDirectory: string, resources: Promise<PageResources>): void {
  session.protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url);
    const isOurs = url.host === HOST;
    const file = isOurs && request.method === 'GET' ? await readPageFile(pageDirectory, url.pathname) : undefined;
    if (file !== undefined) {
      return new Response(new Uint8Array(file.body), {
        headers: { ...pageHeaders(EXCHANGE_SOCKETS), 'content-type': file.contentType, 'cache-control': file.cacheControl },
      });
    }
    const answer = isOurs ? await resources.then((ask) => ask(resourceRequest(request, url))) : undefined;
    if (answer === undefined) return new Response('There is nothing here.', { status: 404, headers: pageHeaders(EXCHANGE_SOCKETS) });
    return resourceResponse(answer);
  });
}

function resourceRequest(request: Request, { pathname }: URL): Parameters<PageResources>[0] {
  const range = request.headers.get('range') ?? undefined;
  return { method: request.method, pathname, isOwn: true, contentLength: undefined, range, body: bytesOf(request) };
}

async function* bytesOf(request: Request): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader();
  if (!reader) return;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function resourceResponse({ status, contentType, cacheControl, body, headers, attachment }: ResourceAnswer): Response {
  const content = body instanceof Uint8Array ? new Uint8Array(body) : Readable.toWeb(streamOf(body));
  return new Response(content as BodyInit, {
    status,
    headers: {
      ...pageHeaders(EXCHANGE_SOCKETS),
      'content-type': contentType,
      'cache-control': cacheControl,
      ...('pieces' in body ? { 'content-length': String(body.sizeBytes) } : {}),
      ...headers,
      ...(attachment === true ? { 'content-disposition': 'attachment' } : {}),
    },
  });
}

function streamOf(body: Exclude<ResourceAnswer['body'], Uint8Array>): Readable {
  if ('path' in body) return createReadStream(body.path);
  // A page that goes away or jumps ends the stream before its end.
  return Readable.from(body.pieces, { objectMode: false }).once('close', body.close);
}

/** Whether a URL is our page, for guards that see URLs of frames and requests. */
export function isPageUrl(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === `${SCHEME}:` && new URL(url).host === HOST;
}
