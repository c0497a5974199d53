import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engageLatch } from '../../../../build/lib/latch.mjs';
import type { KillSwitchService } from '../../../../src-main/modules/killswitch/index.ts';
import { readLatch } from '../../../../src-main/modules/killswitch/latch-file.ts';
import { createKillSwitchRig, type KillSwitchRig } from '../../../doubles/kill-switch-rig.ts';

const lift = (killSwitch: KillSwitchService) => killSwitch.lift({ token: killSwitch.prepareLift().token, phrase: 'start again' }, 'window');
const stopFile = ({ folder }: KillSwitchRig): string => join(folder, 'STOP');
const broken = (): never => {
  throw new Error('a listener');
};
const stale = { code: 'killswitch.stale-token' };

/** Runs `work` at the first time that this step is reached. */
function once(name: string, work: () => void): (step: string) => void {
  let isDone = false;
  return (step) => {
    if (isDone || step !== name) return;
    isDone = true;
    work();
  };
}

describe('a stop that another process writes', () => {
  it('while the app starts holds', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start({ step: once('stop-begin', () => engageLatch(rig.folder, 4)) });
    expect(killSwitch.state()).toMatchObject({ level: 4, trigger: 'cli' });
    expect(killSwitch.gate.isOpen('inference')).toBe(false);
    expect([readLatch(rig.folder), rig.records.read()]).toMatchObject([{ latch: { level: 4 } }, { level: 4 }]);
  });

  it('is not lowered by one of the app at the same time', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    engageLatch(rig.folder, 5);
    expect(await killSwitch.engage({ level: 2, trigger: 'tray' })).toMatchObject({ level: 5, trigger: 'cli' });
    expect([readLatch(rig.folder), rig.start().state()]).toMatchObject([{ latch: { level: 5 } }, { level: 5 }]);
  });

  it('counts as everything when it cannot be read', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    writeFileSync(join(rig.folder, 'latch.json'), 'half of');
    expect(await killSwitch.engage({ level: 1, trigger: 'tray' })).toMatchObject({ level: 5, trigger: 'latch-unreadable' });
  });

  it('is not overwritten by a latch that is tried again because the disk was full', async () => {
    const rig = await createKillSwitchRig();
    let isFull = false;
    const killSwitch = rig.start({
      step: (name) => {
        if (isFull && name === 'file-draft-made') throw new Error('disk full');
      },
      onNotWritten: () => undefined,
    });
    isFull = true;
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    isFull = false;
    engageLatch(rig.folder, 3);
    await rig.clock.advance(1_500);
    expect(readLatch(rig.folder)).toMatchObject({ latch: { level: 3, trigger: 'cli' } });
  });

  it.each(['record-begin', 'lift-row', 'lift-audit'])('in the middle of a lift is not lifted with it (%s)', async (name) => {
    const rig = await createKillSwitchRig();
    let step: ((name: string) => void) | undefined;
    const killSwitch = rig.start({ step: (each) => step?.(each) });
    await killSwitch.engage({ level: 2, trigger: 'tray' });
    step = once(name, () => engageLatch(rig.folder, 5));
    await expect(lift(killSwitch)).rejects.toMatchObject(stale);
    expect(killSwitch.state()).toMatchObject({ level: 5, trigger: 'cli' });
    expect(rig.start().state().level).toBe(5);
  });

  it('as a STOP file in the middle of a lift is not lifted with it, and by the next lift it is', async () => {
    const rig = await createKillSwitchRig();
    let step: ((name: string) => void) | undefined;
    const killSwitch = rig.start({ step: (each) => step?.(each) });
    await killSwitch.engage({ level: 5, trigger: 'tray' });
    step = once('lift-row', () => writeFileSync(stopFile(rig), '5'));
    await expect(lift(killSwitch)).rejects.toMatchObject(stale);
    expect([killSwitch.state().level, existsSync(stopFile(rig))]).toEqual([5, true]);
    await lift(killSwitch);
    expect([rig.start().state().level, existsSync(stopFile(rig))]).toEqual([0, false]);
  });

  it('is raised to, not lifted, when it came before the lift and the app has not seen it yet', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    engageLatch(rig.folder, 5);
    await expect(lift(killSwitch)).rejects.toMatchObject(stale);
    expect(killSwitch.state().level).toBe(5);
  });

  it('is not taken back by connecting the language model again', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    await killSwitch.cutLanguage(true);
    engageLatch(rig.folder, 3);
    writeFileSync(stopFile(rig), '4');
    expect(await killSwitch.cutLanguage(false)).toMatchObject({ level: 4, languageCutOff: false });
    expect([existsSync(stopFile(rig)), readLatch(rig.folder)]).toMatchObject([true, { latch: { level: 4, languageCutOff: false } }]);
  });
});

