import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AppSnapshot, AudioPortMessage, CallOutcome, PreloadApi } from '../../src-preload/contract/index.ts';
import type { ControlAnswer, ControlCommand } from '../../src-main/modules/shell/index.ts';
import { sendControlCommand } from '../../src-main/modules/shell/index.ts';
import { readServeFile } from '../../src-main/platform/contract-host/serve-file.ts';
import { connectBridge } from '../../src-main/platform/contract-host/web-client.ts';
import type { RunningShell, ShellApp } from './shell-app.ts';
import { buildShellApp } from './shell-app.ts';

/** What the page's script keeps; see shell-app.ts. */
interface TestPage extends Window {
  openclaw: PreloadApi;
  commands: string[];
  notices: string[];
  ports: Record<string, MessagePort | undefined>;
}
declare const window: TestPage;

let shell: ShellApp;
let running: RunningShell;

beforeAll(async () => {
  shell = await buildShellApp();
});
afterAll(() => shell.dispose());
afterEach(() => running.electron.close().catch(() => undefined));

const call = (page: Page, name: string, input: object = {}): Promise<CallOutcome> =>
  page.evaluate(([asked, given]) => window.openclaw.call(asked as never, given), [name, input] as const);

async function snapshot(page: Page): Promise<AppSnapshot> {
  const outcome = await call(page, 'app.snapshot');
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value as AppSnapshot;
}

