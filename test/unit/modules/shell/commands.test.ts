import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src-main/base/log.ts';
import { createCommands } from '../../../../src-main/modules/shell/commands.ts';
import { createPageHub } from '../../../../src-main/platform/contract-host/index.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

function setUp({ ownerTalks = false } = {}) {
  const clock = createVirtualClock();
  const hub = createPageHub({ log: silentLog, checkEvents: true });
  const seen: string[] = [];
  const open = (door: 'window' | 'browser', clientId: string): void => {
    const send = (_name: string, payload: unknown): unknown => seen.push(`${clientId} ${JSON.stringify(payload)}`);
    hub.add({ caller: { door, clientId }, send, openAudio: () => undefined });
  };
  const run = createCommands({
    hub,
    clock,
    show: () => seen.push('shown'),
    quit: () => seen.push('quit'),
    kill: () => seen.push('kill'),
    ownerTalks: () => ownerTalks,
    patienceMs: 1000,
  });
  return { clock, open, seen, run };
}

describe('createCommands', () => {
  it('gives what concerns the microphone to the window alone', async () => {
    const { seen, open, run } = setUp();
    open('window', 'win');
    open('browser', 'page');
    await run('talk-toggle');
    await run('mute-toggle');
    expect(seen).toEqual(['win {"command":"talk-toggle"}', 'win {"command":"mute-toggle"}']);
  });

  it('stops everything without any page', async () => {
    const { seen, run } = setUp();
    await run('kill');
    expect(seen).toEqual(['kill']);
  });

  it('stops the answer of every page', async () => {
    const { seen, open, run } = setUp();
    open('window', 'win');
    open('browser', 'page');
    await run('stop');
    expect(seen).toEqual(['win {"command":"stop"}', 'page {"command":"stop"}']);
  });

  it('shows the window first for what is on a screen of it', async () => {
    const { seen, open, run } = setUp();
    open('window', 'win');
    for (const command of ['show-settings', 'show', 'quit'] as const) await run(command);
    expect(seen).toEqual(['shown', 'win {"command":"show-settings"}', 'shown', 'quit']);
  });

  it('does not talk to the assistant while the owner is on the telephone, but lets the key go and mutes', async () => {
    const { seen, open, run } = setUp({ ownerTalks: true });
    open('window', 'win');
    await expect(run('talk-toggle')).rejects.toMatchObject({ code: 'control.in-call' });
    await expect(run('talk-press')).rejects.toMatchObject({ code: 'control.in-call' });
    for (const command of ['talk-release', 'mute-toggle', 'call-hang-up'] as const) await run(command);
    expect(seen).toEqual(['win {"command":"talk-release"}', 'win {"command":"mute-toggle"}', 'win {"command":"call-hang-up"}']);
  });

  it('waits for a page that is still loading', async () => {
    const { seen, open, run, clock } = setUp();
    const running = run('talk-toggle');
    await clock.advance(900);
    open('window', 'win');
    await running;
    expect(seen).toEqual(['win {"command":"talk-toggle"}']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('says so when no page comes', async () => {
    const { run, clock, open, seen } = setUp();
    const running = expect(run('talk-toggle')).rejects.toMatchObject({ code: 'control.no-page' });
    await clock.advance(1000);
    await running;
    open('window', 'win');
    expect(seen).toEqual([]);
  });
});
