import type { Session, WebContents } from 'electron';
import { app } from 'electron';
import type { Log } from '../../base/log.ts';
import { exchangeAddress } from '../../platform/contract-host/page-policy.ts';
import { isPageUrl } from './page-protocol.electron.ts';

/** What our page may have without asking; everything else is refused. The clipboard is for the copy buttons, which only write. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['media', 'speaker-selection', 'clipboard-sanitized-write']);
/** Requests that stay in this process. Nothing of the page comes from a network. */
const LOCAL_SCHEMES: ReadonlySet<string> = new Set(['openclaw:', 'data:', 'blob:', 'devtools:', 'chrome-extension:']);

/** The one address outside of this process that the page may speak to: the telephone exchange on this machine, while there is one. */
export interface ExchangeGate {
  /** `ws://127.0.0.1:…/ws`; undefined = none. Only what the core has handed to the page itself. */
  use(url: string | undefined): void;
  lets(url: string): boolean;
}

export function createExchangeGate(): ExchangeGate {
  let open: string | undefined;
  return {
    use(url) {
      open = exchangeAddress(url)?.href;
    },
    lets: (url) => open !== undefined && url === open,
  };
}

/** Guards that hold for every page this app will ever open. Call once, before the first window. */
export function guardApp(log: Log): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, log));
  app.on('certificate-error', (event, _contents, url, error, _certificate, decide) => {
    event.preventDefault();
    log.warn('guard.certificate', { url, error });
    decide(false);
  });
}

/** The microphone (never a camera) and the choice of loudspeaker, for our own page; no network but the exchange. */
export function guardSession(session: Session, log: Log, exchange: ExchangeGate): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) => {
    const wantsCamera = 'mediaTypes' in details && details.mediaTypes?.includes('video') === true;
    const granted = ALLOWED_PERMISSIONS.has(permission) && !wantsCamera && isPageUrl(details.requestingUrl);
    if (!granted) log.warn('guard.permission-refused', { permission, url: details.requestingUrl });
    decide(granted);
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    return ALLOWED_PERMISSIONS.has(permission) && details.mediaType !== 'video' && isPageUrl(`${origin.replace(/\/$/, '')}/`);
  });
  session.setDevicePermissionHandler(() => false);
  // Its dictionaries are downloads, which begin with the first page even where no page checks spelling, and pass by the refusal below.
  session.setSpellCheckerLanguages([]);
  session.webRequest.onBeforeRequest((details, decide) => {
    const cancel = !LOCAL_SCHEMES.has(new URL(details.url).protocol) && !exchange.lets(details.url);
    if (cancel) log.warn('guard.request-refused', { url: details.url });
    decide({ cancel });
  });
}

/** A page stays where it is, opens no windows and embeds nothing. */
function guardContents(contents: WebContents, log: Log): void {
  const refuse = (what: string, url: string): void => log.warn(`guard.${what}-refused`, { url });
  contents.on('will-navigate', (event) => {
    if (isPageUrl(event.url) && event.isMainFrame) return;
    refuse('navigation', event.url);
    event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame) return;
    refuse('frame', event.url);
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    refuse('redirect', event.url);
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    refuse('webview', '');
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    refuse('window', url);
    return { action: 'deny' };
  });
}
