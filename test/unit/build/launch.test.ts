import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromiumSandbox, testEnvironment, windowObstacle } from '../../../build/lib/launch.mjs';
import { bindingFile } from '../../../build/lib/sqlite-binding.mjs';

describe('chromiumSandbox', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'openclaw-sandbox-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const runtime = () => ({
    wanted: '45.4.1',
    version: '45.4.1',
    source: 'official' as const,
    directory,
    executable: join(directory, 'electron'),
    node: '24.0.0',
    napi: 10,
    chrome: '150',
  });

  it('is on for an ordinary user where the kernel gives namespaces', () => {
    expect(chromiumSandbox(runtime(), { platform: 'linux', userId: 1000, namespaces: true })).toEqual({ works: true });
  });

  it('is on where it needs nothing from us', () => {
    expect(chromiumSandbox(runtime(), { platform: 'darwin', userId: 501, namespaces: false })).toEqual({ works: true });
    expect(chromiumSandbox(runtime(), { platform: 'win32', userId: undefined, namespaces: false })).toEqual({ works: true });
  });

  it('is off for root, and says so', () => {
    expect(chromiumSandbox(runtime(), { platform: 'linux', userId: 0, namespaces: true })).toMatchObject({
      works: false,
      reason: expect.stringContaining('ordinary user'),
    });
  });

  it('is off without namespaces and helper, with the command that helps', () => {
    expect(chromiumSandbox(runtime(), { platform: 'linux', userId: 1000, namespaces: false })).toMatchObject({
      works: false,
      reason: expect.stringContaining('chmod 4755'),
    });
  });
});

describe('windowObstacle', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'openclaw-window-'));
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/better-sqlite3': { version: '13.2.0' } } }));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const paths = () => ({ root, data: join(root, 'd'), models: join(root, 'm'), cache: join(root, 'c') });
  const runtime = (napi: number) => ({
    wanted: '45.4.1',
    version: '33.2.1',
    source: 'registry' as const,
    directory: root,
    executable: join(root, 'electron'),
    node: '20.18.1',
    napi,
    chrome: '130',
  });

  it('names a missing Electron', () => {
    expect(windowObstacle(paths(), undefined)).toContain('no Electron');
  });

  it('names the missing SQLite binding before the window crashes without it', () => {
    expect(windowObstacle(paths(), runtime(9))).toContain('npm run doctor');
    const binding = bindingFile(paths(), runtime(9));
    mkdirSync(dirname(binding), { recursive: true });
    writeFileSync(binding, 'compiled');
    expect(windowObstacle(paths(), runtime(9))).toBeUndefined();
  });

  it('asks for no binding where the ready-made one works', () => {
    expect(windowObstacle(paths(), runtime(10))).toBeUndefined();
  });
});

describe('testEnvironment', () => {
  it('leaves the screen alone that is there', () => {
    const paths = { root: '/nowhere', data: '/nowhere', models: '/nowhere', cache: '/nowhere' };
    expect(testEnvironment(paths, undefined)).toEqual({});
    expect(testEnvironment(paths, ':7')).toEqual({ DISPLAY: ':7' });
  });
});
