import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createConfig,
  createSettingsHandlers,
  platformSettings,
  type AnySetting,
  type ConfigUpgrade,
  type SettingDefinition,
} from '../../../../src-main/platform/config/index.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const common = { subject: 'talk', level: 'common', description: 'For tests.' } as const;
const volume: SettingDefinition<number> = {
  ...common,
  key: 'talk.volume',
  kind: 'number',
  defaultValue: 50,
  schema: z.number().min(0).max(100),
  min: 0,
  max: 100,
  unit: '%',
};
const mode: SettingDefinition<string> = {
  ...common,
  key: 'talk.mode',
  kind: 'choice',
  defaultValue: 'push',
  schema: z.enum(['push', 'free']),
  choices: ['push', 'free'],
};
const muted: SettingDefinition<boolean> = { ...common, key: 'talk.muted', kind: 'switch', defaultValue: false, schema: z.boolean() };

async function setUp() {
  const dataDirectory = await temporaryFolder();
  const file = join(dataDirectory, 'config.json');
  const log = createRecordingLog();
  return {
    dataDirectory,
    file,
    log,
    open: (more: { definitions?: readonly AnySetting[]; upgrades?: readonly ConfigUpgrade[] } = {}) =>
      createConfig({ dataDirectory, definitions: [volume, mode, muted], clock: createVirtualClock(5000), log, ...more }),
    write: (content: unknown) => writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content)),
    read: () => JSON.parse(readFileSync(file, 'utf8')) as unknown,
  };
}

