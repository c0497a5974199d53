import { BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import type { Log } from '../../base/log.ts';
import { PAGE_URL } from './page-protocol.electron.ts';
import type { ShellWords } from './shell-words.ts';
import type { WindowState } from './window-state.ts';
import { MINIMUM_SIZE, placeWindow, readWindowState, writeWindowState } from './window-state.ts';

export interface MainWindowOptions {
  dataDirectory: string;
  /** `out/preload/preload.cjs` */
  preload: string;
  icon: string;
  /** Stays invisible until `show()`. */
  hidden: boolean;
  log: Log;
}

/** The app's one window. It lives as long as the app: closed to the tray, it is only hidden. */
export interface MainWindow {
  readonly browser: BrowserWindow;
  /** Resolves when the first picture is on screen, or after three seconds without one: whatever waits for it must go on. */
  readonly painted: Promise<void>;
  /** Brings it to the front. */
  show(): void;
  /**
   * Brings it in sight because somebody calls, above all others until the returned function is called. Does not take the keyboard: a key that is meant for
   * another program must not answer a call. The taskbar flashes where the window has not the focus.
   */
  showForCall(): () => void;
  /** What closing does; default quits. */
  setClosesToTray(toTray: boolean): void;
  /** Colour of the ground, now and at the next start. */
  setTheme(theme: WindowState['theme']): void;
  /** The owner wants to leave: the next close is real. */
  allowClose(): void;
  /** Words for the dialog about a page that hangs. */
  setWords(words: ShellWords): void;
  /** Called when the page's process has died and is started again. */
  onPageLost(listener: (reason: string) => void): void;
}

const GROUND = { ink: '#0F1115', paper: '#FAF8F5' };
const SAVE_DELAY_MS = 500;
const PAINT_TIMEOUT_MS = 3000;
/** A page that dies more often than this in a minute is left alone: loading it again would only burn the machine. */
const RELOADS_PER_MINUTE = 3;

/** Opens the window and starts loading the page; nothing else of the app is needed for it. */
export function openMainWindow(options: MainWindowOptions): MainWindow {
  const { dataDirectory } = options;
  const state = readWindowState(dataDirectory);
  nativeTheme.themeSource = themeSource(state.theme);
  const browser = createBrowserWindow(options, state);
  const painted = firstPaint(browser);
  let closesToTray = false;
  let words: ShellWords | undefined;

  if (!options.hidden) {
    // `ready-to-show` comes with the first picture, so that no empty window flashes.
    void painted.then(() => {
      if (state.maximized) browser.maximize();
      browser.show();
    });
  }

  const save = keepState(browser, state, dataDirectory, options.log);
  browser.on('close', (event) => {
    save();
    if (!closesToTray) return;
    event.preventDefault();
    browser.hide();
  });
  watchHangs(browser, () => words, options.log);
  nativeTheme.on('updated', () => browser.setBackgroundColor(ground()));
  void browser.loadURL(PAGE_URL).catch((error: unknown) => options.log.error('window.load-failed', { error }));

  return {
    browser,
    painted,
    show() {
      if (browser.isMinimized()) browser.restore();
      browser.show();
      browser.focus();
    },
    showForCall() {
      if (browser.isMinimized()) browser.restore();
      browser.showInactive();
      browser.setAlwaysOnTop(true);
      browser.moveTop();
      if (!browser.isFocused()) browser.flashFrame(true);
      return () => {
        if (browser.isDestroyed()) return;
        browser.setAlwaysOnTop(false);
        browser.flashFrame(false);
      };
    },
    setClosesToTray: (toTray) => void (closesToTray = toTray),
    allowClose: () => void (closesToTray = false),
    setWords: (next) => void (words = next),
    setTheme(theme) {
      state.theme = theme;
      nativeTheme.themeSource = themeSource(theme);
      browser.setBackgroundColor(ground());
      save();
    },
    onPageLost: (listener) => reloadLostPage(browser, listener, options.log),
  };
}

function createBrowserWindow(options: MainWindowOptions, state: WindowState): BrowserWindow {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  const place = placeWindow(
    state,
    [primary, ...others].map((display) => display.workArea),
  );
  return new BrowserWindow({
    ...place,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: 'OpenClaw Desktop',
    icon: options.icon,
    show: false,
    backgroundColor: ground(),
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // Its dictionaries are downloads.
      spellcheck: false,
      // A conversation goes on while the window is hidden, and an answer may be spoken without a click.
      backgroundThrottling: false,
      autoplayPolicy: 'no-user-gesture-required',
    },
  });
}

function firstPaint(browser: BrowserWindow): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PAINT_TIMEOUT_MS);
    browser.once('ready-to-show', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Keeps `state` true to the window and writes it when things have calmed down; the returned function writes at once. */
function keepState(browser: BrowserWindow, state: WindowState, dataDirectory: string, log: Log): () => void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    if (browser.isDestroyed()) return;
    state.maximized = browser.isMaximized();
    state.bounds = browser.getNormalBounds();
    try {
      writeWindowState(dataDirectory, state);
    } catch (error) {
      log.warn('window.state-not-written', { error });
    }
  };
  const saveSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_DELAY_MS);
  };
  browser.on('resize', saveSoon);
  browser.on('move', saveSoon);
  browser.on('maximize', saveSoon);
  browser.on('unmaximize', saveSoon);
  browser.on('closed', () => clearTimeout(timer));
  return save;
}

function reloadLostPage(browser: BrowserWindow, listener: (reason: string) => void, log: Log): void {
  let lostAtMs: number[] = [];
  browser.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || browser.isDestroyed()) return;
    const nowMs = Date.now();
    lostAtMs = [...lostAtMs.filter((atMs) => nowMs - atMs < 60_000), nowMs];
    log.error('window.page-lost', { reason: details.reason, exitCode: details.exitCode, times: lostAtMs.length });
    if (lostAtMs.length > RELOADS_PER_MINUTE) return;
    browser.webContents.reload();
    listener(details.reason);
  });
}

/** A page that hangs is the owner's decision: it may be busy for a good reason. */
function watchHangs(browser: BrowserWindow, words: () => ShellWords | undefined, log: Log): void {
  let asking = false;
  browser.on('unresponsive', () => {
    const texts = words()?.pageHangs;
    log.warn('window.unresponsive');
    if (asking || texts === undefined) return;
    asking = true;
    const question = {
      type: 'warning',
      message: texts.title,
      detail: texts.detail,
      buttons: [texts.wait, texts.reload],
      defaultId: 0,
      cancelId: 0,
    } as const;
    void dialog.showMessageBox(browser, { ...question, buttons: [...question.buttons] }).then(({ response }) => {
      asking = false;
      if (response === 1 && !browser.isDestroyed()) browser.webContents.forcefullyCrashRenderer();
    });
  });
}

function themeSource(theme: WindowState['theme']): 'system' | 'dark' | 'light' {
  return theme === 'ink' ? 'dark' : theme === 'paper' ? 'light' : 'system';
}

function ground(): string {
  return nativeTheme.shouldUseDarkColors ? GROUND.ink : GROUND.paper;
}
