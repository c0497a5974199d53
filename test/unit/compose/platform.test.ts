import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDisposeBag, type DisposeBag } from '../../../src-main/base/dispose.ts';
import { compose, type CoreOptions } from '../../../src-main/compose.ts';
import { composePlatform, shippedCharactersDirectory, type Platform } from '../../../src-main/compose/platform.ts';
import { logLevel, readEnvironment } from '../../../src-main/platform/config/index.ts';
import { temporaryFolder } from '../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../doubles/virtual-clock.ts';

function optionsFor(dataDirectory: string, variables: NodeJS.ProcessEnv = {}): CoreOptions {
  return {
    environment: readEnvironment({ OPENCLAW_DATA_DIR: dataDirectory, OPENCLAW_TEST: '1', ...variables }),
    door: 'browser',
    version: '1',
    link: () => Promise.reject(new Error('no lines here')),
    createLauncher: () => () => {
      throw new Error('no worker is started here');
    },
    clock: createVirtualClock(),
  };
}

async function open(options: CoreOptions): Promise<{ platform: Platform; bag: DisposeBag }> {
  const bag = createDisposeBag();
  onTestFinished(() => bag.dispose());
  return { platform: await composePlatform(options, createVirtualClock(), bag), bag };
}

async function logOf(folder: string, bag: DisposeBag): Promise<string> {
  await bag.dispose();
  return readFileSync(join(folder, 'logs', 'openclaw.log'), 'utf8');
}

describe('composePlatform', () => {
  it('logs as much as the owner says from outside, whatever the setting is and becomes', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ version: 1, values: { [logLevel.key]: 'error' } }));
    const { platform, bag } = await open(optionsFor(folder, { OPENCLAW_LOG_LEVEL: 'debug' }));
    platform.log.debug('heard at first');
    await platform.config.set(logLevel.key, 'warn');
    platform.log.debug('heard later');
    expect(await logOf(folder, bag)).toMatch(/heard at first[^]*heard later/);
  });

  it('logs as much as the setting says when nothing is said from outside', async () => {
    const folder = await temporaryFolder();
    const { platform, bag } = await open(optionsFor(folder));
    platform.log.debug('unheard');
    await platform.config.set(logLevel.key, 'debug');
    platform.log.debug('heard');
    const text = await logOf(folder, bag);
    expect(text).toContain('heard');
    expect(text).not.toContain('unheard');
  });

  it('closes what watches the end after everything else', async () => {
    const { platform, bag } = await open(optionsFor(await temporaryFolder()));
    const closed: string[] = [];
    platform.lastly.add(() => void closed.push('the watchdog'));
    bag.add(() => void closed.push('a module'));
    await bag.dispose();
    expect(closed).toEqual(['a module', 'the watchdog']);
  });

  it('reads nothing in a data folder where another core is at work', async () => {
    const folder = await temporaryFolder();
    await open(optionsFor(folder));
    writeFileSync(join(folder, 'config.json'), 'half a file');
    await expect(open(optionsFor(folder))).rejects.toMatchObject({ code: 'core.already-running' });
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('half a file');
  });
});

describe('compose', () => {
  it('closes what was opened when a later part cannot be built', async () => {
    const folder = await temporaryFolder();
    const failing: CoreOptions = {
      ...optionsFor(folder),
      createLauncher: () => {
        throw new Error('no launcher');
      },
    };
    await expect(compose(failing)).rejects.toThrow('no launcher');
    await open(optionsFor(folder));
  });
});

describe('shippedCharactersDirectory', () => {
  it('is found beside the sources, and beside the built files of a package', async () => {
    expect(shippedCharactersDirectory()).toBe(resolve('resources/characters'));
    const app = await temporaryFolder();
    mkdirSync(join(app, 'resources/characters/default'), { recursive: true });
    writeFileSync(join(app, 'resources/characters/default/metadata.json'), '{}');
    expect(shippedCharactersDirectory(pathToFileURL(join(app, 'out/main/core.js')).href)).toBe(join(app, 'resources/characters'));
  });
});
