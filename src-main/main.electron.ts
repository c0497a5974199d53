import { app, dialog, session } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createDeferred } from './base/deferred.ts';
import { createDisposeBag } from './base/dispose.ts';
import { toErrorData } from './base/errors.ts';
import { createEarlyLog } from './base/log.ts';
import type { MainWindow, ShellCommand } from './modules/shell/index.electron.ts';
import {
  createExchangeGate,
  guardApp,
  guardSession,
  openMainWindow,
  PAGE_ORIGIN,
  readLaunchOptions,
  registerPageScheme,
  servePage,
  shellWords,
} from './modules/shell/index.electron.ts';
import { readEnvironment } from './platform/config/environment.ts';
import { openIpcDoor } from './platform/contract-host/door-ipc.electron.ts';
import type { PageResources } from './platform/contract-host/index.ts';
import { WATCHDOG_SWITCH, workerEntry } from './platform/workers/entries.ts';

// This program is its own watchdog, too. What follows, Chromium and its files included, waits for this import, which ends with the process.
if (process.argv.includes(WATCHDOG_SWITCH)) await import(workerEntry('watchdog').href);

/*
 * The app with a window. The first picture needs only what is imported above; the core is loaded when it is on screen, and the calls that the
 * page makes meanwhile wait for it.
 */
const environment = readEnvironment();
const launch = readLaunchOptions(process.argv);
const log = createEarlyLog();
const bag = createDisposeBag();
const pageDirectory = join(import.meta.dirname, '../renderer');
const iconDirectory = join(import.meta.dirname, '../../resources/icons');

// Readable by the owner only, before Chromium makes it for its own files.
mkdirSync(environment.dataDirectory, { recursive: true, mode: 0o700 });
// Chromium's own files lie beside ours, so that another data directory is another app in every respect.
app.setPath('userData', join(environment.dataDirectory, 'window'));
// Where the system cannot sandbox at all (root in a container) set-up says so and passes --no-sandbox; forcing it would end every child process.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// Calls: the window's softphone and the telephone exchange are both on this machine, and WebRTC leaves loopback out unless it is told. There is no
// narrower switch; the page can open no connection that it has no description of, and the guards let it reach nobody but the exchange.
app.commandLine.appendSwitch('allow-loopback-in-peer-connection');
registerPageScheme();
if (app.requestSingleInstanceLock()) void app.whenReady().then(start);
else app.quit();

// Without these Electron stops everything with a dialog that nobody can make use of. What failed is in the log; the rest goes on.
process.on('uncaughtException', (error) => log.error('main.uncaught', { error }));
process.on('unhandledRejection', (error) => log.error('main.unhandled', { error }));

function start(): void {
  guardApp(log);
  const exchange = createExchangeGate();
  guardSession(session.defaultSession, log, exchange);
  const resources = createDeferred<PageResources>();
  servePage(session.defaultSession, pageDirectory, resources.promise);
  const window = openMainWindow({
    dataDirectory: environment.dataDirectory,
    preload: join(import.meta.dirname, '../preload/preload.cjs'),
    icon: join(iconDirectory, 'app.png'),
    hidden: launch.hidden,
    log,
  });
  const running = window.painted.then(async () => {
    const { startCore } = await import('./core.electron.ts');
    return startCore({ environment, window, exchange, pageDirectory, iconDirectory, log, bag });
  });
  running.then(
    ({ core }) => resources.resolve(core.resources),
    // Without a core there is nothing but the page itself, which shows why.
    () => resources.resolve(async () => undefined),
  );
  const door = bag.add(openIpcDoor({ core: running.then(({ core }) => core), pageOrigin: PAGE_ORIGIN, log }));
  door.admit(window.browser);

  const run = (command: ShellCommand): void => {
    if (command === 'show') window.show();
    else running.then(({ shell }) => shell.run(command)).catch(() => undefined);
  };
  if (launch.command !== 'show') run(launch.command);
  app.on('second-instance', (_event, commandLine) => run(readLaunchOptions(commandLine).command));
  app.on('activate', () => window.show());
  app.on('before-quit', () => window.allowClose());
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', closeEverything);
  running.catch((error: unknown) => reportFailedStart(window, error));
}

/** Ends the workers and closes the store before the process ends; what does not close in time is ended with it. */
function closeEverything(event: Electron.Event): void {
  event.preventDefault();
  setTimeout(() => app.exit(), 4000);
  void bag.dispose().finally(() => app.exit());
}

/** The page shows the failure, too, because its calls answer with it; the dialog is for a page that does not come so far. */
function reportFailedStart(window: MainWindow, error: unknown): void {
  const { message } = toErrorData(error);
  console.error(error);
  if (environment.isTest) return;
  const title = shellWords(app.getLocale().startsWith('de') ? 'de' : 'en').cannotStart;
  void dialog.showMessageBox(window.browser, { type: 'error', message: title, detail: message });
}
