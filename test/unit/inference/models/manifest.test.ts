import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesFor, packNames, readManifest, runsOn, sizeOf } from '../../../../src-main/inference/models/manifest.ts';
import { manifestSchema } from '../../../../src-main/inference/models/manifest-schema.ts';
import { hashFile } from '../../../../src-main/inference/models/file-digest.ts';
import { writeFiles } from '../../../doubles/model-bench.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const shipped = fileURLToPath(new URL('../../../../models/', import.meta.url));
const platforms = ['linux-x64', 'darwin-arm64', 'darwin-x64', 'win32-x64', 'win32-arm64'];

describe('readManifest', () => {
  it('reads the manifest of this repository', async () => {
    const { models } = await readManifest(shipped);
    const starter = models.filter((model) => model.packs.includes('starter')).map((model) => model.id);
    expect(starter).toEqual([
      'smollm2-135m-instruct-q4',
      'moonshine-tiny-en',
      'whisper-base',
      'piper-en-us-joe',
      'espeak-ng',
      'silero-vad-v6',
      'smart-turn-v3.2',
    ]);
    // Nobody has to trust a server for what everybody starts with.
    expect(models.filter((model) => model.packs.includes('starter') && model.verification !== 'hash')).toEqual([]);
  });

  it('ships every file that it says it ships', async () => {
    const { models } = await readManifest(shipped);
    const files = models.flatMap((model) => model.files).flatMap((file) => file.sources.map((source) => ({ file, source })));
    for (const { file, source } of files) {
      if (source.from !== 'shipped') continue;
      const path = join(shipped, source.path);
      expect({ path, size: (await stat(path)).size, sha256: await hashFile(path) }).toEqual({
        path,
        size: file.sizeBytes,
        sha256: file.sha256,
      });
    }
    expect(files.filter(({ source }) => source.from === 'shipped')).toHaveLength(3);
  });

  it('has the whole starter pack for every platform that is shipped', async () => {
    const { models } = await readManifest(shipped);
    for (const model of models.filter((each) => each.packs.includes('starter')))
      for (const platform of platforms) expect([model.id, platform, runsOn(model, platform)]).toEqual([model.id, platform, true]);
  });

  it('names the reason and the place when the file cannot be used', async () => {
    const folder = await temporaryFolder();
    await expect(readManifest(folder)).rejects.toMatchObject({ code: 'model.manifest-damaged' });
    await writeFiles(folder, { 'manifest.json': '{"version": 1,' });
    await expect(readManifest(folder)).rejects.toThrow('it is not JSON');
    await writeFiles(folder, { 'manifest.json': '{"version": 1, "models": [{"id": "A"}]}' });
    await expect(readManifest(folder)).rejects.toThrow('models.0');
  });
});

describe('manifestSchema', () => {
  type Json = { [key: string]: unknown };
  const change = async (edit: (model: Json, file: Json) => void): Promise<string> => {
    const manifest = JSON.parse(await readFile(join(shipped, 'manifest.json'), 'utf8'));
    const model = manifest.models[0];
    edit(model, model.files[0]);
    const parsed = manifestSchema.safeParse(manifest);
    return parsed.success ? 'accepted' : parsed.error.issues.map((issue) => issue.message).join('; ');
  };

  it('accepts the manifest unchanged', async () => {
    await expect(change(() => undefined)).resolves.toBe('accepted');
  });

  it.each<[string, (model: Json, file: Json) => void, string | RegExp]>([
    ['a path out of the folder', (_, file) => (file['path'] = '../evil.gguf'), /relative path/],
    ['an absolute path', (_, file) => (file['path'] = '/etc/passwd'), /relative path/],
    ['an id with a slash', (model) => (model['id'] = 'a/b'), /Invalid/],
    ['an id twice', (model) => (model['id'] = 'whisper-base'), 'the id whisper-base is used twice'],
    ['an engine that no worker has', (model) => (model['engine'] = 'qwen3-tts'), /Invalid/],
    ['an engine with a foreign job', (model) => (model['job'] = 'synthesis'), 'engine llama does the job language, not synthesis'],
    ['a role that is missing', (_, file) => delete file['role'], 'no file has the role model'],
    [
      'a hash that is missing without a word',
      (_, file) => (file['sha256'] = null),
      'verification must be "hub" exactly when a sha256 is null',
    ],
    ['a hash that is too short', (_, file) => (file['sha256'] = 'abc'), /Invalid/],
    ['a size of nothing', (_, file) => (file['sizeBytes'] = 0), /Too small/],
    [
      'a version that is a command',
      (_, file) => (file['sources'] = [{ from: 'pypi', package: 'a', version: '1; rm -rf', path: 'a', downloadBytes: 1 }]),
      /Invalid/,
    ],
    [
      'a package that is an option',
      (_, file) => (file['sources'] = [{ from: 'npm', package: '--evil', version: '1.0.0', path: 'a', downloadBytes: 1 }]),
      /Invalid/,
    ],
    ['a hub without encryption', (_, file) => (file['sources'] = [{ from: 'hub', url: 'http://example.org/a' }]), /must be https/],
    ['a source of another kind', (_, file) => (file['sources'] = [{ from: 'ftp', url: 'ftp://a' }]), /Invalid/],
    [
      'a file made from one that is not there',
      (_, file) => (file['sources'] = [{ from: 'derived', transform: 'moonshine-tokens', input: 'nothing' }]),
      /made from nothing/,
    ],
    ['a field that nobody knows', (model) => (model['colour'] = 'red'), /Unrecognized key/],
  ])('refuses %s', async (_, edit, message) => {
    await expect(change(edit)).resolves.toMatch(message);
  });
});

describe('filesFor', () => {
  it("returns each platform's own library and refuses a platform without one", async () => {
    const { models } = await readManifest(shipped);
    const espeak = models.find((model) => model.id === 'espeak-ng');
    if (!espeak) throw new Error('espeak-ng is not in the manifest');
    expect(
      platforms.map((platform) =>
        filesFor(espeak, platform)
          .map((file) => file.path)
          .join(' '),
      ),
    ).toEqual([
      'espeak-ng-data libespeak-ng.so',
      'espeak-ng-data libespeak-ng.dylib',
      'espeak-ng-data libespeak-ng.dylib',
      'espeak-ng-data espeak-ng.dll',
      'espeak-ng-data espeak-ng.dll',
    ]);
    expect(sizeOf(filesFor(espeak, 'linux-x64'))).toBe(18_373_365 + 661_568);
    expect(() => filesFor(espeak, 'linux-arm64')).toThrow('eSpeak NG has no build for linux-arm64');
  });
});

describe('packNames', () => {
  it('returns every pack once, the starter first', async () => {
    const names = packNames(await readManifest(shipped));
    expect(names[0]).toBe('starter');
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('recommended-gpu-24');
  });
});
