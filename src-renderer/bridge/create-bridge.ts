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
  return createBrowserDoor({ pageUrl: page.location.href, createSocket: (url) => new WebSocket(url) });
}
