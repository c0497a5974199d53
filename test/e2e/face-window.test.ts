import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Page } from 'playwright';
import type { CallOutcome, PreloadApi } from '../../src-preload/contract/index.ts';
import { buildShellApp, type RunningShell, type ShellApp } from './shell-app.ts';

declare const window: Window & { openclaw: PreloadApi; visible: boolean[] };

let shell: ShellApp;
let running: RunningShell;

beforeAll(async () => {
  shell = await buildShellApp();
});
afterAll(() => shell.dispose());
afterEach(() => running.electron.close().catch(() => undefined));

const call = (page: Page, name: string, input: object): Promise<CallOutcome> =>
  page.evaluate(([asked, given]) => window.openclaw.call(asked as never, given), [name, input] as const);
const setOpen = (open: boolean): Promise<CallOutcome> => call(running.page, 'face.setWindow', { open });

/** Everything that can be asked of the small window from outside; undefined when it is not there. */
const faceWindow = () =>
  running.electron.evaluate(({ BrowserWindow }) => {
    const found = BrowserWindow.getAllWindows().find((candidate) => candidate.webContents.getURL().endsWith('/face.html'));
    return found && { bounds: found.getBounds(), onTop: found.isAlwaysOnTop(), visible: found.isVisible(), focused: found.isFocused() };
  });

describe('the small window with the face', () => {
  it('opens on top of everything, has no door to the core, and closes again', async () => {
    running = await shell.start();
    expect(await setOpen(true)).toEqual({ ok: true, value: { open: true } });
    await vi.waitFor(async () => expect(await faceWindow()).toMatchObject({ onTop: true, visible: true }), { timeout: 5000 });
    // The driver hears of a window a moment after the app has it.
    const pages = (): Page[] => running.electron.windows().filter((page) => page.url().endsWith('/face.html'));
    await vi.waitFor(() => expect(pages()).toHaveLength(1), { timeout: 5000 });
    expect(await pages()[0]?.evaluate(() => 'openclaw' in window || 'require' in window)).toBe(false);
    expect(await setOpen(false)).toMatchObject({ ok: true });
    await vi.waitFor(async () => expect(await faceWindow()).toBeUndefined());
  });

  it('comes back to its place, also after a restart, and takes the shape of the setting', async () => {
    running = await shell.start();
    await setOpen(true);
    await vi.waitFor(async () => expect(await faceWindow()).toMatchObject({ visible: true }), { timeout: 5000 });
    await running.electron.evaluate(({ BrowserWindow }) => {
      const found = BrowserWindow.getAllWindows().find((candidate) => candidate.webContents.getURL().endsWith('/face.html'));
      found?.setBounds({ x: 120, y: 90, width: 160, height: 200 });
    });
    await vi.waitFor(async () => expect((await faceWindow())?.bounds).toEqual({ x: 120, y: 90, width: 160, height: 200 }));
    await setOpen(false);
    await vi.waitFor(async () => expect(await faceWindow()).toBeUndefined());
    await running.electron.close();

    running = await shell.start();
    await setOpen(true);
    await vi.waitFor(async () => expect((await faceWindow())?.bounds).toEqual({ x: 120, y: 90, width: 160, height: 200 }), {
      timeout: 5000,
    });
    await call(running.page, 'settings.set', { key: 'appearance.faceWindowShape', value: 'round' });
    await vi.waitFor(async () => expect((await faceWindow())?.bounds).toEqual({ x: 120, y: 90, width: 200, height: 200 }));
  });

  it('goes when the window itself is closed, and the app ends', async () => {
    running = await shell.start();
    await setOpen(true);
    await vi.waitFor(async () => expect(await faceWindow()).toMatchObject({ visible: true }), { timeout: 5000 });
    const ended = new Promise<void>((done) => running.electron.once('close', () => done()));
    await running.electron
      .evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .find((candidate) => candidate.webContents.getURL().endsWith('/index.html'))
          ?.close(),
      )
      .catch(() => undefined);
    await ended;
  });
});

describe('a window that is hidden', () => {
  it('tells its page, which cannot know, so that the face rests', async () => {
    running = await shell.start();
    await call(running.page, 'app.snapshot', {});
    const told = (): Promise<boolean | undefined> => running.page.evaluate(() => window.visible.at(-1));
    await vi.waitFor(async () => expect(await told()).toBe(true), { timeout: 5000 });
    await running.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    await vi.waitFor(async () => expect(await told()).toBe(false));
    expect(await running.page.evaluate(() => document.hidden)).toBe(false);
    await running.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
    await vi.waitFor(async () => expect(await told()).toBe(true));
  });
});