describe('a second press of the switch', () => {
  it('in the middle of a lift ends the lift', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch: KillSwitchService = rig.start({
      recordForSure: async () => void (await killSwitch.engage({ level: 2, trigger: 'button' })),
    });
    await killSwitch.engage({ level: 2, trigger: 'tray' });
    await expect(lift(killSwitch)).rejects.toMatchObject(stale);
    expect(killSwitch.state().level).toBe(2);
  });
});

describe('the order of a stop', () => {
  it('is gates, word to the watchdog that it is being stopped, first stoppers, then the disk', async () => {
    const rig = await createKillSwitchRig();
    const order: string[] = [];
    const killSwitch = rig.start({ step: (name) => void order.push(name) });
    order.length = 0;
    killSwitch.gate.signal('answer').addEventListener('abort', () => order.push('gate'));
    killSwitch.onShut(() => order.push(killSwitch.isStopping() ? 'told: stopping' : 'told: done'));
    killSwitch.register({ effect: 'answer', stop: async () => (order.push('stopper'), []) });
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    expect(order.slice(0, 4)).toEqual(['gate', 'told: stopping', 'stopper', 'stop-begin']);
  });

  it('is kept when whoever listens throws', async () => {
    const rig = await createKillSwitchRig();
    const told: string[] = [];
    const killSwitch = rig.start({ tell: broken });
    killSwitch.onShut(broken);
    killSwitch.onShut(() => told.push('shut'));
    killSwitch.onChange(broken);
    killSwitch.onChange(({ level }) => told.push(String(level)));
    killSwitch.register({ effect: 'tool', stop: async () => (told.push('stopper'), []) });
    await killSwitch.engage({ level: 2, trigger: 'tray' });
    expect([told, readLatch(rig.folder)]).toMatchObject([['shut', 'stopper', '2', '2'], { latch: { level: 2 } }]);
    await lift(killSwitch);
    expect(killSwitch.gate.isOpen('tool')).toBe(true);
  });
});

describe('a language model that is cut off', () => {
  it('stays so with a latch that cannot be read and no database that says otherwise', async () => {
    const rig = await createKillSwitchRig();
    await rig.start().cutLanguage(true);
    writeFileSync(join(rig.folder, 'latch.json'), '{');
    expect(rig.start().state()).toMatchObject({ level: 5, languageCutOff: true });
    rig.connection.exec('DELETE FROM killswitch_latch');
    rmSync(join(rig.folder, 'latch.json'));
    const again = rig.start();
    await lift(again);
    expect([again.state().languageCutOff, again.gate.isOpen('inference')]).toEqual([true, false]);
  });

  it('is connected again only when that is on the disk', async () => {
    const rig = await createKillSwitchRig();
    let isFull = false;
    let isOpen: (() => boolean) | undefined;
    const order: string[] = [];
    const killSwitch = rig.start({
      step: (name) => {
        order.push(`${name} ${isOpen?.() ? 'open' : 'shut'}`);
        if (isFull && name === 'release-file-draft-made') throw new Error('disk full');
      },
    });
    isOpen = () => killSwitch.gate.isOpen('inference');
    await killSwitch.cutLanguage(true);
    isFull = true;
    await expect(killSwitch.cutLanguage(false)).rejects.toMatchObject({ code: 'killswitch.language-not-restored' });
    expect([isOpen(), rig.start().state().languageCutOff]).toEqual([false, true]);
    isFull = false;
    order.length = 0;
    await killSwitch.cutLanguage(false);
    expect([order.at(-1), isOpen()]).toEqual(['release-end shut', true]);
  });
});
