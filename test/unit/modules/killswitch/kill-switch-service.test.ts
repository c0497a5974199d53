import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Effect, KillSwitchService } from '../../../../src-main/modules/killswitch/index.ts';
import { createKillSwitchRig, type KillSwitchRig } from '../../../doubles/kill-switch-rig.ts';

const EFFECTS: readonly Effect[] = ['answer', 'tool', 'outgoing', 'call', 'inference', 'process'];
const shut = ({ gate }: KillSwitchService): Effect[] => EFFECTS.filter((effect) => !gate.isOpen(effect));
const file = (rig: KillSwitchRig, name: string): string => join(rig.folder, name);
const lift = (killSwitch: KillSwitchService, more: { phrase?: string; passphrase?: string } = {}) =>
  killSwitch.lift({ token: killSwitch.prepareLift().token, phrase: 'start again', ...more }, 'window');

describe('createKillSwitch', () => {
  it('lets everything through at a first start, and has written a latch that says so', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    expect([killSwitch.state().level, shut(killSwitch)]).toEqual([0, []]);
    expect(JSON.parse(readFileSync(file(rig, 'latch.json'), 'utf8'))).toMatchObject({ version: 1, level: 0 });
    expect(rig.records.read()?.level).toBe(0);
  });

  it.each([
    [1, ['answer']],
    [2, ['answer', 'tool']],
    [3, ['answer', 'tool', 'outgoing', 'call']],
    [4, ['answer', 'tool', 'outgoing', 'call', 'inference']],
    [5, EFFECTS],
  ] as const)('shuts the gates of level %i in the tick that asks for it, and file and database know', async (level, effects) => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    void killSwitch.engage({ level, trigger: 'tray' });
    expect(shut(killSwitch)).toEqual(effects);
    expect(JSON.parse(readFileSync(file(rig, 'latch.json'), 'utf8'))).toMatchObject({ level, trigger: 'tray' });
    expect(rig.records.read()).toMatchObject({ level, trigger: 'tray' });
  });

  it('aborts the signals that were given out, with the reason, and gives new ones after the lift', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    const signal = killSwitch.gate.signal('tool');
    await killSwitch.engage({ level: 2, trigger: 'window' });
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ code: 'killswitch.engaged' });
    expect(killSwitch.gate.signal('tool').aborted).toBe(true);
    expect(() => killSwitch.gate.pass('tool')).toThrow('stopped');
    await lift(killSwitch);
    expect(killSwitch.gate.signal('tool').aborted).toBe(false);
    expect(signal.aborted).toBe(true);
    expect(() => killSwitch.gate.pass('tool')).not.toThrow();
  });

  it('runs the stoppers in the order of stopping and says what they cut off', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    const order: Effect[] = [];
    for (const effect of EFFECTS.toReversed())
      killSwitch.register({
        effect,
        stop: async () => {
          order.push(effect);
          return effect === 'tool' ? ['one', 'two'] : [];
        },
      });
    const state = await killSwitch.engage({ level: 5, trigger: 'cli', reason: 'enough' });
    expect(order).toEqual(EFFECTS);
    expect(state).toMatchObject({
      level: 5,
      trigger: 'cli',
      reason: 'enough',
      stopped: [{ what: 'tool', count: 2, names: ['one', 'two'] }],
    });
    expect(state.stopLatencyMs).toBe(0);
    expect(rig.told.at(-1)).toEqual(state);
    expect(rig.audit.map(({ action }) => action)).toEqual(['killswitch.engage', 'killswitch.stopped']);
  });

  it('leaves the stoppers above the level alone', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    const called: Effect[] = [];
    for (const effect of EFFECTS) killSwitch.register({ effect, stop: async () => (called.push(effect), []) });
    await killSwitch.engage({ level: 2, trigger: 'window' });
    expect(called).toEqual(['answer', 'tool']);
  });

  it('is not held up by a stopper that hangs, throws or rejects', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    const called: string[] = [];
    killSwitch.register({ effect: 'answer', stop: () => new Promise(() => undefined) });
    killSwitch.register({
      effect: 'tool',
      stop: () => {
        throw new Error('broken');
      },
    });
    killSwitch.register({ effect: 'process', stop: async () => (called.push('process'), ['worker']) });
    const stopping = killSwitch.engage({ level: 5, trigger: 'window' });
    await rig.clock.advance(100);
    expect(called).toEqual(['process']);
    await rig.clock.advance(300);
    const state = await stopping;
    expect(state.stopped).toEqual([{ what: 'process', count: 1, names: ['worker'] }]);
    expect(rig.log.messages('error')).toEqual(expect.arrayContaining(['killswitch.stopper-failed', 'killswitch.stopper-hangs']));
  });

  it('makes one engagement at the higher level of two triggers at once', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    const levels = await Promise.all([
      killSwitch.engage({ level: 2, trigger: 'voice' }),
      killSwitch.engage({ level: 5, trigger: 'button' }),
      killSwitch.engage({ level: 1, trigger: 'window' }),
    ]);
    expect(levels.map(({ level }) => level)).toEqual([5, 5, 5]);
    expect(killSwitch.state()).toMatchObject({ level: 5, trigger: 'button' });
    expect(rig.told.filter(({ stopLatencyMs }) => stopLatencyMs !== null)).toHaveLength(1);
  });

  it('ends again what runs when it is pressed again, and never goes down by a trigger', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    await killSwitch.engage({ level: 3, trigger: 'tray' });
    killSwitch.register({ effect: 'tool', stop: async () => ['late'] });
    const state = await killSwitch.engage({ level: 1, trigger: 'api' });
    expect(state).toMatchObject({ level: 3, trigger: 'tray', stopped: [{ what: 'tool', count: 1, names: ['late'] }] });
    expect((await killSwitch.engage({ level: 0, trigger: 'api' })).level).toBe(3);
  });

  it('stays engaged over a restart', async () => {
    const rig = await createKillSwitchRig();
    await rig.start().engage({ level: 3, trigger: 'phone', reason: 'caller' });
    const again = rig.start();
    expect(again.state()).toMatchObject({ level: 3, trigger: 'phone', reason: 'caller', stopLatencyMs: null });
    expect(shut(again)).toEqual(['answer', 'tool', 'outgoing', 'call']);
  });

  it('survives a restart with either of its two places alone', async () => {
    const rig = await createKillSwitchRig();
    await rig.start().engage({ level: 3, trigger: 'tray' });
    writeFileSync(
      file(rig, 'latch.json'),
      JSON.stringify({ version: 1, level: 0, trigger: null, reason: '', seq: 99, atMs: 1, languageCutOff: false }),
    );
    expect(rig.start().state()).toMatchObject({ level: 3, trigger: 'tray' });
    rig.connection.exec('DELETE FROM killswitch_latch');
    expect(rig.start().state()).toMatchObject({ level: 3, trigger: 'tray' });
  });

  it.each([
    ['garbage', 'unparsable', 'hello'],
    ['half of a file', 'unparsable', '{"version":1,"level":'],
    ['an empty file', 'unparsable', ''],
    ['another version', 'other-version', '{"version":2,"state":"released"}'],
    [
      'a level that does not exist',
      'unparsable',
      '{"version":1,"level":9,"trigger":null,"reason":"","seq":1,"atMs":1,"languageCutOff":false}',
    ],
  ])('takes %s for everything off', async (_what, reason, content) => {
    const rig = await createKillSwitchRig();
    rig.start();
    writeFileSync(file(rig, 'latch.json'), content);
    expect(rig.start().state()).toMatchObject({ level: 5, trigger: 'latch-unreadable', reason });
  });

  it('takes a latch that has gone for everything off, also without a database', async () => {
    const rig = await createKillSwitchRig();
    rig.start();
    rmSync(file(rig, 'latch.json'));
    expect(rig.start().state()).toMatchObject({ level: 5, trigger: 'latch-unreadable', reason: 'missing' });
    const other = await createKillSwitchRig();
    other.start();
    rmSync(file(other, 'latch.json'));
    other.connection.exec('DELETE FROM killswitch_latch');
    expect(other.start().state()).toMatchObject({ level: 5, reason: 'missing' });
  });

  it('obeys a STOP file, with or without a level in it', async () => {
    const rig = await createKillSwitchRig();
    writeFileSync(file(rig, 'STOP'), '');
    expect(rig.start().state()).toMatchObject({ level: 5, trigger: 'file' });
    const other = await createKillSwitchRig();
    writeFileSync(file(other, 'STOP'), '3\n');
    expect(other.start().state()).toMatchObject({ level: 3, trigger: 'file' });
  });

  it('is shut in memory and in the file when the database does not take it, and brings the database up later', async () => {
    const rig = await createKillSwitchRig();
    let isBroken = false;
    const write: typeof rig.records.write = (...row) => {
      if (isBroken) throw new Error('locked');
      rig.records.write(...row);
    };
    const killSwitch = rig.start({ records: { ...rig.records, write } });
    isBroken = true;
    await killSwitch.engage({ level: 4, trigger: 'tray' });
    expect([shut(killSwitch).length, rig.records.read()?.level]).toEqual([5, 0]);
    isBroken = false;
    await rig.clock.advance(1_500);
    expect(rig.records.read()?.level).toBe(4);
  });

  it.skipIf(process.getuid?.() === 0)('is shut in memory and in the database when the folder cannot be written', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    chmodSync(rig.folder, 0o500);
    await killSwitch.engage({ level: 4, trigger: 'tray' });
    chmodSync(rig.folder, 0o700);
    expect(rig.start().state().level).toBe(4);
  });

  it('writes the present latch into a history that was restored', async () => {
    const rig = await createKillSwitchRig();
    let replaced: (() => void) | undefined;
    const killSwitch = rig.start({ onStoreReplaced: (listener) => ((replaced = listener), () => undefined) });
    await killSwitch.engage({ level: 2, trigger: 'tray' });
    rig.connection.exec('DELETE FROM killswitch_latch');
    replaced?.();
    expect(rig.records.read()?.level).toBe(2);
  });

  it('does not mind a calendar that is set back', async () => {
    const rig = await createKillSwitchRig();
    let wallMs = 2_000_000;
    const clock = { ...rig.clock, wallMs: () => wallMs };
    const killSwitch = rig.start({ clock });
    await killSwitch.engage({ level: 2, trigger: 'tray' });
    const { token } = killSwitch.prepareLift();
    wallMs = 0;
    await killSwitch.engage({ level: 3, trigger: 'tray' });
    expect(rig.start().state().level).toBe(3);
    await expect(killSwitch.lift({ token, phrase: 'start again' }, 'window')).rejects.toMatchObject({ code: 'killswitch.stale-token' });
    await lift(killSwitch);
    expect(rig.start().state().level).toBe(0);
  });

  it('knows the stop phrase, also with the assistant’s name in front', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start({ names: () => ['Nova Light'] });
    expect(killSwitch.isStopPhrase('Nova, stop everything!')).toBe(true);
  });
});

