// @ts-check
import { chmod, mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import zlib from 'node:zlib';
import { SetupError } from './setup-error.mjs';

/*
 * A reader for the zip files that runtimes come in. It exists because set-up can rely on neither `unzip` nor an npm package, must keep
 * permissions and symbolic links (a macOS bundle is full of them), and skips 25 000 files that it would delete a moment later.
 * Not covered, and refused: encryption, zip64, methods other than "stored" and "deflated".
 */

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;

/** @typedef {{ name: string, method: number, crc: number, packedSize: number, size: number, offset: number, mode: number }} ZipEntry */

/**
 * Unpacks into `folder`. `rename` gives an entry its new path, or undefined to leave it out.
 * @param {string} file
 * @param {string} folder
 * @param {{ rename?: (name: string) => string | undefined, onProgress?: (doneBytes: number, totalBytes: number) => void }} [options]
 */
export async function unzip(file, folder, { rename = (name) => name, onProgress = () => {} } = {}) {
  const handle = await open(file, 'r');
  try {
    const wanted = (await readEntries(handle, file)).flatMap((entry) => {
      const name = rename(entry.name);
      return name === undefined ? [] : [{ entry, path: insideOf(folder, name, file) }];
    });
    const totalBytes = wanted.reduce((sum, { entry }) => sum + entry.size, 0);
    let doneBytes = 0;
    for (const { entry, path } of wanted) {
      await writeEntry(entry, path, entry.name.endsWith('/') ? Buffer.alloc(0) : await readContent(handle, entry, file));
      doneBytes += entry.size;
      onProgress(doneBytes, totalBytes);
    }
  } finally {
    await handle.close();
  }
}

/** @param {string} folder @param {string} name @param {string} file */
function insideOf(folder, name, file) {
  const path = resolve(join(folder, name));
  if (path !== resolve(folder) && !path.startsWith(resolve(folder) + sep))
    throw damaged(file, `it holds a path that leads out of it: ${name}`);
  return path;
}

/** @param {import('node:fs/promises').FileHandle} handle @param {string} file @returns {Promise<ZipEntry[]>} */
async function readEntries(handle, file) {
  const { size } = await handle.stat();
  const tail = await readAt(handle, Math.max(0, size - END_SIZE - LONGEST_COMMENT), Math.min(size, END_SIZE + LONGEST_COMMENT));
  let end = tail.length - END_SIZE;
  while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end -= 1;
  if (end < 0) throw damaged(file, 'its table of contents is missing');
  const directory = await readAt(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const count = tail.readUInt16LE(end + 10);
  /** @type {ZipEntry[]} */
  const entries = [];
  for (let at = 0, index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== ENTRY_SIGNATURE)
      throw damaged(file, 'its table of contents is cut short');
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      // The upper half holds Unix permissions and file type where the archive was made on Unix.
      mode: directory.readUInt32LE(at + 38) >>> 16,
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** @param {import('node:fs/promises').FileHandle} handle @param {ZipEntry} entry @param {string} file */
async function readContent(handle, entry, file) {
  const header = await readAt(handle, entry.offset, 30);
  const packed = await readAt(handle, entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28), entry.packedSize);
  if (entry.method !== 0 && entry.method !== 8) throw damaged(file, `${entry.name} is packed in a way that is not known here`);
  const content = entry.method === 8 ? zlib.inflateRawSync(packed) : packed;
  if (content.length !== entry.size || zlib.crc32(content) !== entry.crc) throw damaged(file, `${entry.name} does not have its checksum`);
  return content;
}

/** @param {ZipEntry} entry @param {string} path @param {Buffer} content */
async function writeEntry(entry, path, content) {
  if (entry.name.endsWith('/')) return void (await mkdir(path, { recursive: true }));
  await mkdir(dirname(path), { recursive: true });
  if ((entry.mode & 0o170000) === 0o120000) return void (await symlink(content.toString('utf8'), path));
  await writeFile(path, content);
  if (entry.mode & 0o777) await chmod(path, entry.mode & 0o777);
}

/** @param {import('node:fs/promises').FileHandle} handle @param {number} position @param {number} length */
async function readAt(handle, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** @param {string} file @param {string} why */
function damaged(file, why) {
  return new SetupError('archive.damaged', `The archive ${file} is damaged (${why}): delete it and run set-up again.`);
}