/** Pid of the probe worker and the names of the variables it sees. */
async function probe(page: Page): Promise<{ pid: number; variables: string[] }> {
  const outcome = await call(page, 'doctor.run');
  const [answer] = (outcome.ok ? outcome.value : []) as { part: string; summary: string }[];
  return { pid: Number(answer?.part), variables: answer?.summary.split(' ') ?? [] };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The control socket opens a moment after the core. */
const command = (name: ControlCommand): Promise<ControlAnswer> =>
  vi.waitFor(() => sendControlCommand(shell.dataDirectory, name), { timeout: 5000 });

const windowIs = (what: 'isVisible' | 'isMinimized' | 'isFocused'): Promise<boolean | undefined> =>
  running.electron.evaluate(({ BrowserWindow }, asked) => BrowserWindow.getAllWindows()[0]?.[asked](), what);

describe('the window', () => {
  it('gives its page named calls and events, and nothing else of this machine', async () => {
    running = await shell.start();
    const { page } = running;
    expect(page.url()).toBe('openclaw://app/index.html');
    expect(await snapshot(page)).toMatchObject({ version: '1.2.3', door: 'window' });
    const seen = await page.evaluate(async () => {
      // oxlint-disable-next-line unicorn/consistent-function-scoping -- this runs in the page, where nothing else of this file is
      const refused = (promise: Promise<unknown>): Promise<string> =>
        promise.then(
          () => 'allowed',
          () => 'refused',
        );
      return {
        api: Object.keys(window.openclaw),
        globals: ['require', 'process', 'Buffer', 'module'].filter((name) => name in window),
        call: await refused(window.openclaw.call('anything' as never, {})),
        network: await refused(fetch('https://example.org/')),
        loopback: await refused(fetch('http://127.0.0.1:9/')),
        file: await refused(fetch('file:///etc/passwd')),
        outside: await fetch('openclaw://app/..%2f..%2fpackage.json').then(({ status }) => status),
        otherHost: await refused(fetch('openclaw://other/index.html')),
        opened: window.open('https://example.org/') === null ? 'refused' : 'allowed',
        camera: await refused(navigator.mediaDevices.getUserMedia({ video: true })),
        place: await new Promise((done) =>
          navigator.geolocation.getCurrentPosition(
            () => done('allowed'),
            () => done('refused'),
          ),
        ),
        notifications: await Notification.requestPermission(),
        microphone: await refused(navigator.mediaDevices.getUserMedia({ audio: true })),
      };
    });
    expect(seen).toEqual({
      api: ['call', 'on'],
      globals: [],
      call: 'refused',
      network: 'refused',
      loopback: 'refused',
      file: 'refused',
      outside: 404,
      otherHost: 'refused',
      opened: 'refused',
      camera: 'refused',
      place: 'refused',
      notifications: 'denied',
      microphone: 'allowed',
    });
  });

  it('takes files of its page in, whatever they are sent as, and gives them back byte for byte', async () => {
    running = await shell.start();
    const sent = await running.page.evaluate(async () => {
      const bytes = new Uint8Array(5_000_000).map((_, index) => (index * 31) % 251);
      const bodies = { bytes, buffer: bytes.buffer, blob: new Blob([bytes]), file: new File([bytes.slice(0, 9), bytes.slice(9)], 'a.png') };
      const same: Record<string, boolean> = {};
      for (const [kind, body] of Object.entries(bodies)) {
        const answer = await fetch('/uploads', { method: 'POST', body });
        const { uploadId } = (await answer.json()) as { uploadId: string };
        const back = new Uint8Array(await (await fetch(`/downloads/${uploadId}/x`)).arrayBuffer());
        same[kind] = back.length === bytes.length && back.every((value, index) => value === bytes[index]);
      }
      const large = await fetch('/uploads', { method: 'POST', body: new Blob([new Uint8Array(70_000_000)]) });
      const gone = await fetch('/downloads/nothing/x');
      const missing = await fetch('/characters/x');
      return { same, large: [large.status, await large.json()], gone: [gone.status, await gone.json()], missing: missing.status };
    });
    expect(sent).toMatchObject({
      same: { bytes: true, buffer: true, blob: true, file: true },
      large: [400, { code: 'upload.too-large' }],
      gone: [400, { code: 'upload.gone' }],
      missing: 404,
    });
  });

  it('runs no code that is not in its files', async () => {
    running = await shell.start();
    const ran = await running.page.evaluate(async () => {
      // The debugger's own code may evaluate until it first waits.
      await new Promise((done) => void setTimeout(done, 0));
      const ways = { inline: false, evaluated: false };
      const script = document.createElement('script');
      script.textContent = 'window.ranInline = true';
      document.body.append(script);
      ways.inline = 'ranInline' in window;
      try {
        ways.evaluated = Boolean(Function('return true')());
      } catch {
        // Refused by the policy.
      }
      return ways;
    });
    expect(ran).toEqual({ inline: false, evaluated: false });
  });

  it('stays on its page', async () => {
    running = await shell.start();
    for (const url of ['https://example.org/', 'file:///etc/passwd', 'data:text/html,x', 'openclaw://other/'])
      await running.page.evaluate((to) => void (location.href = to), url);
    await expect.poll(() => running.output().match(/guard\.navigation-refused/g)?.length ?? 0).toBeGreaterThanOrEqual(2);
    expect(running.page.url()).toBe('openclaw://app/index.html');
  });

  it('refuses bad input, unknown calls, and every page but its own', async () => {
    running = await shell.start();
    expect(await call(running.page, 'app.openExternal', { url: 'file:///etc/passwd' })).toMatchObject({
      error: { code: 'request.bad-input' },
    });
    const stranger = await running.electron.evaluate(
      async ({ BrowserWindow }, preload) => {
        const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } });
        await other.loadURL('data:text/html,stranger');
        const outcome = (await other.webContents.executeJavaScript('window.openclaw.call("app.snapshot", {})')) as unknown;
        other.destroy();
        return outcome;
      },
      join((await running.electron.evaluate(({ app }) => app.getAppPath())) as string, 'out/preload/preload.cjs'),
    );
    expect(stranger).toMatchObject({ ok: false, error: { code: 'request.refused' } });
  });

  it('is where it was at the next start, and closes to the tray when the owner wants that', async () => {
    running = await shell.start();
    const bounds = { x: 40, y: 60, width: 900, height: 640 };
    await running.electron.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), bounds);
    await expect
      .poll(() => running.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds()))
      .toMatchObject(bounds);
    await call(running.page, 'settings.set', { key: 'appearance.closeToTray', value: true });
    await running.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(() => windowIs('isVisible')).toBe(false);
    expect((await command('status')).status?.version).toBe('1.2.3');
    await command('show');
    await expect.poll(() => windowIs('isVisible')).toBe(true);
    await call(running.page, 'settings.reset', { key: 'appearance.closeToTray' });
    await running.electron.close();

    running = await shell.start();
    expect(await running.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toMatchObject(bounds);
  });

  it('loads its page again when the page has died, as a new client, and says so', async () => {
    running = await shell.start();
    const first = await call(running.page, 'session.start', { conversationId: null, mode: 'hands-free' });
    await running.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    await expect.poll(() => running.output()).toContain('window.page-lost');
    const reloaded = (): Promise<unknown> =>
      running.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
          'window.openclaw.call("session.start", {conversationId: null, mode: "hands-free"})',
        ),
      );
    const second = await reloaded();
    expect(second).toMatchObject({ ok: true });
    expect(second).not.toEqual(first);
    const notices = await running.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('window.openclaw.call("app.snapshot", {})'),
    );
    expect(notices).toMatchObject({ value: { notices: [{ code: 'window.page-lost' }] } });
  });
});

