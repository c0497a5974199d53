// @ts-check
import { app, BrowserWindow } from 'electron';

/* Electron as a plain browser window for one address, given as the last argument: no preload, no app behind it. */
const url = process.argv.at(-1) ?? 'about:blank';
app.on('window-all-closed', () => app.quit());

async function openWindow() {
  await app.whenReady();
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    useContentSize: true,
    webPreferences: { sandbox: true, contextIsolation: true },
  });
  await window.loadURL(url);
}

// Not awaited: Electron becomes ready only after its entry has been evaluated.
void openWindow();
