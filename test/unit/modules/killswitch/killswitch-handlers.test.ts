import { describe, expect, it } from 'vitest';
import { createKillSwitchHandlers } from '../../../../src-main/modules/killswitch/index.ts';
import type { Caller } from '../../../../src-main/platform/contract-host/index.ts';
import { createKillSwitchRig } from '../../../doubles/kill-switch-rig.ts';

const page: Caller = { door: 'browser', clientId: 'page' };
const program: Caller = { door: 'browser', clientId: 'program', isProgram: true };

describe('createKillSwitchHandlers', () => {
  it('lets a program with the owner’s token stop, and lift nothing', async () => {
    const killSwitch = (await createKillSwitchRig()).start();
    const call = createKillSwitchHandlers({ killSwitch });
    expect(await call['killswitch.engage']({ level: 3 }, program)).toMatchObject({ level: 3 });
    await call['killswitch.cutLanguage']({ cut: true }, program);
    const { token, phrase } = await call['killswitch.prepareLift']({}, page);
    for (const attempt of [
      async () => call['killswitch.prepareLift']({}, program),
      async () => call['killswitch.lift']({ token, phrase: phrase.en }, program),
      async () => call['killswitch.setPassphrase']({ current: '', next: 'mine now' }, program),
      async () => call['killswitch.cutLanguage']({ cut: false }, program),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'killswitch.may-not-lift' });
    expect(killSwitch.state()).toMatchObject({ level: 3, languageCutOff: true, passphraseSet: false });
  });

  it('lets the owner’s page lift', async () => {
    const killSwitch = (await createKillSwitchRig()).start();
    const call = createKillSwitchHandlers({ killSwitch });
    await call['killswitch.engage']({ level: 5 }, page);
    const { token, phrase } = await call['killswitch.prepareLift']({}, page);
    expect(await call['killswitch.lift']({ token, phrase: phrase.de }, page)).toMatchObject({ level: 0 });
  });
});
