import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPageFile } from '../../../../src-main/platform/contract-host/page-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'page-files-'));
const root = join(folder, 'renderer');
mkdirSync(join(root, 'assets'), { recursive: true });
writeFileSync(join(root, 'index.html'), '<p>page</p>');
writeFileSync(join(root, 'assets', 'app-B4x.js'), 'run()');
writeFileSync(join(root, 'assets', 'app.unknown'), '?');
writeFileSync(join(folder, 'secret.json'), '{}');
mkdirSync(join(folder, 'renderer-of-another'));
writeFileSync(join(folder, 'renderer-of-another', 'x.js'), 'steal()');
symlinkSync(join(folder, 'secret.json'), join(root, 'link.json'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readPageFile', () => {
  it('gives the page for / and never lets it be kept', async () => {
    const file = await readPageFile(root, '/');
    expect({ ...file, body: file?.body.toString() }).toEqual({
      body: '<p>page</p>',
      contentType: 'text/html; charset=utf-8',
      cacheControl: 'no-store',
    });
  });

  it('gives hashed files with their kind, to be kept for good', async () => {
    expect(await readPageFile(root, '/assets/app-B4x.js')).toMatchObject({
      contentType: 'text/javascript; charset=utf-8',
      cacheControl: 'private, max-age=31536000, immutable',
    });
  });

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/../../secret.json',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.json',
    '/%252e%252e/secret.json',
    '/../renderer-of-another/x.js',
    '/link.json',
    '//etc/passwd.json',
    '/C:/x.json',
    '/..\\secret.json',
    '/secret.json\0.js',
    '/%00.js',
    '/%E0%A4%A.js',
    '/assets',
    '/assets/',
    '/assets/app.unknown',
    '/missing.js',
    '',
  ])('gives nothing for %j', async (path) => {
    expect(await readPageFile(root, path)).toBeUndefined();
  });
});
