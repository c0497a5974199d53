import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromiumSandbox } from '../../../build/lib/launch.mjs';

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
