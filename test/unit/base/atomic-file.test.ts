import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createFileAtomically, errorCode, writeFileAtomically } from '../../../src-main/base/atomic-file.ts';
import { temporaryFolder } from '../../doubles/temporary-folder.ts';

const WRITER = fileURLToPath(new URL('../../fixtures/base/write-atomically.ts', import.meta.url));

async function setUp() {
  const folder = await temporaryFolder();
  const file = join(folder, 'file.json');
  return { folder, file, text: () => readFileSync(file, 'utf8'), names: () => readdirSync(folder) };
}

describe('writeFileAtomically', () => {
  it('makes and replaces a file, text or bytes, and leaves nothing else behind', async () => {
    const { file, text, names } = await setUp();
    await writeFileAtomically(file, 'grüß dich');
    expect(text()).toBe('grüß dich');
    await writeFileAtomically(file, new Uint8Array([0x68, 0x69]));
    expect([text(), names()]).toEqual(['hi', ['file.json']]);
  });

  it.skipIf(process.platform === 'win32')('lets only the owner read, whatever the former file allowed', async () => {
    const { file } = await setUp();
    writeFileSync(file, 'open to all');
    chmodSync(file, 0o666);
    await writeFileAtomically(file, 'closed');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('ends whole when several write at the same time', async () => {
    const { file, text, names } = await setUp();
    const contents = Array.from({ length: 12 }, (_value, index) => String(index).repeat(50_000));
    await Promise.all(contents.map((content) => writeFileAtomically(file, content)));
    expect(contents).toContain(text());
    expect(names()).toEqual(['file.json']);
  });

  it('rejects with the error of the file system and leaves no draft when the file cannot be replaced', async () => {
    const { folder, file, names } = await setUp();
    mkdirSync(file);
    await expect(writeFileAtomically(file, 'x')).rejects.toMatchObject({ code: expect.stringMatching(/EISDIR|EPERM|EEXIST|EACCES/) });
    expect([names(), statSync(file).isDirectory()]).toEqual([['file.json'], true]);
    await expect(writeFileAtomically(join(folder, 'none', 'file'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.skipIf(process.platform === 'win32')('leaves the old content, and no draft, when there is no room for the new one', async () => {
    const { file, text, names } = await setUp();
    await writeFileAtomically(file, 'old');
    // A shell's limit on the length of files stops the write in the middle, as a full disk does.
    const limited = ['-c', 'ulimit -f 100; exec "$0" "$@"', process.execPath, WRITER, file];
    const { stdout } = await promisify(execFile)('sh', limited);
    expect([stdout, text(), names()]).toEqual(['EFBIG', 'old', ['file.json']]);
  });
});

describe('createFileAtomically', () => {
  it('makes the file once, and never replaces one that is there', async () => {
    const { file, text, names } = await setUp();
    expect(await createFileAtomically(file, 'first')).toBe(true);
    expect(await createFileAtomically(file, 'second')).toBe(false);
    expect([text(), names()]).toEqual(['first', ['file.json']]);
  });

  it('lets exactly one win when several try at the same time', async () => {
    const { file, text, names } = await setUp();
    const contents = Array.from({ length: 10 }, (_value, index) => `content ${index}`);
    const won = await Promise.all(contents.map((content) => createFileAtomically(file, content)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect([text(), names()]).toEqual([contents[won.indexOf(true)], ['file.json']]);
  });

  it('rejects when the folder is not there', async () => {
    const { folder } = await setUp();
    await expect(createFileAtomically(join(folder, 'none', 'file'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('counts a link to nowhere as a file that is there', async () => {
    const { file, names } = await setUp();
    symlinkSync('nowhere', file);
    expect(await createFileAtomically(file, 'x')).toBe(false);
    expect(names()).toEqual(['file.json']);
  });
});

describe('errorCode', () => {
  it('is the code of a file system error, and undefined for anything else', () => {
    expect(errorCode(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe('ENOENT');
    for (const other of [new Error('x'), Object.assign(new Error('x'), { code: 7 }), { code: 'ENOENT' }, undefined, 'ENOENT'])
      expect(errorCode(other)).toBeUndefined();
  });
});
