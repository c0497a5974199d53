import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionSnapshot } from '../../../../src-preload/contract/index.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import type { Controls } from '../../../../src-main/modules/shell/index.ts';
import { openControls, sendControlCommand } from '../../../../src-main/modules/shell/index.ts';
import { createPageHub } from '../../../../src-main/platform/contract-host/index.ts';
import { createNoticeBoard } from '../../../../src-main/platform/notices/index.ts';
import { createKillSwitchRig } from '../../../doubles/kill-switch-rig.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

let folder: string;
let controls: Controls | undefined;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'controls-'))));
afterEach(async () => {
  await controls?.dispose();
  rmSync(folder, { recursive: true });
});

const speaking: SessionSnapshot = {
  sessionId: 's',
  conversationId: null,
  talk: { state: 'speaking', paused: false },
  mode: 'hands-free',
  muted: false,
  pressed: false,
  characterId: 'default',
};

async function setUp(dataDirectory = folder) {
  const hub = createPageHub({ log: silentLog, checkEvents: true });
  const notices = createNoticeBoard({ tell: hub.tell });
  const told: string[] = [];
  const send = (name: string, payload: unknown): unknown => told.push(`${name} ${JSON.stringify(payload)}`);
  const open = (clientId: string) => hub.add({ caller: { door: 'browser', clientId }, send, openAudio: () => undefined });
  const killSwitch = (await createKillSwitchRig()).start();
  const deps = { hub, notices, clock: createVirtualClock(), log: silentLog, dataDirectory, version: '1', patienceMs: 0, killSwitch };
  controls = openControls({
    ...deps,
    show: () => undefined,
    quit: () => undefined,
    issueLink: async () => 'http://127.0.0.1:1/?token=x',
    verifyAudit: async () => ({ state: 'cut', count: 3, atLine: 4 }),
  });
  const states: string[] = [];
  controls.onState((state) => states.push(state));
  return { hub, notices, told, open, controls, states, killSwitch };
}

describe('openControls', () => {
  it('shows the session of the page that commands are meant for, until it is gone', async () => {
    const { hub, open, states } = await setUp();
    open('other');
    const leave = open('mine');
    hub.tell('session.changed', speaking, 'other');
    hub.tell('session.changed', speaking, 'mine');
    hub.tell('session.changed', { ...speaking, muted: true }, 'mine');
    leave();
    expect(states).toEqual(['speaking', 'muted', 'ready']);
  });

  it('shows that a part is broken, and that it is whole again', async () => {
    const { notices, states } = await setUp();
    notices.setPart({ part: 'language', status: 'broken' });
    notices.setPart({ part: 'language', status: 'ready' });
    expect(states).toEqual(['offline', 'ready']);
  });

  it('answers the terminal', async () => {
    const { told, open } = await setUp();
    expect(await sendControlCommand(folder, 'status')).toEqual({ status: { state: 'ready', version: '1', pid: process.pid } });
    expect(await sendControlCommand(folder, 'link')).toEqual({ link: 'http://127.0.0.1:1/?token=x' });
    open('page');
    await sendControlCommand(folder, 'talk-toggle');
    expect(told).toEqual(['shell.command {"command":"talk-toggle"}']);
  });

  it('stops everything, shows it, and tells the terminal whether the record is whole', async () => {
    const { states, killSwitch } = await setUp();
    await sendControlCommand(folder, 'kill');
    expect(killSwitch.state()).toMatchObject({ level: 5, trigger: 'cli' });
    expect(states).toEqual(['stopped']);
    expect(await sendControlCommand(folder, 'audit-verify')).toEqual({ audit: { state: 'cut', count: 3, atLine: 4 } });
  });

  it('works without a socket where the system cannot make one', async () => {
    const { hub, open, states } = await setUp(join(folder, 'missing'));
    open('mine');
    hub.tell('session.changed', speaking, 'mine');
    expect(states).toEqual(['speaking']);
    await expect(sendControlCommand(join(folder, 'missing'), 'status')).rejects.toMatchObject({ code: 'control.not-running' });
  });
});
