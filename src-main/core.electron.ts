import { app } from 'electron';
import { systemClock } from './base/clock.ts';
import type { DisposeBag } from './base/dispose.ts';
import type { EarlyLog } from './base/log.ts';
import type { Core } from './compose.ts';
import { compose } from './compose.ts';
import { electronWatchdogCommand } from './modules/killswitch/index.ts';
import { uiLocale } from './modules/shell/index.ts';
import type { ExchangeGate, MainWindow, Shell } from './modules/shell/index.electron.ts';
import { createDesktop, createFaceWindow, createTalkShortcut, loadShell } from './modules/shell/index.electron.ts';
import type { Environment } from './platform/config/index.ts';
import { readChildEnvironment } from './platform/config/index.ts';
import { createDoorOpener } from './platform/contract-host/door-opener.ts';
import { openWebDoor, type WebDoor } from './platform/contract-host/door-web.ts';
import { createSafeStorageKeyStore } from './platform/secrets/safe-storage.electron.ts';
import { createElectronLauncher } from './platform/workers/launcher.electron.ts';
import { linkByMessagePort } from './platform/workers/worker-link.electron.ts';

export interface WindowCoreOptions {
  environment: Environment;
  window: MainWindow;
  exchange: ExchangeGate;
  pageDirectory: string;
  iconDirectory: string;
  log: EarlyLog;
  /** Closes what is opened here, in reverse order, when the app ends. */
  bag: DisposeBag;
}

/** Builds the core and joins it to the window. Most of the app's code hangs on this file: it is loaded after the first picture. */
export async function startCore(options: WindowCoreOptions): Promise<{ core: Core; shell: Shell }> {
  const { environment, window, pageDirectory, log, bag } = options;
  const { openShell } = await loadShell();
  const shortcut = createTalkShortcut({
    sessionKind: environment.sessionKind,
    onPress: () => void shell.run('talk-toggle').catch(() => undefined),
    log,
  });
  const faceWindow = bag.add(createFaceWindow({ dataDirectory: environment.dataDirectory, log }));
  const desktop = createDesktop({
    browser: window.browser,
    shortcut,
    faceWindow,
    exchange: options.exchange,
    locale: () => uiLocale(core.config, desktop),
  });
  // Nothing listens on any port before the owner asks for a link, or makes an access for another program.
  const openDoor = createDoorOpener(async (): Promise<WebDoor> =>
    bag.add(await openWebDoor({ ...core, clock: systemClock, pageDirectory, dataDirectory: environment.dataDirectory, port: 0 })),
  );
  const core: Core = bag.add(
    await compose({
      environment,
      door: 'window',
      version: app.getVersion(),
      createLauncher: (coreLog) => createElectronLauncher({ environment: readChildEnvironment(), log: coreLog }),
      link: linkByMessagePort,
      systemKeyStore: createSafeStorageKeyStore(),
      desktop,
      watchdog: electronWatchdogCommand({
        appPath: app.isPackaged ? undefined : app.getAppPath(),
        isSandboxed: !app.commandLine.hasSwitch('no-sandbox'),
        env: readChildEnvironment(),
      }),
      doorUrl: async () => (await openDoor()).url,
    }),
  );
  log.use(core.log);
  const shell = bag.add(
    openShell({
      ...core,
      clock: systemClock,
      window,
      shortcut,
      faceWindow,
      desktop,
      dataDirectory: environment.dataDirectory,
      iconDirectory: options.iconDirectory,
      sessionKind: environment.sessionKind,
      issueLink: async () => (await openDoor()).issueLink(),
    }),
  );
  core.begin();
  return { core, shell };
}
