import { BrowserWindow, screen } from 'electron';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import { placeFaceWindow, readFaceWindowBounds, writeFaceWindowBounds, type FaceWindowShape } from './face-window-state.ts';
import { PAGE_ORIGIN } from './page-protocol.electron.ts';

/**
 * The face in a small window of its own: without a frame, on top of everything, on any screen. It has no preload and reaches nothing of the core: the
 * window's page tells it over a BroadcastChannel what to draw.
 */
export interface FaceWindow extends Disposable {
  isOpen(): boolean;
  setOpen(open: boolean): void;
  /** Clicks go to whatever lies below; it can then only be moved or closed from elsewhere. */
  setClickThrough(clickThrough: boolean): void;
  setShape(shape: FaceWindowShape): void;
  onChange(listener: (open: boolean) => void): Unsubscribe;
}

const SAVE_DELAY_MS = 500;

export function createFaceWindow({ dataDirectory, log }: { dataDirectory: string; log: Log }): FaceWindow {
  const listeners = new Set<(open: boolean) => void>();
  let browser: BrowserWindow | undefined;
  let clickThrough = false;
  let shape: FaceWindowShape = 'portrait';
  let bounds = readFaceWindowBounds(dataDirectory);
  let timer: NodeJS.Timeout | undefined;

  const tell = (open: boolean): void => {
    for (const listener of listeners) listener(open);
  };
  const save = (): void => {
    clearTimeout(timer);
    if (bounds === undefined) return;
    try {
      writeFaceWindowBounds(dataDirectory, bounds);
    } catch (error) {
      log.warn('face-window.place-not-written', { error });
    }
  };
  const place = (): void => {
    const next = placeFaceWindow(bounds, shape, workAreas());
    if (browser === undefined || next === undefined) return;
    browser.setAspectRatio(next.width / next.height);
    browser.setBounds(next);
  };
  const open = (): void => {
    const window = createWindow(placeFaceWindow(bounds, shape, workAreas()));
    browser = window;
    place();
    window.setIgnoreMouseEvents(clickThrough);
    const keep = (): void => {
      bounds = window.getBounds();
      clearTimeout(timer);
      timer = setTimeout(save, SAVE_DELAY_MS);
    };
    window.on('move', keep);
    window.on('resize', keep);
    window.on('close', save);
    window.on('closed', () => {
      browser = undefined;
      tell(false);
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      log.error('face-window.lost', { reason });
      // The stage takes the face back.
      window.destroy();
    });
    // It must not take the focus from what the owner does.
    window.once('ready-to-show', () => window.showInactive());
    void window.loadURL(`${PAGE_ORIGIN}/face.html`).catch((error: unknown) => log.error('face-window.load-failed', { error }));
    tell(true);
  };

  return {
    isOpen: () => browser !== undefined,
    setOpen(wanted) {
      if (wanted && browser === undefined) open();
      else if (!wanted) browser?.close();
    },
    setClickThrough(next) {
      clickThrough = next;
      browser?.setIgnoreMouseEvents(next);
    },
    setShape(next) {
      if (next === shape) return;
      shape = next;
      place();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose() {
      listeners.clear();
      browser?.close();
    },
  };
}

function createWindow(place: Electron.Rectangle | undefined): BrowserWindow {
  const window = new BrowserWindow({
    ...place,
    title: 'OpenClaw',
    show: false,
    frame: false,
    transparent: true,
    backgroundColor: '#00000000',
    hasShadow: false,
    skipTaskbar: true,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // It is looked at while something else is worked with.
      backgroundThrottling: false,
    },
  });
  window.setAlwaysOnTop(true, 'floating');
  window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true });
  return window;
}

/** The main screen first. */
function workAreas(): Electron.Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary, ...others].map((display) => display.workArea);
}
