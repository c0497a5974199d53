import { app, powerMonitor } from 'electron';
import type { AuditVerdict } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable, Unsubscribe } from '../../base/dispose.ts';
import { createDisposeBag } from '../../base/dispose.ts';
import type { Log } from '../../base/log.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Caller, PageHub } from '../../platform/contract-host/index.ts';
import type { NoticeBoard } from '../../platform/notices/index.ts';
import { killSwitchShortcut, type KillSwitchService } from '../killswitch/index.ts';
import { setAppMenu } from './app-menu.electron.ts';
import { createCallPresence } from './call-presence.electron.ts';
import type { RunCommand } from './commands.ts';
import { openControls } from './controls.ts';
import type { FaceWindow } from './face-window.electron.ts';
import { createGlobalKey, type TalkShortcut } from './global-shortcut.electron.ts';
import type { MainWindow } from './main-window.electron.ts';
import type { FaceWindowShape } from './face-window-state.ts';
import { closeToTray, faceWindowClickThrough, faceWindowShape, pushToTalkShortcut } from './shell-config.ts';
import { shellWords } from './shell-words.ts';
import type { Desktop, ShellCommand } from './shell.ts';
import { createTrayIcon } from './tray.electron.ts';
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
  faceWindow: FaceWindow;
  desktop: Desktop;
  dataDirectory: string;
  iconDirectory: string;
  /** Opens the page to a browser of the same owner and gives a one-time link; asked for by the control socket only. */
  issueLink: () => Promise<string>;
  killSwitch: KillSwitchService;
  verifyAudit: () => Promise<AuditVerdict>;
  sessionKind: 'x11' | 'wayland' | 'native' | 'none';
}

/** Everything of the desktop around the window: tray, menu, keys, control socket, power. */
export interface Shell extends Disposable {
  run: RunCommand;
}

/** A page takes a moment to load, and longer on a machine that is still starting. */
const PAGE_PATIENCE_MS = 15_000;

export function openShell(options: ShellOptions): Shell {
  const { config, notices, log, window, shortcut, faceWindow, desktop } = options;
  const bag = createDisposeBag();
  const version = app.getVersion();
  const controls = bag.add(openControls({ ...options, version, show: window.show, quit: () => app.quit(), patienceMs: PAGE_PATIENCE_MS }));
  const run = (command: ShellCommand): void => {
    controls.run(command).catch((error: unknown) => log.warn('shell.command-failed', { command, error }));
  };
  const words = (): ReturnType<typeof shellWords> => shellWords(uiLocale(config, desktop));
  const setClickThrough = (clickThrough: boolean): void => {
    config.set(faceWindowClickThrough.key, clickThrough).catch((error: unknown) => log.warn('shell.setting-not-kept', { error }));
  };
  const tray = bag.add(createTrayIcon({ iconDirectory: options.iconDirectory, run, kill: () => controls.kill('tray'), setClickThrough }));
  const drawTray = (): void => {
    const face = faceWindow.isOpen() ? { clickThrough: config.get<boolean>(faceWindowClickThrough) } : undefined;
    tray.update({ state: controls.state(), words: words(), face, calls: controls.calls() });
  };

  const applyLocale = (): void => {
    setAppMenu(words(), run, () => controls.kill('window'));
    window.setWords(words());
    drawTray();
  };
  const applyShortcut = (): void => shortcut.use(config.get<string>(pushToTalkShortcut));
  const killShortcut = bag.add(createGlobalKey({ sessionKind: options.sessionKind, onPress: () => controls.kill('shortcut'), log }));
  const applyKillShortcut = (): void => {
    const { accelerator, registered } = killShortcut.use(config.get<string>(killSwitchShortcut));
    options.killSwitch.note({ shortcut: { accelerator, registered } });
  };
  const applyCloseToTray = (): void => window.setClosesToTray(config.get<boolean>(closeToTray));
  const applyClickThrough = (): void => {
    faceWindow.setClickThrough(config.get<boolean>(faceWindowClickThrough));
    drawTray();
  };
  const applyFaceShape = (): void => faceWindow.setShape(config.get<FaceWindowShape>(faceWindowShape));
  const applyTheme = (): void => window.setTheme(config.get<'system' | 'ink' | 'paper'>(theme));
  const appliers = new Map<string, () => void>([
    [locale.key, applyLocale],
    [pushToTalkShortcut.key, applyShortcut],
    [killSwitchShortcut.key, applyKillShortcut],
    [closeToTray.key, applyCloseToTray],
    [theme.key, applyTheme],
    [faceWindowClickThrough.key, applyClickThrough],
    [faceWindowShape.key, applyFaceShape],
  ]);
  for (const apply of appliers.values()) apply();
  bag.add(config.onChange(({ key }) => appliers.get(key)?.()));
  bag.add(controls.onState(drawTray));
  bag.add(faceWindow.onChange(drawTray));
  const presence = bag.add(createCallPresence({ window, words, showWindow: window.show }));
  bag.add(
    controls.onCalls(({ ringing }) => {
      drawTray();
      presence.show(ringing);
    }),
  );
  // Without the window there is nobody who could tell the small one what to draw.
  window.browser.once('closed', () => faceWindow.setOpen(false));
  bag.add(tellVisibility(window.browser, options.hub));

  window.onPageLost((reason) => {
    const message = 'The window had to be loaded again. Your conversations are kept; the answer that was being spoken was cut off.';
    notices.raise({ level: 'problem', code: 'window.page-lost', message, details: { reason }, action: 'none' });
  });
  // An answer that goes on by itself when the lid is opened again would startle whoever opens it.
  const onSuspend = (): void => run('stop');
  powerMonitor.on('suspend', onSuspend);
  bag.add(() => void powerMonitor.off('suspend', onSuspend));
  bag.add(shortcut);
  return { run: controls.run, dispose: () => bag.dispose() };
}

/** Tells the window's page whether it can be seen. The page cannot know: its window never sleeps, so `document.hidden` stays false. */
function tellVisibility(browser: Electron.BrowserWindow, hub: PageHub): Unsubscribe {
  const isVisible = (): boolean => browser.isVisible() && !browser.isMinimized();
  const tell = ({ clientId, door }: Caller): void => {
    if (door === 'window') hub.tell('shell.visible', { visible: isVisible() }, clientId);
  };
  const tellAll = (): void => {
    for (const caller of hub.callers()) tell(caller);
  };
  for (const change of ['show', 'hide', 'minimize', 'restore'] as const) browser.on(change as 'show', tellAll);
  const stop = hub.onCame(tell);
  return () => {
    stop();
    for (const change of ['show', 'hide', 'minimize', 'restore'] as const) browser.off(change as 'show', tellAll);
  };
}
