import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppSnapshot } from '../../../../src-preload/contract/index.ts';
import { calls } from '../../../../src-preload/contract/index.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import type { Desktop } from '../../../../src-main/modules/shell/index.ts';
import { createAppHandlers, createFirstRun, windowSettings } from '../../../../src-main/modules/shell/index.ts';
import { createConfig } from '../../../../src-main/platform/config/index.ts';
import { createPageHub } from '../../../../src-main/platform/contract-host/index.ts';
import { createNoticeBoard } from '../../../../src-main/platform/notices/index.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'app-handlers-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const caller = { door: 'browser', clientId: 'page' } as const;

async function setUp(desktop?: Desktop) {
  const hub = createPageHub({ log: silentLog, checkEvents: true });
  const told: AppSnapshot[] = [];
  const faceWindow: unknown[] = [];
  const send = (name: string, payload: unknown): void => {
    if (name === 'app.changed') told.push(payload as AppSnapshot);
    if (name === 'face.window') faceWindow.push(payload);
  };
  hub.add({ caller, send, openAudio: () => undefined });
  const notices = createNoticeBoard({ tell: hub.tell });
  const config = await createConfig({ dataDirectory: folder, definitions: windowSettings, clock: createVirtualClock(), log: silentLog });
  const restarted: string[] = [];
  const { handlers, dispose } = createAppHandlers({
    version: '1.2.3',
    config,
    notices,
    hub,
    firstRun: createFirstRun(folder),
    restartPart: async (part) => void restarted.push(part),
    vitals: () => ({ uptimeMs: 1, eventLoopDelayMs: { p50: 0, p95: 0, p99: 0, max: 0 }, processes: [] }),
    ...(desktop === undefined ? {} : { desktop }),
  });
  return { handlers, hub, told, faceWindow, notices, config, restarted, dispose };
}

function germanDesktop(): Desktop & { opened: string[]; change: () => void } {
  let onChange: (() => void) | undefined;
  let onFaceWindow: ((open: boolean) => void) | undefined;
  let faceWindowOpen = false;
  const opened: string[] = [];
  return {
    opened,
    change: () => onChange?.(),
    systemLocale: () => 'de-AT',
    openExternal: async (url) => void opened.push(url),
    pickModelFile: async () => undefined,
    pickFolder: async () => undefined,
    readClipboard: () => '',
    writeClipboard: () => undefined,
    notify: () => undefined,
    isInFront: () => true,
    allowExchange: () => undefined,
    shortcut: () => ({ accelerator: 'Alt+F1', registered: false, hold: false, code: 'shortcut.taken' }),
    onShortcutChange(listener) {
      onChange = listener;
      return () => (onChange = undefined);
    },
    setFaceWindow(open) {
      faceWindowOpen = open;
      onFaceWindow?.(open);
    },
    faceWindowOpen: () => faceWindowOpen,
    onFaceWindowChange(listener) {
      onFaceWindow = listener;
      return () => (onFaceWindow = undefined);
    },
  };
}

describe('createAppHandlers', () => {
  it('gives a snapshot that keeps the contract, for the door that asks', async () => {
    const { handlers, notices } = await setUp();
    notices.setPart({ part: 'language', status: 'ready' });
    const snapshot = await handlers['app.snapshot']({}, caller);
    expect(calls['app.snapshot'].result.parse(snapshot)).toMatchObject({
      version: '1.2.3',
      door: 'browser',
      firstRun: true,
      parts: [{ part: 'language', status: 'ready' }],
      pushToTalkShortcut: { accelerator: '', registered: false, hold: false },
    });
  });

  it("follows the system's language until the owner chooses one", async () => {
    const { handlers, told } = await setUp(germanDesktop());
    expect((await handlers['app.snapshot']({}, caller)).locale).toBe('de');
    await handlers['app.setLocale']({ locale: 'en' }, caller);
    expect((await handlers['app.snapshot']({}, caller)).locale).toBe('en');
    expect(told.at(-1)?.locale).toBe('en');
  });

  it('shows the first-run card until it is finished, also at the next start', async () => {
    const { handlers, told } = await setUp();
    await handlers['app.finishFirstRun']({}, caller);
    await handlers['app.finishFirstRun']({}, caller);
    expect(told.at(-1)?.firstRun).toBe(false);
    expect((await (await setUp()).handlers['app.snapshot']({}, caller)).firstRun).toBe(false);
  });

  it('tells pages about notices and the shortcut until it is disposed', async () => {
    const desktop = germanDesktop();
    const { handlers, told, notices, dispose } = await setUp(desktop);
    const id = notices.raise({ level: 'info', code: 'test.notice', message: 'Look.', details: {}, action: 'none' });
    expect(told.at(-1)?.notices).toMatchObject([{ id, code: 'test.notice' }]);
    await handlers['app.dismissNotice']({ noticeId: id }, caller);
    expect(told.at(-1)?.notices).toEqual([]);
    const before = told.length;
    desktop.change();
    expect(told.length).toBe(before + 1);
    expect(told.at(-1)?.pushToTalkShortcut.code).toBe('shortcut.taken');
    dispose();
    desktop.change();
    expect(told.length).toBe(before + 1);
  });

  it('opens links on the desktop, and says so where there is none', async () => {
    const desktop = germanDesktop();
    await (await setUp(desktop)).handlers['app.openExternal']({ url: 'https://example.org/' }, caller);
    expect(desktop.opened).toEqual(['https://example.org/']);
    const { handlers } = await setUp();
    await expect(handlers['app.openExternal']({ url: 'https://example.org/' }, caller)).rejects.toMatchObject({ code: 'desktop.absent' });
  });

  it('opens the small window with the face, tells every page, and tells a page that comes later', async () => {
    const { handlers, hub, faceWindow } = await setUp(germanDesktop());
    expect(await handlers['face.setWindow']({ open: true }, caller)).toEqual({ open: true });
    expect(faceWindow).toEqual([{ open: true }]);
    const heardLater: unknown[] = [];
    hub.add({
      caller: { door: 'window', clientId: 'late' },
      send: (name, payload) => heardLater.push([name, payload]),
      openAudio: () => undefined,
    });
    expect(heardLater).toEqual([['face.window', { open: true }]]);
  });

  it('has no small window where there is no desktop', async () => {
    const { handlers } = await setUp();
    await expect(async () => handlers['face.setWindow']({ open: true }, caller)).rejects.toMatchObject({ code: 'face.no-desktop' });
  });

  it('restarts the part that is asked for', async () => {
    const { handlers, restarted } = await setUp();
    await handlers['app.restartPart']({ part: 'synthesis' }, caller);
    expect(restarted).toEqual(['synthesis']);
  });
});
