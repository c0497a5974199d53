import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { damagedArchive } from './model-errors.ts';

const BLOCK_BYTES = 512;
const TYPE_FILE = new Set(['0', '\0']);
/** Headers that carry the next entry's long name: pax and GNU. */
const TYPE_PAX = 'x';
const TYPE_LONG_NAME = 'L';

/**
 * The bytes of one file of a `.tgz` as npm makes them, as a stream. Fails with `model.damaged-archive` when the file is not in it or the archive
 * breaks off. Everything before the file is unpacked and thrown away; nothing after it is read.
 */
export async function* readTarGzEntry(archivePath: string, entryPath: string): AsyncGenerator<Uint8Array> {
  const name = basename(archivePath);
  const blocks = createByteSource(unpack(archivePath), name);
  let longName: string | undefined;
  for (;;) {
    const header = await blocks.take(BLOCK_BYTES);
    if (header === undefined || header.every((byte) => byte === 0)) throw damagedArchive(name, `${entryPath} is not in it`);
    const sizeBytes = Number.parseInt(text(header, 124, 12), 8);
    const type = String.fromCharCode(header[156] ?? 0);
    if (!Number.isSafeInteger(sizeBytes)) throw damagedArchive(name, 'a header is damaged');
    const padding = (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
    if (type === TYPE_PAX || type === TYPE_LONG_NAME) {
      longName = longNameOf(type, await blocks.takeAll(sizeBytes)) ?? longName;
      await blocks.skip(padding);
      continue;
    }
    const path = longName ?? shortName(header);
    longName = undefined;
    if (TYPE_FILE.has(type) && path === entryPath) {
      yield* blocks.stream(sizeBytes);
      return;
    }
    await blocks.skip(sizeBytes + padding);
  }
}

async function* unpack(archivePath: string): AsyncGenerator<Uint8Array> {
  const packed = createReadStream(archivePath, { highWaterMark: 1 << 18 });
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  packed.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of packed.pipe(gunzip)) yield chunk;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw damagedArchive(basename(archivePath), error.message);
    throw error;
  } finally {
    packed.destroy();
  }
}

/** Cuts a stream of chunks into pieces of wanted lengths. */
interface ByteSource {
  /** Exactly `length` bytes, or undefined at the end of the stream. */
  take(length: number): Promise<Uint8Array | undefined>;
  takeAll(length: number): Promise<Uint8Array>;
  skip(length: number): Promise<void>;
  stream(length: number): AsyncGenerator<Uint8Array>;
}

function createByteSource(chunks: AsyncGenerator<Uint8Array>, name: string): ByteSource {
  let rest: Uint8Array = new Uint8Array(0);
  async function* stream(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0;) {
      if (rest.byteLength === 0) {
        const next = await chunks.next();
        if (next.done) throw damagedArchive(name, 'it is cut off');
        rest = next.value;
      }
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.byteLength);
      left -= piece.byteLength;
      yield piece;
    }
  }
  const takeAll = async (length: number): Promise<Uint8Array> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of stream(length)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  return {
    stream,
    takeAll,
    async take(length) {
      if (rest.byteLength === 0) {
        const next = await chunks.next();
        if (next.done) return undefined;
        rest = next.value;
      }
      return takeAll(length);
    },
    async skip(length) {
      for await (const piece of stream(length)) void piece;
    },
  };
}

function shortName(header: Uint8Array): string {
  const prefix = text(header, 345, 155);
  const name = text(header, 0, 100);
  return text(header, 257, 5) === 'ustar' && prefix !== '' ? `${prefix}/${name}` : name;
}

function longNameOf(type: string, payload: Uint8Array): string | undefined {
  const content = Buffer.from(payload).toString('utf8');
  return type === TYPE_LONG_NAME ? content.replace(/\0.*$/s, '') : /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content)?.[1];
}

function text(header: Uint8Array, from: number, length: number): string {
  return Buffer.from(header.subarray(from, from + length))
    .toString('latin1')
    .replace(/\0.*$/s, '')
    .trim();
}
