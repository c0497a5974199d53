import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doctorChecks, electronRelease, examine } from '../../../build/lib/doctor-checks.mjs';

const named = (name: string) => doctorChecks.filter((check) => check.name === name);

const file = (name: string, content: string, sha256: string) => ({ path: name, sizeBytes: content.length, sha256 });

async function spoiltCheck(): Promise<never> {
  throw new Error('boom');
}

describe('examine', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'openclaw-doctor-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const paths = () => ({ root, data: join(root, 'data'), models: join(root, 'models-here'), cache: join(root, 'cache') });

  it('makes a finding of a check that breaks', async () => {
    expect(await examine(paths(), [spoiltCheck])).toMatchObject([
      { part: 'spoiltCheck', ok: false, needed: true, summary: expect.stringContaining('boom') },
    ]);
  });

  it('says of each model whether it is complete, cut short, changed or missing', async () => {
    const hello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
    const model = (id: string) => ({ id, name: id, packs: ['starter'], files: [file('w.bin', 'hello', hello)] });
    mkdirSync(join(root, 'models'));
    writeFileSync(
      join(root, 'models', 'manifest.json'),
      JSON.stringify({ models: [model('good'), model('short'), model('changed'), model('gone'), { ...model('other'), packs: [] }] }),
    );
    for (const [id, content] of [
      ['good', 'hello'],
      ['short', 'hel'],
      ['changed', 'jello'],
    ] as const) {
      mkdirSync(join(paths().models, id), { recursive: true });
      writeFileSync(join(paths().models, id, 'w.bin'), content);
    }
    const findings = await examine(paths(), named('models'));
    expect(findings.map(({ part, ok, summary }) => [part, ok, summary])).toEqual([
      ['model good', true, 'good is complete and unchanged.'],
      ['model short', false, 'w.bin is incomplete.'],
      ['model changed', false, 'w.bin has another checksum than it should.'],
      ['model gone', false, 'w.bin is missing.'],
    ]);
    for (const finding of findings.filter(({ ok }) => !ok)) expect(finding.repair).toContain('npm run setup');
  });

  it('reports a key file that others can read, with the command that mends it', async () => {
    mkdirSync(paths().data);
    writeFileSync(join(paths().data, 'keys.json'), '{"protection":"file"}', { mode: 0o644 });
    expect(await examine(paths(), named('keyFile'))).toMatchObject([
      { ok: false, needed: true, repair: expect.stringContaining('chmod 600') },
    ]);
  });

  it('says every failure with a way to mend it', async () => {
    writeFileSync(join(root, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
    const findings = await examine(paths());
    expect(findings.some(({ ok, needed }) => !ok && needed)).toBe(true);
    for (const finding of findings.filter(({ ok }) => !ok)) expect(finding.repair ?? '').not.toBe('');
  });
});

const runtime = (source: 'official' | 'registry') => ({
  wanted: '45.4.1',
  version: '33.2.1',
  source,
  directory: '/e',
  executable: '/e/electron',
  node: '20.18.1',
  napi: 9,
  chrome: '130',
});

describe('electronRelease', () => {
  it('names an Electron that only stands in as a weakness, with the command that replaces it', () => {
    expect(electronRelease(runtime('registry'))).toMatchObject([
      { ok: false, needed: false, summary: expect.stringContaining('45.4.1'), repair: expect.stringContaining('--retry-electron') },
    ]);
  });

  it('has nothing to say about the pinned one', () => {
    expect(electronRelease(runtime('official'))).toEqual([]);
  });
});
