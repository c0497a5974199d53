import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { ElectronApplication, Page } from 'playwright';
import { buildScreens, serveScreens } from '../doubles/screens.ts';
import { launchElectron } from './launch-electron.ts';

/** The page with a fake core in a real Electron window. */
export interface ScreensWindow {
  page: Page;
  /** Lets the page have the microphone, or answers its next questions with no. */
  allowMicrophone(allowed: boolean): Promise<void>;
  /** Opens a scene (see fake-window.ts) at a size and waits until it stands. */
  open(scene: Record<string, string>, size?: { width: number; height: number }): Promise<void>;
  /** What breaks the rules of accessibility on the screen as it is: one line each. */
  accessibilityFaults(): Promise<string[]>;
  /** What the page has saved as downloads: names and contents, the finished ones. */
  downloads(): Promise<Map<string, Buffer>>;
  /** Errors of the page and refusals by its content policy since the last call. */
  takeFaults(): string[];
  close(): Promise<void>;
}

/** Sound without a click, and, unless a test wants none, an invented microphone that beeps. */
const SWITCHES = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'];
const INVENTED_MICROPHONE = '--use-fake-device-for-media-stream';

/** A bare Electron window at an address: a browser, as far as the page can tell. */
export async function openPlainWindow(
  url: string,
  options: { microphone: boolean; switches?: readonly string[] } = { microphone: true },
): Promise<{ app: ElectronApplication; page: Page; takeFaults: () => string[] }> {
  const loader = resolve(import.meta.dirname, '../doubles/plain-window.mjs');
  const app = await launchElectron({
    args: [...SWITCHES, ...(options.switches ?? []), ...(options.microphone ? [INVENTED_MICROPHONE] : []), loader, url],
  });
  const page = await app.firstWindow();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return { app, page, takeFaults: () => faults.splice(0) };
}

export async function openScreensWindow(options?: { microphone: boolean }): Promise<ScreensWindow> {
  const directory = await mkdtemp(join(tmpdir(), 'screens-'));
  await buildScreens(directory, { fakeCore: true });
  const server = await serveScreens(directory);
  const { app, page, takeFaults } = await openPlainWindow(`${server.url}?scene=empty`, options);
  const saved = await saveDownloads(app, join(directory, 'downloads'));

  return {
    page,
    allowMicrophone: (allowed) =>
      app.evaluate(({ session }, answer) => {
        session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(answer));
      }, allowed),
    async open(scene, size = { width: 1280, height: 800 }) {
      await app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height), size);
      await page.goto(`${server.url}?${new URLSearchParams(scene).toString()}`);
      await page.waitForSelector('nav');
      await page.waitForFunction(() => document.fonts.status === 'loaded');
    },
    async accessibilityFaults() {
      // Electron has no second page for axe's usual way of running.
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      return violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.target.join(' ')).join(', ')}`);
    },
    downloads: saved,
    takeFaults,
    async close() {
      await app.close();
      server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Answers the system's question where to put a download. The returned function reads those that are finished. */
async function saveDownloads(app: ElectronApplication, folder: string): Promise<() => Promise<Map<string, Buffer>>> {
  await mkdir(folder);
  await app.evaluate(({ session }, into) => {
    const finished: string[] = [];
    Object.assign(globalThis, { finishedDownloads: finished });
    session.defaultSession.on('will-download', (_event, item) => {
      const path = `${into}/${finished.length}-${item.getFilename()}`;
      item.setSavePath(path);
      item.once('done', (_done, state) => state === 'completed' && finished.push(path));
    });
  }, folder);
  return async () => {
    const paths = await app.evaluate(() => (globalThis as unknown as { finishedDownloads: string[] }).finishedDownloads);
    return new Map(await Promise.all(paths.map(async (path) => [basename(path), await readFile(path)] as const)));
  };
}