describe('createConfig', () => {
  it('starts with the defaults and writes nothing until something is set', async () => {
    const { open, dataDirectory } = await setUp();
    const config = open();
    expect([config.get(volume), config.get(mode), config.get(muted), config.problem()]).toEqual([50, 'push', false, undefined]);
    expect(config.list()).toEqual([
      { key: 'talk.volume', subject: 'talk', kind: 'number', level: 'common', value: 50, defaultValue: 50, min: 0, max: 100, unit: '%' },
      {
        key: 'talk.mode',
        subject: 'talk',
        kind: 'choice',
        level: 'common',
        value: 'push',
        defaultValue: 'push',
        choices: ['push', 'free'],
      },
      { key: 'talk.muted', subject: 'talk', kind: 'switch', level: 'common', value: false, defaultValue: false },
    ]);
    expect(readdirSync(dataDirectory)).toEqual([]);
  });

  it('has a value on disk when set resolves, for its owner only, and finds it at the next start', async () => {
    const { open, read, file, dataDirectory } = await setUp();
    const config = open();
    expect(await config.set('talk.volume', 80)).toMatchObject({ key: 'talk.volume', value: 80, defaultValue: 50 });
    expect(read()).toEqual({ version: 1, values: { 'talk.volume': 80 } });
    expect(readdirSync(dataDirectory)).toEqual(['config.json']);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(open().get(volume)).toBe(80);
    expect(await config.reset('talk.volume')).toMatchObject({ value: 50 });
    expect([config.get(volume), read()]).toEqual([50, { version: 1, values: {} }]);
  });

  it('loses none of the changes that are made at the same time', async () => {
    const { open } = await setUp();
    const config = open();
    await Promise.all([
      config.set('talk.volume', 10),
      config.set('talk.mode', 'free'),
      config.set('talk.volume', 20),
      config.set('talk.muted', true),
    ]);
    const again = open();
    expect([again.get(volume), again.get(mode), again.get(muted)]).toEqual([20, 'free', true]);
  });

  it.each([
    ['talk.volume', 101, 'must be a number from 0 to 100 %.'],
    ['talk.volume', '80', 'must be a number from 0 to 100 %.'],
    ['talk.volume', Number.NaN, 'must be a number from 0 to 100 %.'],
    ['talk.mode', 'loud', 'must be one of push, free.'],
    ['talk.muted', 'yes', 'must be on or off.'],
  ])('refuses %s = %j with what is allowed, and keeps the former value', async (key, value, words) => {
    const { open } = await setUp();
    const config = open();
    const before = config.list();
    await expect(config.set(key, value)).rejects.toMatchObject({
      code: 'config.bad-value',
      message: `The setting ${key} ${words}`,
      details: { key },
    });
    expect(config.list()).toEqual(before);
  });

  it.each(['talk.unknown', '__proto__', 'constructor', 'x'.repeat(500)])('refuses the unknown key %s', async (key) => {
    const { open, dataDirectory } = await setUp();
    const config = open();
    for (const change of [config.set(key, 1), config.reset(key)])
      await expect(change).rejects.toMatchObject({ code: 'config.unknown-key', details: { key: key.slice(0, 80) } });
    expect(readdirSync(dataDirectory)).toEqual([]);
  });

  it('tells each change once it is in effect; a listener that fails does not keep it from the others', async () => {
    const { open, log } = await setUp();
    const config = open();
    const told: unknown[] = [];
    config.onChange(() => {
      throw new Error('listener');
    });
    const leave = config.onChange(({ key, value }) => told.push([key, value, config.get(volume)]));
    await config.set('talk.volume', 10);
    await config.reset('talk.volume');
    await expect(config.set('talk.volume', -1)).rejects.toThrow(/must be/);
    leave();
    await config.set('talk.volume', 20);
    expect(told).toEqual([
      ['talk.volume', 10, 10],
      ['talk.volume', 50, 50],
    ]);
    expect(new Set(log.messages('error'))).toEqual(new Set(['A listener to settings failed']));
  });

  it('keeps the former value and says what to do when it cannot be written; the next change works', async () => {
    const { open, file } = await setUp();
    const config = open();
    mkdirSync(file);
    await expect(config.set('talk.volume', 80)).rejects.toMatchObject({
      code: 'config.not-written',
      message: expect.stringContaining('Free some space on the disk, or make the folder writable'),
      details: { file },
    });
    expect(config.get(volume)).toBe(50);
    rmSync(file, { recursive: true });
    await config.set('talk.mode', 'free');
    expect([open().get(volume), open().get(mode)]).toEqual([50, 'free']);
  });

  it('refuses mistakes of ours: a key declared twice, a default that does not fit', async () => {
    const { open } = await setUp();
    expect(() => open({ definitions: [volume, volume] })).toThrow('talk.volume is declared twice');
    expect(() => open({ definitions: [{ ...volume, defaultValue: 999 }] })).toThrow('default of setting talk.volume');
  });

  it('accepts the settings of the platform', async () => {
    const { open } = await setUp();
    expect(
      open({ definitions: platformSettings })
        .list()
        .map(({ key }) => key),
    ).toEqual(platformSettings.map(({ key }) => key));
  });
});

