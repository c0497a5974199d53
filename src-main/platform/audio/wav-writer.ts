import { rename, rm, writeFile } from 'node:fs/promises';
import type { Sound } from './wav-reader.ts';

const HEADER_BYTES = 44;

/** A WAV file: mono, PCM 16 bit. Samples outside -1..1 are clipped, NaN becomes silence. */
export function encodeWav({ samples, sampleRateHz }: Sound): Uint8Array {
  const dataBytes = samples.length * 2;
  const bytes = new Uint8Array(HEADER_BYTES + dataBytes);
  const view = new DataView(bytes.buffer);
  const tag = (offset: number, name: string): void => bytes.set(new TextEncoder().encode(name), offset);
  tag(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  tag(8, 'WAVE');
  tag(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, dataBytes, true);
  for (const [index, sample] of samples.entries()) {
    view.setInt16(HEADER_BYTES + index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  }
  return bytes;
}

/** Writes {@link encodeWav} to a file; a reader never sees half of it. */
export async function writeWavFile(path: string, sound: Sound): Promise<void> {
  const partial = `${path}.part`;
  try {
    await writeFile(partial, encodeWav(sound));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
