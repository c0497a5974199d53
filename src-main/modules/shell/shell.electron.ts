import { app, powerMonitor } from 'electron';
import type { SessionSnapshot } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/dispose.ts';
import { createDisposeBag } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { Config } from '../../platform/config/index.ts';
import type { PageHub } from '../../platform/contract-host/index.ts';
import type { NoticeBoard } from '../../platform/notices/index.ts';
import { setAppMenu } from './app-menu.electron.ts';
import type { RunCommand } from './commands.ts';
import { createCommands } from './commands.ts';
import type { ControlAnswer, ControlCommand } from './control-socket.ts';
import { openControlSocket } from './control-socket.ts';
import type { TalkShortcut } from './global-shortcut.electron.ts';
import type { MainWindow } from './main-window.electron.ts';
import { closeToTray, pushToTalkShortcut } from './shell-config.ts';
import { shellWords } from './shell-words.ts';
import type { Desktop, ShellCommand, TrayState } from './shell.ts';
import { createTrayIcon } from './tray.electron.ts';
import { trayState } from './tray-state.ts';
import { uiLocale } from './ui-locale.ts';
import { locale, theme } from './window-config.ts';

export interface ShellOptions {
  config: Config;
  hub: PageHub;
  notices: NoticeBoard;
  log: Log;
  clock: Clock;
  window: MainWindow;
  shortcut: TalkShortcut;
  desktop: Desktop;
  dataDirectory: string;
  iconDirectory: string;
  /** Opens the page to a browser of the same owner and gives a one-time link; asked for by the control socket only. */
  issueLink: () => Promise<string>;
}

/** Everything of the desktop around the window: tray, menu, keys, control socket, power. */
export interface Shell extends Disposable {
  run: RunCommand;
}

/** A page takes a moment to load, and longer on a machine that is still starting. */
const PAGE_PATIENCE_MS = 15_000;

export function openShell(options: ShellOptions): Shell {
  const { config, hub, notices, log, window, shortcut, desktop } = options;
  const bag = createDisposeBag();
  let session: SessionSnapshot | undefined;

  const run = createCommands({ hub, clock: options.clock, show: window.show, quit: () => app.quit(), patienceMs: PAGE_PATIENCE_MS });
  const runQuietly = (command: ShellCommand): void => {
    run(command).catch((error: unknown) => log.warn('shell.command-failed', { command, error }));
  };
  const state = (): TrayState => trayState(notices.snapshot().parts, session);
  const words = (): ReturnType<typeof shellWords> => shellWords(uiLocale(config, desktop));
  const tray = bag.add(createTrayIcon({ iconDirectory: options.iconDirectory, run: runQuietly }));
  const drawTray = (): void => tray.update({ state: state(), words: words() });
  const applyWords = (): void => {
    setAppMenu(words(), runQuietly);
    window.setWords(words());
    drawTray();
  };

  applyWords();
  shortcut.use(config.get<string>(pushToTalkShortcut));
  window.setClosesToTray(config.get<boolean>(closeToTray));
  window.setTheme(config.get<'system' | 'ink' | 'paper'>(theme));
  bag.add(
    config.onChange(({ key }) => {
      if (key === locale.key) applyWords();
      if (key === pushToTalkShortcut.key) shortcut.use(config.get<string>(pushToTalkShortcut));
      if (key === closeToTray.key) window.setClosesToTray(config.get<boolean>(closeToTray));
      if (key === theme.key) window.setTheme(config.get<'system' | 'ink' | 'paper'>(theme));
    }),
  );
  bag.add(notices.onChange(drawTray));
  bag.add(
    hub.watch((name, payload, clientId) => {
      if (name === 'session.changed' && clientId === hub.commandClient()) session = payload as SessionSnapshot;
      if (name === 'session.changed' || name === 'app.parts') drawTray();
    }),
  );
  bag.add(
    hub.onGone(() => {
      session = undefined;
      drawTray();
    }),
  );

  window.onPageLost((reason) => {
    const message = 'The window had to be loaded again. Your conversations are kept; the answer that was being spoken was cut off.';
    notices.raise({ level: 'problem', code: 'window.page-lost', message, details: { reason }, action: 'none' });
  });
  const onSuspend = (): void => runQuietly('stop');
  powerMonitor.on('suspend', onSuspend);
  bag.add(() => void powerMonitor.off('suspend', onSuspend));

  const control = openControl(options, state, run);
  bag.add({ dispose: async () => (await control)?.dispose() });
  return {
    run,
    dispose: () => {
      shortcut.dispose();
      return bag.dispose();
    },
  };

  function openControl(
    from: ShellOptions,
    current: () => TrayState,
    act: (command: ShellCommand) => void,
  ): Promise<Disposable | undefined> {
    const answer = async (command: ControlCommand): Promise<ControlAnswer> => {
      if (command === 'status') return { status: { state: current(), version: app.getVersion(), pid: process.pid } };
      if (command === 'link') return { link: await from.issueLink() };
      await act(command);
      return {};
    };
    return openControlSocket({ dataDirectory: from.dataDirectory, run: answer, log }).catch((error: unknown) => {
      log.warn('control.not-open', { error });
      return undefined;
    });
  }
}
