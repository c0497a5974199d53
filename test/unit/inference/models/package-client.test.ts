import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src-main/base/clock.ts';
import { createPackageClient } from '../../../../src-main/inference/models/package-client.ts';
import { fakePackageCommands, writeFiles } from '../../../doubles/model-bench.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const wheel = {
  from: 'pypi',
  package: 'test-package',
  version: '1.0.0',
  path: 'a',
  downloadBytes: 5000,
  platform: 'any_platform',
} as const;
const tarball = { from: 'npm', package: '@scope/test', version: '1.0.0', path: 'a', downloadBytes: 5000 } as const;
const WHEEL_NAME = 'test_package-1.0.0-py3-none-any.whl';

async function clientWith(mode: string, name = WHEEL_NAME) {
  const folder = await temporaryFolder();
  await writeFiles(folder, { [name]: Buffer.alloc(4000) });
  const archive = join(folder, name);
  const client = createPackageClient({ clock: systemClock, commands: fakePackageCommands(mode, archive) });
  const seen: number[] = [];
  const stop = new AbortController();
  const directory = join(folder, 'download');
  await writeFiles(directory, { 'unrelated.txt': 'x' });
  return {
    client,
    archive,
    directory,
    seen,
    stop,
    options: { directory, signal: stop.signal, onBytes: (bytes: number) => seen.push(bytes) },
  };
}

describe('createPackageClient', () => {
  it('returns the archive and reports its growth while the client works', async () => {
    const { client, directory, seen, options, archive } = await clientWith('works');
    await expect(client.fetchPackage(wheel, options)).resolves.toBe(join(directory, WHEEL_NAME));
    expect((await stat(join(directory, WHEEL_NAME))).size).toBe(4000);
    expect(seen).toContain(1000);
    expect(await readdir(directory)).toEqual([WHEEL_NAME, 'unrelated.txt']);
    const args = await readFile(`${archive}.calls`, 'utf8');
    expect(args).toContain('test-package==1.0.0');
    expect(args).toContain('--platform any_platform');
    expect(args).toContain('--no-deps --only-binary :all:');
  });

  it('does not fetch an archive that is there', async () => {
    const { client, options, archive } = await clientWith('works');
    await client.fetchPackage(wheel, options);
    await client.fetchPackage(wheel, options);
    expect((await readFile(`${archive}.calls`, 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  it('finds the archive of a scoped npm package', async () => {
    const { client, directory, options, archive } = await clientWith('works', 'scope-test-1.0.0.tgz');
    await expect(client.fetchPackage(tarball, options)).resolves.toBe(join(directory, 'scope-test-1.0.0.tgz'));
    expect(await readFile(`${archive}.calls`, 'utf8')).toContain('pack @scope/test@1.0.0 --ignore-scripts');
  });

  it.each([
    ['offline', 'model.no-network'],
    ['full', 'model.disk-full'],
    ['refuses', 'model.client-failed'],
    ['silent', 'model.client-failed'],
    ['absent', 'model.no-client'],
  ])('tells a client that is or says "%s" apart (%s)', async (mode, code) => {
    const { client, directory, options } = await clientWith(mode);
    await expect(client.fetchPackage(wheel, options)).rejects.toMatchObject({ code });
    expect(await readdir(directory)).toEqual(['unrelated.txt']);
  });

  it("passes on the client's own words when it has a reason of its own", async () => {
    const { client, options } = await clientWith('refuses');
    await expect(client.fetchPackage(wheel, options)).rejects.toThrow('No matching distribution found for nothing==1.0');
  });

  it('ends the client when it is stopped', async () => {
    const { client, directory, options, stop, archive } = await clientWith('hangs');
    const fetching = client.fetchPackage(wheel, options);
    await expect
      .poll(() =>
        stat(`${archive}.calls`).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    stop.abort();
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(directory)).toEqual(['unrelated.txt']);
  });

  it('does not stop one download because another is stopped that waits for the same program', async () => {
    const { client, options, directory } = await clientWith('works');
    const stop = new AbortController();
    const stopped = client.fetchPackage(wheel, { ...options, directory: `${directory}-2`, signal: stop.signal });
    const kept = client.fetchPackage(wheel, options);
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    await expect(kept).resolves.toBe(join(directory, WHEEL_NAME));
  });

  it('uses the first program that answers', async () => {
    const { archive, options, directory } = await clientWith('works');
    const commands = {
      npm: [],
      pypi: [['no-such-program'], ...fakePackageCommands('absent').pypi, ...fakePackageCommands('works', archive).pypi],
    };
    const client = createPackageClient({ clock: systemClock, commands });
    await expect(client.fetchPackage(wheel, options)).resolves.toBe(join(directory, WHEEL_NAME));
  });
});