describe('a settings file that is not as it should be', () => {
  it.each([
    ['half a file', '{"version": 1, "values": {"talk.vol'],
    ['empty', ''],
    ['bytes', '\u0000\u0001\u0002'],
    ['another shape', '[1, 2]'],
    ['no version', '{"values": {}}'],
  ])('(%s) is kept aside, the defaults are used and the owner is told', async (_what, content) => {
    const { open, write, file, dataDirectory, log } = await setUp();
    write(content);
    const config = open();
    const aside = join(dataDirectory, 'config.damaged-5000.json');
    expect(config.problem()).toEqual({
      code: 'config.damaged',
      message: `The settings file was damaged and is kept as ${aside}. All settings are back to their defaults.`,
      details: { file: aside },
    });
    expect([readFileSync(aside, 'utf8'), config.get(volume), log.messages('warn')]).toEqual([content, 50, ['Settings']]);
    await config.set('talk.volume', 10);
    expect([open().problem(), open().get(volume), readdirSync(dataDirectory)]).toEqual([
      undefined,
      10,
      ['config.damaged-5000.json', 'config.json'],
    ]);
    expect(readFileSync(file, 'utf8')).toContain('10');
  });

  it('costs only the values that are bad; they stay in the file until they are set anew', async () => {
    const { open, write, read } = await setUp();
    write({ version: 1, values: { 'talk.volume': 'loud', 'talk.mode': 'free', 'talk.muted': 7 } });
    const config = open();
    expect(config.problem()).toMatchObject({ code: 'config.bad-values', details: { keys: 'talk.volume, talk.muted' } });
    expect([config.get(volume), config.get(mode), config.get(muted)]).toEqual([50, 'free', false]);
    await config.set('talk.muted', true);
    expect(read()).toEqual({ version: 1, values: { 'talk.volume': 'loud', 'talk.mode': 'free', 'talk.muted': true } });
  });

  it('keeps what it does not know, keys of modules that are gone as well as whole parts', async () => {
    const { open, write, read } = await setUp();
    const content = { version: 1, values: { 'old.key': { deep: [1] }, 'talk.volume': 10 }, later: { part: true } };
    write(content);
    const config = open();
    expect(config.problem()).toBeUndefined();
    await config.set('talk.mode', 'free');
    await config.reset('talk.volume');
    expect(read()).toEqual({ ...content, values: { 'old.key': { deep: [1] }, 'talk.mode': 'free' } });
  });

  it('of a newer version is used as far as it is understood, told, and not taken back', async () => {
    const { open, write, read } = await setUp();
    write({ version: 7, values: { 'talk.volume': 10, 'new.key': 1 }, later: true });
    const config = open();
    expect(config.problem()).toMatchObject({ code: 'config.newer-version', details: { version: 7 } });
    expect(config.get(volume)).toBe(10);
    await config.set('talk.mode', 'free');
    expect(read()).toEqual({ version: 7, values: { 'talk.volume': 10, 'new.key': 1, 'talk.mode': 'free' }, later: true });
  });

  it('of an older version is upgraded step by step', async () => {
    const { open, write, read } = await setUp();
    write({ version: 2, values: { loudness: 0.3, kept: 1 } });
    const upgrades: ConfigUpgrade[] = [
      () => {
        throw new Error('not for version 2');
      },
      ({ loudness, ...values }) => ({ ...values, 'talk.volume': Number(loudness) * 100 }),
    ];
    const config = open({ upgrades });
    expect([config.get(volume), config.problem()]).toEqual([30, undefined]);
    await config.set('talk.mode', 'free');
    expect(read()).toEqual({ version: 3, values: { 'talk.volume': 30, kept: 1, 'talk.mode': 'free' } });
    write({ version: 1, values: {} });
    expect(open({ upgrades }).problem()?.code).toBe('config.damaged');
  });

  it('may begin with a byte order mark', async () => {
    const { open, write } = await setUp();
    write(`\uFEFF${JSON.stringify({ version: 1, values: { 'talk.volume': 10 } })}`);
    expect([open().get(volume), open().problem()]).toEqual([10, undefined]);
  });

  it('that cannot be read is told and never written over', async () => {
    const { open, file } = await setUp();
    symlinkSync('config.json', file);
    const config = open();
    const problem = {
      code: 'config.unreadable',
      message: `The settings file ${file} cannot be read; defaults are in effect. Allow your user account to read it.`,
    };
    expect(config.problem()).toMatchObject(problem);
    expect(config.get(volume)).toBe(50);
    await expect(config.set('talk.volume', 10)).rejects.toMatchObject(problem);
    expect(() => readFileSync(file)).toThrow(/ELOOP/);
  });
});

describe('createSettingsHandlers', () => {
  it('lists, sets and resets for a page, and tells all pages each change', async () => {
    const { open } = await setUp();
    const config = open();
    const told: unknown[] = [];
    const handlers = createSettingsHandlers({ config, tell: (name, payload) => void told.push([name, payload]) });
    const caller = { clientId: 'page', door: 'window' } as const;
    expect(handlers['settings.list']({}, caller)).toEqual(config.list());
    const set = await handlers['settings.set']({ key: 'talk.volume', value: 10 }, caller);
    const reset = await handlers['settings.reset']({ key: 'talk.volume' }, caller);
    expect([set, reset]).toMatchObject([{ value: 10 }, { value: 50 }]);
    expect(told).toEqual([
      ['settings.changed', set],
      ['settings.changed', reset],
    ]);
  });
});
