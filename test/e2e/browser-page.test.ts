import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlaybackReport, SessionSnapshot } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { createDisposeBag } from '../../src-main/base/dispose.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { readChildEnvironment } from '../../src-main/platform/config/environment.ts';
import { openWebDoor, type WebDoor } from '../../src-main/platform/contract-host/door-web.ts';
import { createContractHost, createPageHub, type PageHub } from '../../src-main/platform/contract-host/index.ts';
import { createSupervisedWorker, type SupervisedWorker } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import { fakeSettings, fakeSnapshot, NO_SESSION } from '../doubles/fake-core-data.ts';
import { buildScreens } from '../doubles/screens.ts';
import { createScriptedHandlers } from '../doubles/scripted-handlers.ts';
import type { VoiceEvent, VoiceMethods } from '../fixtures/workers/voice-methods.ts';
import { openPlainWindow } from './screens-window.ts';

/*
 * The real page in a browser, over the real web door: sockets, cookie, content policy, and sound between the page's worklets and a worker process.
 * Only what lies behind the handlers is invented.
 */
const bag = createDisposeBag();
const reports: PlaybackReport[] = [];
let hub: PageHub;
let worker: SupervisedWorker<VoiceMethods, VoiceEvent>;
let openDoor: (port: number) => Promise<WebDoor>;
let door: WebDoor;
let app: ElectronApplication;
let page: Page;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'browser-page-'));
  bag.add(() => void rm(folder, { recursive: true, force: true }));
  await buildScreens(join(folder, 'renderer'), { fakeCore: false });
  const launch = createNodeLauncher({ environment: readChildEnvironment(), log: silentLog });
  const entry = new URL('../fixtures/workers/voice.worker.ts', import.meta.url);
  worker = bag.add(
    createSupervisedWorker<VoiceMethods, VoiceEvent>(
      { name: 'synthesis', entry, memoryLimitBytes: 1e9 },
      { launch, clock: systemClock, log: silentLog },
    ),
  );
  hub = createPageHub({ log: silentLog, checkEvents: true });
  const host = createContractHost({ handlers: handlers(), log: silentLog, checkResults: true });
  openDoor = (port) =>
    openWebDoor({
      host,
      hub,
      attachAudio: (_kind, sessionId, media) => worker.attachPort(sessionId, media),
      resources: async () => undefined,
      clock: systemClock,
      log: silentLog,
      pageDirectory: join(folder, 'renderer'),
      dataDirectory: folder,
      port,
    });
  door = await openDoor(0);
  bag.add(() => door.dispose());
  ({ app, page } = await openPlainWindow(door.issueLink()));
  bag.add(() => app.close());
});
afterAll(() => bag.dispose());

function handlers() {
  return createScriptedHandlers({
    'app.snapshot': () => fakeSnapshot({ door: 'browser' }),
    'settings.list': () => fakeSettings(),
    'session.snapshot': () => NO_SESSION,
    'conversations.list': () => [],
    'session.start': (_input, caller) => {
      const sessionId = `ses_${caller.clientId}`;
      hub.openAudio(caller, sessionId);
      const session: SessionSnapshot = { ...NO_SESSION, sessionId, talk: { state: 'ready' } };
      hub.tell('session.changed', session, caller.clientId);
      return session;
    },
    'session.stop': () => undefined,
    'session.reportInput': () => undefined,
    'playback.report': (report) => void reports.push(report),
  });
}

const heard = (): Promise<number> => worker.call('heard', {});
const ring = (): Promise<string | null | undefined> =>
  page.evaluate(() => document.querySelector('[data-ring]')?.getAttribute('data-ring'));

async function speak(utteranceId: string, milliseconds: number): Promise<void> {
  await worker.call('say', { utteranceId, milliseconds });
  hub.tell('playback.command', { command: 'start', utteranceId });
  hub.tell('playback.command', { command: 'finish', utteranceId, segmentCount: 1 });
}

describe('the page in a browser', () => {
  it('comes up by its one-time link, without the token left in its address', async () => {
    await page.getByRole('navigation', { name: 'Places' }).waitFor();
    expect(page.url()).toBe(`${door.url}/`);
  });

  it('sends the microphone to the worker process and plays what comes back', async () => {
    const start = page.getByRole('button', { name: 'Start talking' });
    if ((await ring()) === 'off') await start.click();
    await expect.poll(ring).toBe('ready');
    await expect.poll(heard, { timeout: 8000 }).toBeGreaterThan(16_000);
    await speak('utt-1', 900);
    await expect.poll(() => reports.at(-1)?.event, { timeout: 8000 }).toBe('ended');
    expect(reports[0]).toMatchObject({ utteranceId: 'utt-1', event: 'started' });
    expect(Math.abs((reports.at(-1)?.playedMs ?? 0) - 900)).toBeLessThan(3);
  });

  it('finds its way back to a worker that was restarted', async () => {
    await expect(worker.call('exit', {})).rejects.toMatchObject({ code: 'worker.crashed' });
    await expect.poll(heard, { timeout: 15_000 }).toBeGreaterThan(8000);
    reports.length = 0;
    await speak('utt-2', 500);
    await expect.poll(() => reports.at(-1)?.event, { timeout: 8000 }).toBe('ended');
  });

  it('says that it is locked out when the server was started anew, and works again after a new link', async () => {
    const port = Number(new URL(door.url).port);
    await door.dispose();
    await page.getByText('No connection').first().waitFor();
    door = await openDoor(port);
    await page.getByText('This page is locked out').first().waitFor({ timeout: 15_000 });
    await page.goto(door.issueLink());
    await page.getByRole('navigation', { name: 'Places' }).waitFor();
    await expect.poll(() => page.getByText('This page is locked out').count()).toBe(0);
  });

  it('talks on by itself after its connection was lost', async () => {
    await page.addInitScript(() => {
      const Plain = WebSocket;
      window.WebSocket = class extends Plain {
        constructor(url: string | URL) {
          super(url);
          addEventListener('lose-connection', () => this.close());
        }
      };
    });
    await page.reload();
    const start = page.getByRole('button', { name: 'Start talking' });
    // It may begin by itself between the look and the click.
    const begun = async (): Promise<unknown> => {
      if ((await ring()) === 'off') await start.click({ timeout: 1000 }).catch(() => undefined);
      return ring();
    };
    await expect.poll(begun, { timeout: 12_000 }).toBe('ready');
    await page.evaluate(() => dispatchEvent(new Event('lose-connection')));
    await expect.poll(ring).toBe('broken');
    await expect.poll(ring, { timeout: 8000 }).toBe('ready');
    const before = await heard();
    await expect.poll(heard, { timeout: 8000 }).toBeGreaterThan(before + 16_000);
  });
});
