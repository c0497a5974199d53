import { join } from 'node:path';
import { Menu, nativeImage, nativeTheme, Tray } from 'electron';
import type { PhoneCall } from '../../../src-preload/contract/index.ts';
import type { Disposable } from '../../base/dispose.ts';
import type { CallsNow } from './call-watch.ts';
import type { ShellCommand, TrayState } from './shell.ts';
import type { ShellWords } from './shell-words.ts';

export interface TrayLook {
  state: TrayState;
  words: ShellWords;
  /** The small window with the face; undefined = it is closed. */
  face: { clickThrough: boolean } | undefined;
  calls: CallsNow;
}

/** The icon in the system's tray or menu bar: shows the state, offers the main actions. */
export interface TrayIcon extends Disposable {
  update(next: TrayLook): void;
}

export function createTrayIcon(options: {
  iconDirectory: string;
  run: (command: ShellCommand) => void;
  kill: () => void;
  setClickThrough: (clickThrough: boolean) => void;
}): TrayIcon {
  const { iconDirectory, run, kill, setClickThrough } = options;
  let shown: TrayLook | undefined;
  const image = (state: TrayState): Electron.NativeImage => {
    // The panel's colour is not known; it nearly always follows the system's theme. macOS and most Linux panels are dark when the system is.
    const panel = nativeTheme.shouldUseDarkColors || process.platform === 'linux' ? 'on-dark' : 'on-light';
    return nativeImage.createFromPath(join(iconDirectory, `tray-${state}-${panel}.png`));
  };
  const tray = new Tray(image('ready'));
  // On Linux the click opens the menu; a second meaning would be lost on most panels.
  if (process.platform !== 'linux') tray.on('click', () => run('show'));

  const draw = (): void => {
    if (shown === undefined || tray.isDestroyed()) return;
    const { state, words, face, calls } = shown;
    tray.setImage(image(state));
    tray.setToolTip(`OpenClaw Desktop – ${words.tray[state]}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        // The red switch: always the first line, always in reach. Pressed again it ends again whatever may run.
        { label: words.stopEverything, click: kill },
        ...(state === 'stopped' ? [{ label: words.isStopped, click: () => run('show') }] : []),
        { type: 'separator' },
        { label: words.tray[state], enabled: false },
        { type: 'separator' },
        ...callEntries(calls, words, run),
        { label: words.talk, click: () => run('talk-toggle') },
        { label: state === 'muted' ? words.unmute : words.mute, click: () => run('mute-toggle') },
        { label: words.stop, enabled: state === 'speaking' || state === 'thinking', click: () => run('stop') },
        { type: 'separator' },
        { label: words.faceWindow, type: 'checkbox', checked: face !== undefined, click: () => run('face-toggle') },
        // The way back for a window that no click reaches.
        ...(face === undefined
          ? []
          : [
              {
                label: words.faceClickThrough,
                type: 'checkbox' as const,
                checked: face.clickThrough,
                click: () => setClickThrough(!face.clickThrough),
              },
            ]),
        { type: 'separator' },
        { label: words.open, click: () => run('show') },
        { label: words.quit, click: () => run('quit') },
      ]),
    );
  };
  nativeTheme.on('updated', draw);

  return {
    update(next) {
      if (isSame(next, shown)) return;
      shown = next;
      draw();
    },
    dispose() {
      nativeTheme.off('updated', draw);
      tray.destroy();
    },
  };
}

/** What a call asks for, above all else; empty without one. */
function callEntries(
  { ringing: [caller], running: [partner] }: CallsNow,
  { call: texts }: ShellWords,
  run: (command: ShellCommand) => void,
): Electron.MenuItemConstructorOptions[] {
  const nameOf = ({ party: { name, number } }: PhoneCall): string =>
    // A single ampersand would underline what follows it.
    (name || number || texts.withheld).slice(0, 60).replaceAll('&', '&&');
  const entries: Electron.MenuItemConstructorOptions[] = [];
  if (caller)
    entries.push(
      { label: texts.answer(nameOf(caller)), click: () => run('call-answer') },
      { label: texts.assistant, click: () => run('call-assistant') },
      { label: texts.turnAway, click: () => run('call-hang-up') },
    );
  else if (partner) entries.push({ label: texts.hangUp(nameOf(partner)), click: () => run('call-hang-up') });
  return entries.length === 0 ? [] : [...entries, { type: 'separator' }];
}

function isSame(a: TrayLook, b: TrayLook | undefined): boolean {
  return a.state === b?.state && a.words === b.words && a.face?.clickThrough === b.face?.clickThrough && a.calls === b.calls;
}
