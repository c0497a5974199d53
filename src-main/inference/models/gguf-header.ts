import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** What a GGUF file says about itself. */
export interface GgufHeader {
  architecture: string;
  name: string | undefined;
  /** `model`, `adapter`, `mmproj` …; most files leave it out. */
  type: string | undefined;
  /** Trained context window in tokens. */
  contextTokens: number | undefined;
  tensorCount: number;
  /** Bytes the file must have for all its tensors; a smaller one is cut off. */
  neededBytes: number;
  /** More than 1 for a model that is split into several files. */
  splitCount: number;
}

/** The file is not GGUF or its header is damaged; the message is the reason alone. */
export class GgufFormatError extends Error {}

const MAGIC = 0x46554747;
const SUPPORTED_VERSIONS = new Set([2, 3]);
const DEFAULT_ALIGNMENT = 32;
const MAX_ENTRIES = 100_000;
const MAX_TEXT_BYTES = 1 << 20;
const CHUNK_BYTES = 1 << 20;

/** Value types of the format; numbers carry their size in bytes. */
const NUMBER_BYTES: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const TYPE_UINT32 = 4;
const TYPE_STRING = 8;
const TYPE_ARRAY = 9;
const TYPE_UINT64 = 10;
const TYPE_UINT16 = 2;

/** Elements and bytes of one block of each tensor type (ggml.h); a type that is not here is measured by its offset alone. */
const TENSOR_BLOCKS: ReadonlyMap<number, readonly [elements: number, bytes: number]> = new Map([
  [0, [1, 4]],
  [1, [1, 2]],
  [2, [32, 18]],
  [3, [32, 20]],
  [6, [32, 22]],
  [7, [32, 24]],
  [8, [32, 34]],
  [9, [32, 36]],
  [10, [256, 84]],
  [11, [256, 110]],
  [12, [256, 144]],
  [13, [256, 176]],
  [14, [256, 210]],
  [15, [256, 292]],
  [16, [256, 66]],
  [17, [256, 74]],
  [18, [256, 98]],
  [19, [256, 50]],
  [20, [32, 18]],
  [21, [256, 110]],
  [22, [256, 82]],
  [23, [256, 136]],
  [24, [1, 1]],
  [25, [1, 2]],
  [26, [1, 4]],
  [27, [1, 8]],
  [28, [1, 8]],
  [29, [256, 56]],
  [30, [1, 2]],
  [34, [256, 54]],
  [35, [256, 66]],
  [39, [32, 17]],
]);

/**
 * Reads the header in pieces of a megabyte, without touching the weights. Own code rather than node-llama-cpp's reader: loading that package
 * takes 0.4 s of the main process, which must not stand still, and its reader does not notice a file that is cut off.
 * Rejects with {@link GgufFormatError}.
 */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path, 'r');
  try {
    return await parseHeader(createReader(file));
  } finally {
    await file.close();
  }
}

async function parseHeader(reader: Reader): Promise<GgufHeader> {
  if ((await reader.number(4)) !== MAGIC) throw new GgufFormatError('it is not a GGUF file');
  const version = await reader.number(4);
  if (!SUPPORTED_VERSIONS.has(version)) throw new GgufFormatError(`its GGUF version ${version} is not known here`);
  const tensorCount = await reader.number(8);
  const entryCount = await reader.number(8);
  if (tensorCount > MAX_ENTRIES || entryCount > MAX_ENTRIES) throw new GgufFormatError('its header is damaged');
  const values = new Map<string, string | number>();
  for (let index = 0; index < entryCount; index++) await readEntry(reader, values);
  const ends = await tensorEnds(reader, tensorCount);
  const alignment = numberOf(values.get('general.alignment')) ?? DEFAULT_ALIGNMENT;
  const dataStart = Math.ceil(reader.position() / alignment) * alignment;
  const architecture = textOf(values.get('general.architecture'));
  if (architecture === undefined) throw new GgufFormatError('it does not say which kind of model it holds');
  return {
    architecture,
    name: textOf(values.get('general.name')),
    type: textOf(values.get('general.type')),
    contextTokens: numberOf(values.get(`${architecture}.context_length`)),
    tensorCount,
    neededBytes: dataStart + ends,
    splitCount: numberOf(values.get('split.count')) ?? 1,
  };
}

