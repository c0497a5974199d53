import type { BrowserWindow } from 'electron';
import { app, clipboard, dialog, Notification, shell } from 'electron';
import type { FaceWindow } from './face-window.electron.ts';
import type { ExchangeGate } from './guards.electron.ts';
import type { TalkShortcut } from './global-shortcut.electron.ts';
import type { Desktop } from './shell.ts';
import { shellWords } from './shell-words.ts';

export interface DesktopOptions {
  browser: BrowserWindow;
  shortcut: TalkShortcut;
  faceWindow: FaceWindow;
  exchange: ExchangeGate;
  locale: () => 'en' | 'de';
}

/** The desktop as the core sees it, through Electron. */
export function createDesktop({ browser, shortcut, faceWindow, exchange, locale }: DesktopOptions): Desktop {
  return {
    systemLocale: () => app.getPreferredSystemLanguages()[0] ?? app.getLocale(),
    openExternal: (url) => shell.openExternal(url),
    async pickModelFile(job) {
      const words = shellWords(locale());
      const extensions = job === 'language' ? ['gguf'] : ['onnx'];
      const { canceled, filePaths } = await dialog.showOpenDialog(browser, {
        title: job === 'language' ? words.chooseLanguageModel : words.chooseVoice,
        filters: [{ name: words.modelFiles, extensions }],
        properties: ['openFile'],
      });
      return canceled ? undefined : filePaths[0];
    },
    async pickFolder() {
      const { canceled, filePaths } = await dialog.showOpenDialog(browser, {
        title: shellWords(locale()).chooseFolder,
        properties: ['openDirectory', 'createDirectory'],
      });
      return canceled ? undefined : filePaths[0];
    },
    readClipboard: () => clipboard.readText(),
    writeClipboard: (text) => clipboard.writeText(text),
    isInFront: () => browser.isVisible() && browser.isFocused(),
    notify(title, body) {
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title, body });
      notification.on('click', () => {
        browser.show();
        browser.focus();
      });
      notification.show();
    },
    allowExchange: exchange.use,
    shortcut: () => shortcut.status(),
    onShortcutChange: (listener) => shortcut.onChange(listener),
    setFaceWindow: faceWindow.setOpen,
    faceWindowOpen: faceWindow.isOpen,
    onFaceWindowChange: faceWindow.onChange,
  };
}
