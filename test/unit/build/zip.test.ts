import { existsSync, lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unzip } from '../../../build/lib/zip.mjs';

interface Entry {
  name: string;
  content: string;
  /** Unix type and permissions. */
  mode?: number;
  stored?: boolean;
  wrongChecksum?: boolean;
}

/** Writes a zip file as a Unix tool would. */
function zipOf(entries: readonly Entry[], comment = ''): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644, stored = false, wrongChecksum = false } of entries) {
    const raw = Buffer.from(content);
    const packed = stored ? raw : deflateRawSync(raw);
    const checksum = wrongChecksum ? 1 : crc32(raw);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(Buffer.byteLength(name), 26);
    header.writeUInt16LE(4, 28);
    local.push(header, Buffer.from(name), Buffer.alloc(4), packed);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(stored ? 0 : 8, 10);
    record.writeUInt32LE(checksum, 16);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt32LE(raw.length, 24);
    record.writeUInt16LE(Buffer.byteLength(name), 28);
    record.writeUInt32LE((mode << 16) >>> 0, 38);
    record.writeUInt32LE(offset, 42);
    central.push(record, Buffer.from(name));
    offset += 34 + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...local, directory, end, Buffer.from(comment)]);
}

describe('unzip', () => {
  let folder: string;
  let file: string;
  let out: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'openclaw-zip-'));
    file = join(folder, 'a.zip');
    out = join(folder, 'out');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps contents, folders, permissions and links', async () => {
    const entries = [
      { name: 'app/', content: '', mode: 0o040755 },
      { name: 'app/run', content: 'program '.repeat(1000), mode: 0o100755 },
      { name: 'app/näme.txt', content: 'plain', stored: true },
      { name: 'app/current', content: 'run', mode: 0o120777 },
    ];
    writeFileSync(file, zipOf(entries, 'made by a test'));
    const seen: number[] = [];
    await unzip(file, out, { onProgress: (done, total) => seen.push(done / total) });
    expect(readFileSync(join(out, 'app/run'), 'utf8')).toBe('program '.repeat(1000));
    expect(readFileSync(join(out, 'app/näme.txt'), 'utf8')).toBe('plain');
    expect(statSync(join(out, 'app/run')).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(out, 'app/current')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(out, 'app/current'))).toBe('run');
    expect(seen.at(-1)).toBe(1);
  });

  it('renames and leaves out what it is told to', async () => {
    writeFileSync(
      file,
      zipOf([
        { name: 'x/keep', content: '1' },
        { name: 'x/drop', content: '2' },
      ]),
    );
    await unzip(file, out, { rename: (name) => (name === 'x/keep' ? 'kept' : undefined) });
    expect(readFileSync(join(out, 'kept'), 'utf8')).toBe('1');
    expect(existsSync(join(out, 'x'))).toBe(false);
  });

  it.each(['../outside', '/etc/outside', 'a/../../outside'])('refuses a path that leads out of the folder: %s', async (name) => {
    writeFileSync(file, zipOf([{ name, content: 'x' }]));
    await unzip(file, out).then(
      () => expect(existsSync(join(out, name))).toBe(true),
      (error) => expect(error).toMatchObject({ code: 'archive.damaged' }),
    );
    expect(existsSync(join(folder, 'outside'))).toBe(false);
    expect(existsSync('/etc/outside')).toBe(false);
  });

  it('refuses a file whose checksum is wrong', async () => {
    writeFileSync(file, zipOf([{ name: 'a', content: 'x', wrongChecksum: true }]));
    await expect(unzip(file, out)).rejects.toMatchObject({ code: 'archive.damaged', message: expect.stringContaining('checksum') });
  });

  it.each([
    ['is cut short', (whole: Buffer) => whole.subarray(0, whole.length - 10)],
    ['is empty', () => Buffer.alloc(0)],
    ['is something else', () => Buffer.from('<html>not found</html>')],
  ])('refuses an archive that %s', async (_what, spoil) => {
    writeFileSync(file, spoil(zipOf([{ name: 'a', content: 'x' }])));
    await expect(unzip(file, out)).rejects.toMatchObject({ code: 'archive.damaged' });
  });
});
