import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';
import { decodeFrames, frameBytes, parseWavHeader, WAV_HEADER_BYTES, type WavFormat } from './wav-format.ts';

/** Mono sound in memory. */
export interface Sound {
  /** -1..1 */
  samples: Float32Array;
  sampleRateHz: number;
}

/** A WAV file read piece by piece, for sound of any length. Close it, or read `blocks` to the end, which closes it. */
export interface WavFile {
  readonly format: WavFormat;
  readonly durationMs: number;
  /** Mono samples in order, `blockFrames` at a time (the last block is shorter). */
  blocks(blockFrames?: number): AsyncGenerator<Float32Array, void, undefined>;
  close(): Promise<void>;
}

const DEFAULT_BLOCK_FRAMES = 65_536;

/** Decodes a WAV file that is in memory. @throws AppError `audio.not-wav`, `audio.unsupported`, `audio.empty` */
export function decodeWav(bytes: Uint8Array): Sound {
  const format = parseWavHeader(bytes, bytes.length);
  if ('needBytes' in format) throw new AppError('audio.not-wav', 'This is not a WAV file (it is cut off): record it again.');
  const end = format.dataOffset + format.frameCount * frameBytes(format);
  return { samples: decodeFrames(bytes.subarray(format.dataOffset, end), format), sampleRateHz: format.sampleRateHz };
}

/** Opens a WAV file and reads its header. @throws AppError `audio.not-found`, `audio.not-wav`, `audio.unsupported`, `audio.empty` */
export async function openWavFile(path: string): Promise<WavFile> {
  const file = await openForReading(path);
  try {
    const format = await readHeader(file);
    return {
      format,
      durationMs: (format.frameCount / format.sampleRateHz) * 1000,
      blocks: (blockFrames = DEFAULT_BLOCK_FRAMES) => readBlocks(file, format, blockFrames),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Reads a whole WAV file. Ten minutes at 48 kHz need 115 MB; use {@link openWavFile} where the length is unknown. */
export async function readWavFile(path: string): Promise<Sound> {
  const file = await openWavFile(path);
  const samples = new Float32Array(file.format.frameCount);
  let position = 0;
  for await (const block of file.blocks()) {
    samples.set(block, position);
    position += block.length;
  }
  return { samples: samples.subarray(0, position), sampleRateHz: file.format.sampleRateHz };
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    throw new AppError('audio.not-found', `The sound file "${path}" cannot be read: check its name and rights.`, {
      cause: error,
      details: { path },
    });
  }
  throw new AppError('audio.not-wav', `"${path}" is not a file: name a WAV file.`, { details: { path } });
}

async function readHeader(file: FileHandle): Promise<WavFormat> {
  const { size } = await file.stat();
  let wanted = WAV_HEADER_BYTES;
  for (;;) {
    const head = new Uint8Array(Math.min(wanted, size));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const result = parseWavHeader(head.subarray(0, bytesRead), size);
    if (!('needBytes' in result)) return result;
    wanted = result.needBytes;
  }
}

async function* readBlocks(file: FileHandle, format: WavFormat, blockFrames: number): AsyncGenerator<Float32Array, void, undefined> {
  const bytesPerFrame = frameBytes(format);
  try {
    let frame = 0;
    while (frame < format.frameCount) {
      const frames = Math.min(blockFrames, format.frameCount - frame);
      const bytes = new Uint8Array(frames * bytesPerFrame);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, format.dataOffset + frame * bytesPerFrame);
      const whole = Math.floor(bytesRead / bytesPerFrame);
      // The file was cut while it was being read.
      if (whole === 0) return;
      yield decodeFrames(bytes.subarray(0, whole * bytesPerFrame), format);
      frame += whole;
    }
  } finally {
    await file.close();
  }
}