describe('lift', () => {
  it('writes the record before anything opens, then file and database', async () => {
    const rig = await createKillSwitchRig();
    const steps: string[] = [];
    let isOpen: (() => boolean) | undefined;
    const killSwitch = rig.start({ step: (name) => void steps.push(`${name} ${isOpen?.() === false ? 'shut' : 'open'}`) });
    isOpen = () => killSwitch.gate.isOpen('tool');
    await killSwitch.engage({ level: 2, trigger: 'tray' });
    steps.length = 0;
    const state = await lift(killSwitch);
    expect(steps.slice(0, 5)).toEqual(['record-begin shut', 'record-end shut', 'lift-row shut', 'lift-audit shut', 'release-begin shut']);
    expect(state).toMatchObject({ level: 0, engagedAtMs: null, trigger: null, stopped: [] });
    expect(rig.audit.at(-1)).toMatchObject({ action: 'killswitch.lift', details: { by: 'window' } });
    expect(rig.records.events(1)).toMatchObject([{ kind: 'lift', level: 2, source: 'window' }]);
    expect(rig.start().state().level).toBe(0);
  });

  it('accepts the phrase in both languages and in any case', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    for (const phrase of ['Start again.', ' WIEDER  starten ']) {
      await killSwitch.engage({ level: 1, trigger: 'tray' });
      expect((await lift(killSwitch, { phrase })).level).toBe(0);
    }
  });

  it('refuses a wrong phrase, and the token stays good for the right one', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    const { token } = killSwitch.prepareLift();
    await expect(killSwitch.lift({ token, phrase: 'go on' }, 'window')).rejects.toMatchObject({ code: 'killswitch.wrong-phrase' });
    expect((await killSwitch.lift({ token, phrase: 'start again' }, 'window')).level).toBe(0);
  });

  it('refuses a token that is used, made up, expired, tried too often, or older than the stop', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    const stale = { code: 'killswitch.stale-token' };
    const attempt = (token: string, phrase = 'start again') => killSwitch.lift({ token, phrase }, 'window');
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    const used = killSwitch.prepareLift().token;
    await attempt(used);
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    await expect(attempt(used)).rejects.toMatchObject(stale);
    await expect(attempt('made up')).rejects.toMatchObject(stale);
    const expired = killSwitch.prepareLift().token;
    await rig.clock.advance(60_001);
    await expect(attempt(expired)).rejects.toMatchObject(stale);
    const tried = killSwitch.prepareLift().token;
    for (let index = 0; index < 5; index += 1) await attempt(tried, 'wrong').catch(() => undefined);
    await expect(attempt(tried)).rejects.toMatchObject(stale);
    const older = killSwitch.prepareLift().token;
    await killSwitch.engage({ level: 4, trigger: 'voice' });
    await expect(attempt(older)).rejects.toMatchObject(stale);
    expect(killSwitch.state().level).toBe(4);
  });

  it('lets one of two lifts with the same token through', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    const { token } = killSwitch.prepareLift();
    const both = await Promise.allSettled([1, 2].map(() => killSwitch.lift({ token, phrase: 'start again' }, 'window')));
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it.each(['api', 'phone', 'message', 'mcp', 'voice'])('is never done for %s', async (by) => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    const request = { token: killSwitch.prepareLift().token, phrase: 'start again' };
    await expect(killSwitch.lift(request, by as 'window')).rejects.toMatchObject({ code: 'killswitch.may-not-lift' });
    expect(killSwitch.state().level).toBe(1);
  });

  it('stays engaged when the record cannot be written, to the database or to the audit log', async () => {
    const rig = await createKillSwitchRig();
    const broken = rig.start({
      records: {
        ...rig.records,
        record: () => {
          throw new Error('disk full');
        },
      },
    });
    await broken.engage({ level: 2, trigger: 'tray' });
    await expect(lift(broken)).rejects.toMatchObject({ code: 'killswitch.not-recorded' });
    expect([broken.state().level, rig.start().state().level]).toEqual([2, 2]);
    const killSwitch = rig.start();
    rig.breakAudit();
    await expect(lift(killSwitch)).rejects.toMatchObject({ code: 'killswitch.not-recorded' });
    expect([killSwitch.state().level, shut(killSwitch).length, rig.start().state().level]).toEqual([2, 2, 2]);
  });

  it('stays engaged when the latch itself cannot be written', async () => {
    const rig = await createKillSwitchRig();
    let isBroken = false;
    const write: typeof rig.records.write = (...row) => {
      if (isBroken) throw new Error('disk full');
      rig.records.write(...row);
    };
    const killSwitch = rig.start({ records: { ...rig.records, write } });
    await killSwitch.engage({ level: 2, trigger: 'tray' });
    isBroken = true;
    await expect(lift(killSwitch)).rejects.toMatchObject({ code: 'killswitch.not-recorded' });
    isBroken = false;
    expect([killSwitch.state().level, rig.start().state().level]).toEqual([2, 2]);
  });

  it('removes the STOP file', async () => {
    const rig = await createKillSwitchRig();
    writeFileSync(file(rig, 'STOP'), '');
    await lift(rig.start());
    expect(rig.start().state().level).toBe(0);
  });

  it('asks for the passphrase once one is set, also after a restart, and forgets it when it is taken away', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    expect((await killSwitch.setPassphrase('', 'open sesame')).passphraseSet).toBe(true);
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    await expect(lift(killSwitch)).rejects.toMatchObject({ code: 'killswitch.wrong-passphrase' });
    const again = rig.start();
    await expect(lift(again, { passphrase: 'open' })).rejects.toMatchObject({ code: 'killswitch.wrong-passphrase' });
    expect((await lift(again, { passphrase: 'open sesame' })).level).toBe(0);
    await expect(again.setPassphrase('wrong', 'x')).rejects.toMatchObject({ code: 'killswitch.wrong-passphrase' });
    expect((await again.setPassphrase('open sesame', '')).passphraseSet).toBe(false);
    expect(readFileSync(file(rig, 'latch.json'), 'utf8')).not.toContain('sesame');
    // Each look at a passphrase is slow on purpose; on a full machine six of them take their time.
  }, 30_000);

  it('does not lift by a passphrase file that cannot be read', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    writeFileSync(file(rig, 'lift.json'), '{}');
    await expect(lift(killSwitch)).rejects.toMatchObject({ code: 'killswitch.passphrase-unreadable' });
    expect(killSwitch.state().level).toBe(1);
  });

  it('gives way to a stop that comes while the record is written', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch: KillSwitchService = rig.start({
      recordForSure: async () => void (await killSwitch.engage({ level: 5, trigger: 'button' })),
    });
    await killSwitch.engage({ level: 1, trigger: 'tray' });
    await expect(lift(killSwitch)).rejects.toMatchObject({ code: 'killswitch.stale-token' });
    expect([killSwitch.state().level, rig.start().state().level]).toEqual([5, 5]);
  });
});

describe('cutLanguage', () => {
  it('shuts the language model alone, over a restart and a lift, until it is connected again', async () => {
    const rig = await createKillSwitchRig();
    const killSwitch = rig.start();
    const ended: string[] = [];
    killSwitch.register({ effect: 'inference', stop: async () => (ended.push('inference'), []) });
    killSwitch.register({ effect: 'answer', stop: async () => (ended.push('answer'), []) });
    const signal = killSwitch.gate.signal('inference');
    await killSwitch.cutLanguage(true);
    expect([shut(killSwitch), ended, signal.reason]).toEqual([
      ['inference'],
      ['inference'],
      expect.objectContaining({ code: 'killswitch.language-cut' }),
    ]);
    await killSwitch.engage({ level: 2, trigger: 'tray' });
    const again = rig.start();
    await lift(again);
    expect([again.state().languageCutOff, shut(again)]).toEqual([true, ['inference']]);
    await again.cutLanguage(false);
    expect(shut(rig.start())).toEqual([]);
  });
});
