import type { Bridge, PreloadApi } from '../../src-preload/contract/index.ts';
import { createWindowDoor } from './window-door.ts';

declare global {
  interface Window {
    /** Put there by the preload; absent in a browser. */
    readonly openclaw?: PreloadApi;
  }
}

/** The door that this page has: the preload in the window, a WebSocket in a browser. */
export async function createBridge(page: Window): Promise<Bridge> {
  if (page.openclaw) return createWindowDoor(page.openclaw, page);
  const { createBrowserDoor } = await import('./browser-door.ts');
  const pageUrl = page.location.href;
  return createBrowserDoor({ pageUrl, createSocket: (url) => new WebSocket(url), isLockedOut: () => isLockedOut(pageUrl) });
}

/** The core answers 403 to a page whose cookie it does not know; a socket that is turned away does not say why. */
async function isLockedOut(pageUrl: string): Promise<boolean> {
  try {
    return (await fetch(pageUrl, { method: 'HEAD', cache: 'no-store' })).status === 403;
  } catch {
    return false;
  }
}
