import type { AppError } from '../../../base/errors.ts';
import { phoneError } from '../telephony-errors.ts';

/*
 * Recordings stay the 16-bit mono WAV that Asterisk writes; they are only moved in time, never decoded.
 */

export interface WavSound {
  sampleRateHz: number;
  /** Signed 16-bit samples, little-endian. */
  pcm: Uint8Array;
}

/** Of the files that {@link writeWav} makes. */
export const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;
/** A recording that starts later than this is kept, but no further silence is put in front of it. */
const MAX_SILENCE_MS = 12 * 3_600_000;

/** The sound of a WAV file. Throws `phone.recording-failed` for anything but 16-bit mono PCM. A header that was never finished (a killed Asterisk) counts up to the end. */
export function readWav(bytes: Uint8Array): WavSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
  if (bytes.byteLength < HEADER_BYTES || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw unreadable();
  let sampleRateHz = 0;
  for (let at = 12; at + 8 <= bytes.byteLength;) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (tag(at) === 'fmt ' && start + 16 <= bytes.byteLength) {
      const isPlain = view.getUint16(start, true) === 1 && view.getUint16(start + 2, true) === 1 && view.getUint16(start + 14, true) === 16;
      if (!isPlain) throw unreadable();
      sampleRateHz = view.getUint32(start + 4, true);
    }
    if (tag(at) === 'data') {
      if (sampleRateHz === 0) throw unreadable();
      const end = size === 0 || start + size > bytes.byteLength ? bytes.byteLength : start + size;
      const whole = end - start - ((end - start) % BYTES_PER_SAMPLE);
      return { sampleRateHz, pcm: bytes.subarray(start, start + whole) };
    }
    at = start + size + (size % 2);
  }
  throw unreadable();
}

/** A WAV file of it. */
export function writeWav({ sampleRateHz, pcm }: WavSound): Uint8Array {
  const file = Buffer.alloc(HEADER_BYTES + pcm.byteLength);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(HEADER_BYTES - 8 + pcm.byteLength, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRateHz, 24);
  file.writeUInt32LE(sampleRateHz * BYTES_PER_SAMPLE, 28);
  file.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  file.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(pcm.byteLength, 40);
  file.set(pcm, HEADER_BYTES);
  return file;
}

/** Of a file of ours, by its header. */
export function sampleRateOf(header: Buffer): number {
  return header.readUInt32LE(24);
}

/** The byte of a file of ours at which a moment's sample begins. */
export function placeOf(atMs: number, sampleRateHz: number): number {
  return HEADER_BYTES + Math.round((atMs / 1000) * sampleRateHz) * BYTES_PER_SAMPLE;
}

/** -1..1 */
export function samplesOf(pcm: Buffer): Float32Array {
  return Float32Array.from(
    { length: Math.floor(pcm.byteLength / BYTES_PER_SAMPLE) },
    (_value, index) => pcm.readInt16LE(index * BYTES_PER_SAMPLE) / 32_768,
  );
}

export function durationMsOf({ sampleRateHz, pcm }: WavSound): number {
  return (pcm.byteLength / BYTES_PER_SAMPLE / sampleRateHz) * 1000;
}

/** `next` behind `former`, so that it begins at `startsAtMs`; silence lies between. What would overlap follows directly. */
export function appendSound(former: WavSound | undefined, next: WavSound, startsAtMs: number): WavSound {
  if (former && former.sampleRateHz !== next.sampleRateHz) throw unreadable();
  const silenceMs = Math.min(MAX_SILENCE_MS, Math.max(0, startsAtMs - (former ? durationMsOf(former) : 0)));
  const silence = new Uint8Array(Math.round((silenceMs / 1000) * next.sampleRateHz) * BYTES_PER_SAMPLE);
  return { sampleRateHz: next.sampleRateHz, pcm: Buffer.concat([...(former ? [former.pcm] : []), silence, next.pcm]) };
}

const unreadable = (): AppError => phoneError('phone.recording-failed');