async function readEntry(reader: Reader, values: Map<string, string | number>): Promise<void> {
  const key = await reader.text();
  const type = await reader.number(4);
  if (type === TYPE_STRING) values.set(key, await reader.text());
  else if (type === TYPE_ARRAY) await skipArray(reader);
  else {
    const bytes = NUMBER_BYTES[type];
    if (bytes === undefined) throw new GgufFormatError('its header is damaged');
    if (type === TYPE_UINT16 || type === TYPE_UINT32 || type === TYPE_UINT64) values.set(key, await reader.number(bytes));
    else await reader.skip(bytes);
  }
}

async function skipArray(reader: Reader): Promise<void> {
  const type = await reader.number(4);
  const count = await reader.number(8);
  const bytes = NUMBER_BYTES[type];
  if (bytes !== undefined) return reader.skip(bytes * count);
  if (type !== TYPE_STRING) throw new GgufFormatError('its header is damaged');
  for (let index = 0; index < count; index++) await reader.skip(await reader.number(8));
}

/** The end of the last tensor, counted from the first one's beginning. */
async function tensorEnds(reader: Reader, count: number): Promise<number> {
  let end = 0;
  for (let index = 0; index < count; index++) {
    await reader.text();
    const dimensions = await reader.number(4);
    if (dimensions > 8) throw new GgufFormatError('its list of tensors is damaged');
    let elements = 1;
    for (let each = 0; each < dimensions; each++) elements *= await reader.number(8);
    const [blockElements, blockBytes] = TENSOR_BLOCKS.get(await reader.number(4)) ?? [1, 0];
    const offset = await reader.number(8);
    end = Math.max(end, offset + (elements / blockElements) * blockBytes);
  }
  return end;
}

function textOf(value: string | number | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: string | number | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Walks through a file from its beginning; only what is asked for is decoded. */
interface Reader {
  position(): number;
  /** A little-endian unsigned number of 1, 2, 4 or 8 bytes. */
  number(bytes: number): Promise<number>;
  /** A length of 8 bytes and that many bytes of UTF-8. */
  text(): Promise<string>;
  skip(bytes: number): Promise<void>;
}

function createReader(file: FileHandle): Reader {
  let chunk = Buffer.alloc(0);
  let chunkStart = 0;
  let at = 0;
  const need = async (bytes: number): Promise<number> => {
    if (at < chunkStart || at + bytes > chunkStart + chunk.length) {
      const buffer = Buffer.alloc(Math.max(bytes, CHUNK_BYTES));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead < bytes) throw new GgufFormatError('it is cut off within its header');
      chunk = buffer.subarray(0, bytesRead);
      chunkStart = at;
    }
    at += bytes;
    return at - bytes - chunkStart;
  };
  const reader: Reader = {
    position: () => at,
    async number(bytes) {
      const from = await need(bytes);
      if (bytes < 8) return chunk.readUIntLE(from, bytes);
      const value = Number(chunk.readBigUInt64LE(from));
      if (!Number.isSafeInteger(value)) throw new GgufFormatError('its header is damaged');
      return value;
    },
    async text() {
      const length = await reader.number(8);
      if (length > MAX_TEXT_BYTES) throw new GgufFormatError('its header is damaged');
      const from = await need(length);
      return chunk.toString('utf8', from, from + length);
    },
    async skip(bytes) {
      at += bytes;
      if (!Number.isSafeInteger(at)) throw new GgufFormatError('its header is damaged');
    },
  };
  return reader;
}
