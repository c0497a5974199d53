import { describe, expect, it } from 'vitest';
import { createRunningDigest, hashFolder, listFolder } from '../../../../src-main/inference/models/file-digest.ts';
import { moonshineTokens } from '../../../../src-main/inference/models/moonshine-tokens.ts';
import { writeFiles } from '../../../doubles/model-bench.ts';
import { sha256Of } from '../../../doubles/model-hub.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

describe('createRunningDigest', () => {
  it("agrees with git's own hash of a file", () => {
    const digest = createRunningDigest({ algorithm: 'git-sha1', hex: 'b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0' }, 5);
    digest.update(Buffer.from('hel'));
    digest.update(Buffer.from('lo'));
    expect(digest.finish()).toEqual({ sha256: sha256Of('hello'), matches: true, actual: 'b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0' });
  });

  it('reports what it found when it does not match', () => {
    const digest = createRunningDigest({ algorithm: 'sha256', hex: sha256Of('other') }, 5);
    digest.update(Buffer.from('hello'));
    expect(digest.finish()).toEqual({ sha256: sha256Of('hello'), matches: false, actual: sha256Of('hello') });
  });
});

describe('hashFolder', () => {
  it('depends on names and contents and on nothing else', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'b/c': 'two', a: 'one' });
    const listing = `${sha256Of('one')}  a\n${sha256Of('two')}  b/c\n`;
    await expect(hashFolder(folder)).resolves.toEqual({ sha256: sha256Of(listing), fileCount: 2, sizeBytes: 6 });
    await writeFiles(folder, { 'b/c': 'six' });
    await expect(hashFolder(folder)).resolves.not.toMatchObject({ sha256: sha256Of(listing) });
  });
});

describe('listFolder', () => {
  it('returns all files with paths that are the same on every system', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'x/y/z': '123', 'x/a': '1' });
    expect((await listFolder(folder)).map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['x/a', 1],
      ['x/y/z', 3],
    ]);
  });
});

describe('moonshineTokens', () => {
  it('writes one line per entry, short and long ones', () => {
    const long = 'x'.repeat(300);
    const tokenizer = Buffer.concat([
      Buffer.from([0]),
      Buffer.from([2]),
      Buffer.from('hi'),
      Buffer.from([300 - 128 - 44, 1 + 1]),
      Buffer.from(long),
    ]);
    // 300 = second * 128 + first - 128 with first = 172, second = 2.
    tokenizer[4] = 172;
    tokenizer[5] = 2;
    expect(moonshineTokens(tokenizer)).toBe(` 0\naGk= 1\n${Buffer.from(long).toString('base64')} 2\n`);
  });

  it('refuses a tokenizer that is cut off', () => {
    expect(() => moonshineTokens(Buffer.from([5, 1, 2]))).toThrow('its last entry is cut off');
  });
});
