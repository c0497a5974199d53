import type { MenuItemConstructorOptions } from 'electron';
import { app, Menu } from 'electron';
import type { ShellCommand } from './shell.ts';
import type { ShellWords } from './shell-words.ts';

/** Sets the app's menu: hidden behind Alt on Windows and Linux, in the menu bar on macOS. Its keys work in any case. */
export function setAppMenu(words: ShellWords, run: (command: ShellCommand) => void, kill: () => void): void {
  const item = (label: string, command: ShellCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => run(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const isMac = process.platform === 'darwin';
  const settings = item(words.settings, 'show-settings', 'CommandOrControl+,');
  const quit = item(words.quit, 'quit', 'CommandOrControl+Q');

  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac
        ? [
            {
              label: app.name,
              submenu: [
                { role: 'about' as const },
                separator,
                settings,
                separator,
                { role: 'hide' as const },
                { role: 'hideOthers' as const },
                separator,
                quit,
              ],
            },
          ]
        : []),
      {
        label: words.file,
        submenu: [
          item(words.newConversation, 'new-conversation', 'CommandOrControl+N'),
          item(words.models, 'show-models'),
          ...(isMac ? [separator, { role: 'close' as const }] : [settings, separator, quit]),
        ],
      },
      { label: words.edit, role: 'editMenu' },
      {
        label: words.conversation,
        submenu: [
          item(words.talk, 'talk-toggle'),
          item(words.mute, 'mute-toggle'),
          item(words.stop, 'stop'),
          separator,
          { label: words.stopEverything, click: kill },
        ],
      },
      {
        label: words.view,
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          separator,
          { role: 'togglefullscreen' },
          ...(app.isPackaged ? [] : [separator, { role: 'reload' as const }, { role: 'toggleDevTools' as const }]),
        ],
      },
    ]),
  );
}