describe('one app', () => {
  it('hands a second start over to the running one', async () => {
    running = await shell.start();
    await snapshot(running.page);
    await running.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    expect(await shell.startSecond('--mute')).toBe(0);
    await expect.poll(() => running.page.evaluate(() => window.commands)).toEqual(['mute-toggle']);
    expect(await windowIs('isVisible')).toBe(false);
    expect(await shell.startSecond()).toBe(0);
    await expect.poll(() => windowIs('isVisible')).toBe(true);
  });

  it('begins to talk at once when it is started for that', async () => {
    running = await shell.start('--talk');
    await snapshot(running.page);
    await expect.poll(() => running.page.evaluate(() => window.commands)).toEqual(['talk-toggle']);
  });

  it('passes commands of the terminal on to the page', async () => {
    running = await shell.start();
    await snapshot(running.page);
    for (const name of ['talk-toggle', 'talk-press', 'talk-release', 'quiet'] as const) await command(name);
    await expect.poll(() => running.page.evaluate(() => window.commands)).toEqual(['talk-toggle', 'talk-press', 'talk-release', 'stop']);
    await command('quit');
    await new Promise((done) => void running.electron.process().once('exit', done));
    await expect(sendControlCommand(shell.dataDirectory, 'status')).rejects.toMatchObject({ code: 'control.not-running' });
  });

  it('reports the global shortcut as it is, and changes it at once', async () => {
    running = await shell.start();
    const shortcut = async (): Promise<unknown> => (await snapshot(running.page)).pushToTalkShortcut;
    expect(await shortcut()).toEqual({ accelerator: 'CommandOrControl+Shift+Space', registered: true, hold: false });
    await call(running.page, 'settings.set', { key: 'shortcuts.pushToTalk', value: 'Alt+Control+F9' });
    expect(await shortcut()).toEqual({ accelerator: 'Alt+Control+F9', registered: true, hold: false });
    await call(running.page, 'settings.set', { key: 'shortcuts.pushToTalk', value: '' });
    expect(await shortcut()).toEqual({ accelerator: '', registered: false, hold: false });
    await call(running.page, 'settings.reset', { key: 'shortcuts.pushToTalk' });
  });
});

describe('workers in Electron', () => {
  const sound: AudioPortMessage = { type: 'capture', samples: Float32Array.of(0.5, -0.25) };

  it("carry a session's sound straight between page and worker", async () => {
    running = await shell.start();
    await call(running.page, 'session.start', { conversationId: null, mode: 'hands-free' });
    const echoed = await running.page.evaluate(async () => {
      while (window.ports['capture'] === undefined) await new Promise((done) => void setTimeout(done, 10));
      const port = window.ports['capture'];
      const answer = new Promise<{ samples: Float32Array }>((done) => {
        port.addEventListener('message', ({ data }) => done(data as { samples: Float32Array }));
        port.start();
      });
      port.postMessage({ type: 'capture', samples: 'rubbish' });
      port.postMessage({ type: 'capture', samples: Float32Array.of(0.5, -0.25) });
      return [...(await answer).samples];
    });
    expect(echoed).toEqual([...sound.samples]);
  });

  it('see nothing of the owner’s environment, come back after a crash, and never outlive the app', async () => {
    running = await shell.start();
    const first = await probe(running.page);
    expect(first.variables).toContain('PATH');
    expect(first.variables).not.toContain('OPENCLAW_SECRET_OF_THE_OWNER');
    expect(first.variables).not.toContain('DISPLAY');
    expect(await call(running.page, 'app.restartPart', { part: 'recognition' })).toMatchObject({ error: { code: 'worker.crashed' } });
    const second = await probe(running.page);
    expect(second.pid).not.toBe(first.pid);
    running.electron.process().kill('SIGKILL');
    await expect.poll(() => isAlive(second.pid), { timeout: 10_000 }).toBe(false);
  });

  it('reach a browser, too, when the owner asks for a link; until then nothing listens', async () => {
    running = await shell.start();
    await snapshot(running.page);
    expect(await readServeFile(shell.dataDirectory)).toBeUndefined();
    const { link } = await command('link');
    const response = await fetch(link ?? '', { redirect: 'manual' });
    expect(response.status).toBe(303);
    const info = await readServeFile(shell.dataDirectory);
    const client = await connectBridge(info ?? { url: '', token: '' });
    const { sessionId } = await client.call('session.start', { conversationId: null, mode: 'hands-free' });
    const port = await client.openAudio(sessionId ?? '', 'capture');
    const heard: AudioPortMessage[] = [];
    port.onMessage((message) => heard.push(message));
    port.post(sound);
    await expect.poll(() => heard).toEqual([sound]);
    await client.dispose();
  });
});
