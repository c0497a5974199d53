import { open } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../base/errors.ts';

/** What a 3D file is, as far as its header tells: a VRM is a GLB with an extension. */
export interface ModelFileFacts {
  extension: '.glb' | '.vrm';
}

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const MAX_JSON_BYTES = 32 * 1024 ** 2;
const HEADER_BYTES = 20;

const glTFSchema = z.object({
  asset: z.object({ version: z.string() }),
  meshes: z.array(z.unknown()).min(1),
  extensionsUsed: z.array(z.string()).optional(),
  buffers: z.array(z.object({ uri: z.string().optional() })).optional(),
  images: z.array(z.object({ uri: z.string().optional() })).optional(),
});

/** Reads `length` bytes from `position` on; fewer at the end. */
type ReadAt = (position: number, length: number) => Promise<Buffer>;

/**
 * Looks at the header and the JSON of a GLB or VRM file (Khronos glTF 2.0, "GLB File Format Specification"). Rejects with `character.bad-model` when it is
 * something else, cut off, without a mesh, or needs files beside it.
 */
export async function readModelFile(source: string | Uint8Array): Promise<ModelFileFacts> {
  if (source instanceof Uint8Array) {
    const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    return readModel(async (position, length) => bytes.subarray(position, position + length), bytes.length);
  }
  const file = await open(source, 'r');
  try {
    const { size } = await file.stat();
    const readAt: ReadAt = async (position, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    return await readModel(readAt, size);
  } finally {
    await file.close();
  }
}

async function readModel(readAt: ReadAt, size: number): Promise<ModelFileFacts> {
  const header = await readAt(0, HEADER_BYTES);
  if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== MAGIC) throw badModel('it is not a GLB or VRM file');
  if (header.readUInt32LE(4) !== 2) throw badModel('it is not glTF 2.0');
  if (header.readUInt32LE(8) > size) throw badModel('it is cut off');
  const jsonBytes = header.readUInt32LE(12);
  if (header.readUInt32LE(16) !== JSON_CHUNK || jsonBytes > Math.min(MAX_JSON_BYTES, size - HEADER_BYTES))
    throw badModel('its header is damaged');
  const json = await readAt(HEADER_BYTES, jsonBytes);
  return factsOf(json.toString('utf8'));
}

function factsOf(text: string): ModelFileFacts {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw badModel('its header is damaged');
  }
  const parsed = glTFSchema.safeParse(content);
  if (!parsed.success) throw badModel('it holds no mesh');
  const { buffers = [], images = [], extensionsUsed = [] } = parsed.data;
  if ([...buffers, ...images].some(({ uri }) => uri !== undefined && !uri.startsWith('data:')))
    throw badModel('it needs other files beside it; export it with everything embedded');
  return { extension: extensionsUsed.some((name) => name === 'VRM' || name === 'VRMC_vrm') ? '.vrm' : '.glb' };
}

function badModel(reason: string): AppError {
  return new AppError('character.bad-model', `This 3D model cannot be used: ${reason}.`, { details: { reason } });
}
