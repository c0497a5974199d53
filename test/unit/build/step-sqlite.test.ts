import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordRuntime } from '../../../build/lib/electron-runtime.mjs';
import { bindingFile } from '../../../build/lib/sqlite-binding.mjs';
import { sqliteStep } from '../../../build/lib/step-sqlite.mjs';

describe('sqliteStep in a fresh checkout on a machine whose cache is already full', () => {
  let root: string;
  let paths: { root: string; cache: string };
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'openclaw-sqlite-'));
    paths = { root, cache: join(root, 'cache') };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/better-sqlite3': { version: '13.2.0' } } }));
    writeFileSync(join(root, 'electron'), '');
    const runtime = { wanted: '45.4.1', version: '33.2.1', source: 'registry' as const, node: '20.18.1', napi: 9, chrome: '130' };
    await recordRuntime(paths, { ...runtime, directory: root, executable: join(root, 'electron') });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('knows before any package is installed that the binding must be compiled', async () => {
    expect(await sqliteStep(paths).check()).toMatchObject({ seconds: expect.any(Number) });
  });

  it('knows before any package is installed that the binding is there', async () => {
    const binding = bindingFile(paths, { napi: 9 });
    mkdirSync(dirname(binding), { recursive: true });
    writeFileSync(binding, 'compiled');
    expect(await sqliteStep(paths).check()).toBeUndefined();
  });
});
