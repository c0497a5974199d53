import { AppError } from '../../base/errors.ts';

/** How the samples of a WAV file lie on disk. */
export interface WavFormat {
  encoding: 'integer' | 'float';
  /** 8, 16, 24 or 32 for integers (8 bit is unsigned), 32 for float. */
  bitsPerSample: 8 | 16 | 24 | 32;
  channels: number;
  sampleRateHz: number;
  /** First byte of the samples. */
  dataOffset: number;
  /** Whole frames (one sample of each channel) that really lie in the file; a header that promises more is not believed. */
  frameCount: number;
}

/** Bytes of a header that are read at once; enough for the usual LIST chunk in front of the samples. */
export const WAV_HEADER_BYTES = 4096;

const FORMAT_INTEGER = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;
const MAX_CHANNELS = 32;

/**
 * Reads the chunks in front of the samples. `head` = the file's first bytes (all of it, or at least up to the `data` chunk), `fileBytes` = its size.
 * Returns the number of bytes needed when `head` ends too early.
 * @throws AppError `audio.not-wav`, `audio.unsupported`, `audio.empty`
 */
export function parseWavHeader(head: Uint8Array, fileBytes: number): WavFormat | { needBytes: number } {
  if (fileBytes === 0) throw new AppError('audio.empty', 'The sound file is empty (0 bytes): record it again.');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') throw notWav('it does not begin with RIFF/WAVE');

  let format: Omit<WavFormat, 'dataOffset' | 'frameCount'> | undefined;
  let position = 12;
  while (position + 8 <= fileBytes) {
    if (position + 8 > head.length) return { needBytes: position + WAV_HEADER_BYTES };
    const name = tag(view, position);
    const declaredBytes = view.getUint32(position + 4, true);
    const body = position + 8;
    if (name === 'data') {
      if (format === undefined) throw notWav('the samples come before their description');
      return withData(format, body, declaredBytes, fileBytes);
    }
    if (name === 'fmt ') {
      if (declaredBytes < 16 || body + declaredBytes > fileBytes) throw notWav('its format description is cut off');
      if (body + declaredBytes > head.length) return { needBytes: body + declaredBytes + WAV_HEADER_BYTES };
      format = parseFormat(view, body, declaredBytes);
    }
    // Chunks are padded to even length.
    position = body + declaredBytes + (declaredBytes % 2);
  }
  throw notWav('it holds no samples');
}

/** Bytes of one frame: a sample of each channel. */
export function frameBytes(format: Pick<WavFormat, 'bitsPerSample' | 'channels'>): number {
  return (format.bitsPerSample / 8) * format.channels;
}

/** Turns raw frames into mono samples -1..1 by averaging the channels. `bytes` must hold whole frames. */
export function decodeFrames(bytes: Uint8Array, format: WavFormat): Float32Array {
  const { channels } = format;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = sampleReader(view, format);
  const stepBytes = format.bitsPerSample / 8;
  const frames = Math.floor(bytes.length / (stepBytes * channels));
  const samples = new Float32Array(frames);
  let offset = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      sum += read(offset);
      offset += stepBytes;
    }
    samples[frame] = sum / channels;
  }
  return samples;
}

function sampleReader(view: DataView, format: WavFormat): (offset: number) => number {
  if (format.encoding === 'float') {
    return (offset) => {
      const value = view.getFloat32(offset, true);
      return Number.isFinite(value) ? value : 0;
    };
  }
  switch (format.bitsPerSample) {
    case 8:
      return (offset) => (view.getUint8(offset) - 128) / 128;
    case 16:
      return (offset) => view.getInt16(offset, true) / 32_768;
    case 24:
      return (offset) => (view.getUint16(offset, true) + view.getInt8(offset + 2) * 65_536) / 8_388_608;
    case 32:
      return (offset) => view.getInt32(offset, true) / 2_147_483_648;
  }
}

function parseFormat(view: DataView, body: number, bytes: number): Omit<WavFormat, 'dataOffset' | 'frameCount'> {
  let code = view.getUint16(body, true);
  // The extensible form names the real encoding in the first two bytes of its GUID.
  if (code === FORMAT_EXTENSIBLE && bytes >= 26) code = view.getUint16(body + 24, true);
  const channels = view.getUint16(body + 2, true);
  const sampleRateHz = view.getUint32(body + 4, true);
  const bitsPerSample = view.getUint16(body + 14, true);
  if (channels < 1 || channels > MAX_CHANNELS) throw unsupported(`${channels} channels`);
  if (sampleRateHz < 1000 || sampleRateHz > 768_000) throw unsupported(`a sample rate of ${sampleRateHz} Hz`);
  if (code === FORMAT_INTEGER && isIntegerWidth(bitsPerSample)) return { encoding: 'integer', bitsPerSample, channels, sampleRateHz };
  if (code === FORMAT_FLOAT && bitsPerSample === 32) return { encoding: 'float', bitsPerSample, channels, sampleRateHz };
  throw unsupported(`encoding ${code} with ${bitsPerSample} bits`);
}

function isIntegerWidth(bits: number): bits is 8 | 16 | 24 | 32 {
  return bits === 8 || bits === 16 || bits === 24 || bits === 32;
}

function withData(
  format: Omit<WavFormat, 'dataOffset' | 'frameCount'>,
  dataOffset: number,
  declaredBytes: number,
  fileBytes: number,
): WavFormat {
  // Recorders that write into a pipe leave 0 or the largest number: the samples then reach to the end of the file.
  const isOpenEnded = declaredBytes === 0 || declaredBytes >= 0xffff_fff0;
  const available = Math.max(0, fileBytes - dataOffset);
  const dataBytes = isOpenEnded ? available : Math.min(declaredBytes, available);
  const frameCount = Math.floor(dataBytes / frameBytes(format));
  if (frameCount === 0) throw new AppError('audio.empty', 'The sound file holds no samples: record it again.');
  return { ...format, dataOffset, frameCount };
}

function tag(view: DataView, offset: number): string {
  return String.fromCharCode(view.getUint8(offset), view.getUint8(offset + 1), view.getUint8(offset + 2), view.getUint8(offset + 3));
}

function notWav(why: string): AppError {
  return new AppError('audio.not-wav', `This is not a WAV file (${why}): convert it to WAV, PCM 16 bit.`, { details: { why } });
}

function unsupported(what: string): AppError {
  return new AppError('audio.unsupported', `WAV with ${what} is not supported: convert it to PCM 16 bit.`, { details: { what } });
}
