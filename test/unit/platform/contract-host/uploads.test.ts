import { access, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createUploads, type Uploads } from '../../../../src-main/platform/contract-host/index.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const LIMITS = { fileBytes: 64, bundleBytes: 200, totalBytes: 1000 };

async function open(freeBytes: () => Promise<number> = () => Promise.resolve(Infinity)) {
  const folder = join(await temporaryFolder(), 'uploads');
  const clock = createVirtualClock();
  const uploads = await createUploads({ folder, clock, limits: LIMITS, freeBytes });
  onTestFinished(() => uploads.dispose());
  return { folder, clock, uploads, names: () => readdir(folder).catch(() => []) };
}

async function* pieces(...contents: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const content of contents) yield Buffer.from(content);
}

/** So many bytes that begin with `first`, one after the other. */
async function* large(first: string, count: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from(first, 'latin1');
  for (let index = first.length; index < count; index += 1) yield new Uint8Array(1);
}

const contentOf = async (uploads: Uploads, id: string): Promise<string> => readFile((await uploads.locate(id)).path, 'utf8');

describe('createUploads', () => {
  it('keeps what a page sends, readable by the owner only', async () => {
    const { uploads } = await open();
    const id = await uploads.receive(pieces('one, ', 'two'));
    const { path, sizeBytes } = await uploads.locate(id);
    expect([await contentOf(uploads, id), sizeBytes, (await stat(path)).mode & 0o777]).toEqual(['one, two', 8, 0o600]);
  });

  it('forgets it after an hour', async () => {
    const { uploads, clock, names } = await open();
    const id = await uploads.receive(pieces('one'));
    await clock.advance(3_599_000);
    expect(await contentOf(uploads, id)).toBe('one');
    await clock.advance(2_000);
    await expect(uploads.locate(id)).rejects.toMatchObject({ code: 'upload.gone' });
    await expect.poll(names).toEqual([]);
  });

  it('begins empty and ends empty', async () => {
    const folder = join(await temporaryFolder(), 'uploads');
    await mkdir(folder);
    await writeFile(join(folder, 'from the last run'), 'x');
    const uploads = await createUploads({ folder, clock: createVirtualClock() });
    await uploads.receive(pieces('one'));
    expect(await readdir(folder)).toHaveLength(1);
    await uploads.dispose();
    await expect(access(folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    ['a picture', '\u0089PNG', 65, 64],
    ['a 3D model', 'glTF', 201, 200],
    ['an archive', 'PK\u0003\u0004', 201, 200],
  ])('takes %s up to its limit and keeps nothing of a larger one', async (_what, first, tooMany, limit) => {
    const { uploads, names } = await open();
    await expect(uploads.receive(large(first, tooMany))).rejects.toMatchObject({
      code: 'upload.too-large',
      details: { limitBytes: limit },
    });
    expect(await names()).toEqual([]);
    const id = await uploads.receive(large(first, limit));
    expect((await uploads.locate(id)).sizeBytes).toBe(limit);
  });

  it('does not even read what says that it is too large', async () => {
    const { uploads } = await open();
    const unread: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => {
        throw new Error('was read');
      },
    };
    await expect(uploads.receive(unread, 300)).rejects.toMatchObject({ code: 'upload.too-large' });
  });

  it('refuses nothing at all, and what breaks off', async () => {
    const { uploads, names } = await open();
    await expect(uploads.receive(pieces())).rejects.toMatchObject({ code: 'upload.empty' });
    const broken = (async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('the line is dead');
    })();
    await expect(uploads.receive(broken)).rejects.toMatchObject({ code: 'upload.cut-off' });
    expect(await names()).toEqual([]);
  });

  it('leaves 500 MB of the disk alone: nothing is read when they are gone', async () => {
    const { uploads, names } = await open(() => Promise.resolve(499_999_999));
    let read = 0;
    const counted = (async function* (): AsyncGenerator<Uint8Array> {
      read += 1;
      yield Buffer.from('x');
    })();
    await expect(uploads.receive(counted)).rejects.toMatchObject({ code: 'upload.disk-full' });
    await expect(uploads.add(Buffer.from('x'))).rejects.toMatchObject({ code: 'upload.disk-full' });
    expect([read, await names()]).toEqual([0, []]);
  });

  it('keeps nothing of a file that fills the disk while it arrives', async () => {
    const folder = join(await temporaryFolder(), 'uploads');
    const left = [600_000_000, 500_000_000, 499_999_999];
    const freeBytes = (): Promise<number> => Promise.resolve(left.shift() ?? 0);
    const uploads = await createUploads({ folder, clock: createVirtualClock(), freeBytes });
    onTestFinished(() => uploads.dispose());
    const body = (async function* (): AsyncGenerator<Uint8Array> {
      for (let mebibyte = 0; mebibyte < 24; mebibyte += 1) yield new Uint8Array(1024 ** 2);
    })();
    await expect(uploads.receive(body)).rejects.toMatchObject({ code: 'upload.disk-full' });
    expect([left, await readdir(folder)]).toEqual([[], []]);
  });

  it('takes four at once', async () => {
    const { uploads } = await open();
    const gates: (() => void)[] = [];
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x');
      await new Promise<void>((resolve) => gates.push(resolve));
    };
    const running = [1, 2, 3, 4].map(() => uploads.receive(slow()));
    await expect.poll(() => gates.length).toBe(4);
    await expect(uploads.receive(pieces('x'))).rejects.toMatchObject({ code: 'upload.too-many' });
    for (const release of gates) release();
    expect(await Promise.all(running)).toHaveLength(4);
    expect(await contentOf(uploads, await uploads.receive(pieces('again')))).toBe('again');
  });

  it.each(['', '../config.json', 'f1678ce6-6ea7-439f-b667-ddffcc042631', '..', 'x'.repeat(100)])('knows nothing of "%s"', async (id) => {
    const { uploads } = await open();
    await expect(uploads.locate(id)).rejects.toMatchObject({ code: 'upload.gone' });
  });

  it('lets the oldest go when all together are too much', async () => {
    const { uploads } = await open();
    const ids: string[] = [];
    for (let index = 0; index < 6; index += 1) ids.push(await uploads.add(new Uint8Array(190)));
    const there = await Promise.all(
      ids.map((id) =>
        uploads.locate(id).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(there).toEqual([false, true, true, true, true, true]);
  });

  it('takes pictures of 64 MB and bundles of 200 MB where nothing else is said', async () => {
    const uploads = await createUploads({ folder: join(await temporaryFolder(), 'uploads'), clock: createVirtualClock() });
    await expect(uploads.receive(pieces('x'), 200 * 1024 ** 2 + 1)).rejects.toMatchObject({ message: expect.stringContaining('200 MB') });
    expect(await contentOf(uploads, await uploads.receive(pieces('x'), 200 * 1024 ** 2))).toBe('x');
    await uploads.dispose();
  });
});
