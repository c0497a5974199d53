import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTarGzEntry } from '../../../../src-main/inference/models/tar-archive.ts';
import { listZip, readZipEntry } from '../../../../src-main/inference/models/zip-archive.ts';
import { makeTarGz, makeZip } from '../../../fixtures/models/make-archive.ts';
import { someBytes } from '../../../doubles/model-bench.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

const large = someBytes(700_000);
const damaged = { code: 'model.damaged-archive' };

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return Buffer.concat(pieces);
}

async function archive(bytes: Buffer): Promise<string> {
  const path = join(await temporaryFolder(), 'package');
  await writeFile(path, bytes);
  return path;
}

async function unzip(path: string, entryPath: string): Promise<Buffer> {
  const entry = (await listZip(path)).find((each) => each.path === entryPath);
  if (!entry) throw new Error(`${entryPath} is not listed`);
  return collect(readZipEntry(path, entry));
}

describe('readZipEntry', () => {
  it.each([{ stored: false }, { stored: true }, { stored: false, comment: 'made by hand' }])(
    'returns each file of a wheel (%o)',
    async (options) => {
      const path = await archive(makeZip({ 'a/small.txt': 'hello', 'a/large.bin': large, 'a/empty': '' }, options));
      expect((await listZip(path)).map((entry) => [entry.path, entry.sizeBytes])).toEqual([
        ['a/small.txt', 5],
        ['a/large.bin', large.length],
        ['a/empty', 0],
      ]);
      await expect(unzip(path, 'a/large.bin')).resolves.toEqual(large);
      await expect(unzip(path, 'a/small.txt')).resolves.toEqual(Buffer.from('hello'));
      await expect(unzip(path, 'a/empty')).resolves.toEqual(Buffer.alloc(0));
    },
  );

  it('refuses an archive that is cut off, wherever it is cut', async () => {
    const whole = makeZip({ 'a.bin': large });
    for (const length of [0, 10, 1000, whole.length - 30, whole.length - 1])
      await expect(listZip(await archive(whole.subarray(0, length)))).rejects.toMatchObject(damaged);
  });

  it('refuses damaged content and a size that is not true', async () => {
    const broken = makeZip({ 'a.bin': 'the same words again and again. '.repeat(5000) });
    broken.fill(0xff, 60, 120);
    await expect(unzip(await archive(broken), 'a.bin')).rejects.toMatchObject(damaged);
    const lying = makeZip({ 'a.bin': large });
    lying.writeUInt32LE(10, lying.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24);
    await expect(unzip(await archive(lying), 'a.bin')).rejects.toMatchObject(damaged);
  });
});

describe('readTarGzEntry', () => {
  it('returns the file asked for, also behind a long name', async () => {
    const long = `package/${'folder/'.repeat(20)}model.onnx`;
    const path = await archive(makeTarGz({ 'package/package.json': '{}', [long]: large, 'package/last.txt': 'end' }));
    await expect(collect(readTarGzEntry(path, long))).resolves.toEqual(large);
    await expect(collect(readTarGzEntry(path, 'package/last.txt'))).resolves.toEqual(Buffer.from('end'));
  });

  it('refuses a file that is not in it and an archive that is cut off', async () => {
    const whole = makeTarGz({ 'package/a.bin': large });
    await expect(collect(readTarGzEntry(await archive(whole), 'package/b.bin'))).rejects.toMatchObject(damaged);
    await expect(collect(readTarGzEntry(await archive(whole.subarray(0, 5000)), 'package/a.bin'))).rejects.toMatchObject(damaged);
    await expect(collect(readTarGzEntry(await archive(Buffer.from('not packed')), 'package/a.bin'))).rejects.toMatchObject(damaged);
  });
});
