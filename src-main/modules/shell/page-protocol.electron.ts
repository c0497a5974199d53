import type { Session } from 'electron';
import { protocol } from 'electron';
import { pageHeaders } from '../../platform/contract-host/page-policy.ts';
import { readPageFile } from '../../platform/contract-host/page-files.ts';

const SCHEME = 'openclaw';
const HOST = 'app';

/** Where the window's page lives. A scheme of our own rather than `file:`, so that the page has an origin and a policy. */
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** Must run before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built page; anything else at this scheme is not found. */
export function servePage(session: Session, pageDirectory: string): void {
  session.protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url);
    const file = url.host === HOST && request.method === 'GET' ? await readPageFile(pageDirectory, url.pathname) : undefined;
    if (file === undefined) return new Response('There is nothing here.', { status: 404, headers: pageHeaders() });
    return new Response(new Uint8Array(file.body), {
      headers: { ...pageHeaders(), 'content-type': file.contentType, 'cache-control': file.cacheControl },
    });
  });
}

/** Whether a URL is our page, for guards that see URLs of frames and requests. */
export function isPageUrl(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === `${SCHEME}:` && new URL(url).host === HOST;
}
