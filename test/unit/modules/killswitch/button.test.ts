import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../../src-main/base/clock.ts';
import { silentLog } from '../../../../src-main/base/log.ts';
import type { KillState } from '../../../../src-preload/contract/index.ts';
import { createButton, killSwitchButton, type Engagement } from '../../../../src-main/modules/killswitch/index.ts';
import { createButtonLine } from '../../../../src-main/modules/killswitch/button/button-line.ts';
import { createConfig } from '../../../../src-main/platform/config/index.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const setUpLine = () => {
  const clock = createVirtualClock();
  const said: string[] = [];
  return { clock, said, line: createButtonLine({ clock, onStop: (reason, why) => void said.push(`${reason} ${why}`.trim()) }) };
};

const setUp = async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'button');
  spawnSync('mkfifo', [path]);
  const config = createConfig({ dataDirectory: folder, definitions: [killSwitchButton], clock: systemClock, log: silentLog });
  const engaged: Engagement[] = [];
  const engage = async (engagement: Engagement): Promise<KillState> => {
    engaged.push(engagement);
    throw new Error('the state is not looked at');
  };
  const button = createButton({
    killSwitch: { engage: (engagement) => engage(engagement).catch(() => ({}) as KillState) },
    config,
    clock: systemClock,
    log: silentLog,
  });
  onTestFinished(() => void button.dispose());
  const eventually = async (): Promise<Engagement | undefined> => {
    for (let tries = 0; tries < 150 && engaged.length === 0; tries += 1) await pause(20);
    return engaged[0];
  };
  return { path, config, engaged, eventually };
};

describe('createButtonLine', () => {
  it('stops when it is pressed, and not for a contact that bounces', async () => {
    const { clock, said, line } = setUpLine();
    line.pressed();
    line.released();
    await clock.advance(100);
    expect(said).toEqual([]);
    line.pressed();
    line.pressed();
    await clock.advance(30);
    expect(said).toEqual(['button']);
  });

  it('stops when the device is lost, once', async () => {
    const { said, line } = setUpLine();
    line.lost('unplugged');
    line.lost('closed');
    expect(said).toEqual(['button-lost unplugged']);
  });

  it('stops when a device that says that all is well falls silent, and leaves a quiet one alone', async () => {
    const { clock, said, line } = setUpLine();
    await clock.advance(60_000);
    line.released();
    await clock.advance(2_900);
    line.released();
    await clock.advance(2_900);
    expect(said).toEqual([]);
    await clock.advance(200);
    expect(said).toEqual(['button-lost silent']);
  });

  it('says nothing after it was closed', async () => {
    const { clock, said, line } = setUpLine();
    line.released();
    line.pressed();
    line.close();
    line.lost('x');
    await clock.advance(10_000);
    expect(said).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('createButton', () => {
  it('stops everything at a byte that is no sign of life', async () => {
    const { path, config, engaged, eventually } = await setUp();
    const device = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    onTestFinished(() => closeSync(device));
    await config.set('killswitch.button', `file:${path}`);
    writeSync(device, '0.\n');
    await pause(150);
    expect(engaged).toEqual([]);
    writeSync(device, '1');
    expect(await eventually()).toEqual({ level: 5, trigger: 'button', reason: '' });
  });

  it('stops everything when the device goes away, or was never there', async () => {
    const { path, config, eventually } = await setUp();
    const device = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    await config.set('killswitch.button', `file:${path}`);
    await pause(60);
    closeSync(device);
    expect(await eventually()).toEqual({ level: 5, trigger: 'button', reason: 'button-lost' });
    const other = await setUp();
    await other.config.set('killswitch.button', 'file:/nowhere/button');
    expect(await other.eventually()).toMatchObject({ reason: 'button-lost' });
  });

  it('stops everything when a serial or HID device that is set is not there', async () => {
    const serial = await setUp();
    await serial.config.set('killswitch.button', 'serial:/dev/ttyNOTHERE@9600');
    expect(await serial.eventually()).toMatchObject({ reason: 'button-lost' });
    const hid = await setUp();
    await hid.config.set('killswitch.button', 'hid:0001:0002');
    expect(await hid.eventually()).toMatchObject({ reason: 'button-lost' });
  });

  it('refuses a setting that names no device', async () => {
    const { config } = await setUp();
    for (const value of ['usb', 'hid:zz:1', 'file:', 'serial:'])
      await expect(config.set('killswitch.button', value)).rejects.toMatchObject({ code: 'config.bad-value' });
  });
});
