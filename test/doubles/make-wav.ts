/** What a WAV file is made of; by default mono, 16 kHz, PCM 16 bit. */
export interface WavRecipe {
  code?: number;
  bits?: number;
  channels?: number;
  rate?: number;
  data: Uint8Array;
  declaredDataBytes?: number;
  extraChunk?: { name: string; bytes: number };
  extensible?: boolean;
}

/** A WAV file built by hand, so that the reader is not tested against our own writer only. */
export function makeWav({
  code = 1,
  bits = 16,
  channels = 1,
  rate = 16_000,
  data,
  declaredDataBytes,
  extraChunk,
  extensible,
}: WavRecipe): Uint8Array {
  const formatBytes = extensible ? 40 : 16;
  const extra = extraChunk === undefined ? 0 : 8 + extraChunk.bytes + (extraChunk.bytes % 2);
  const bytes = Buffer.alloc(12 + 8 + formatBytes + extra + 8 + data.length);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(formatBytes, 16);
  bytes.writeUInt16LE(extensible ? 0xfffe : code, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE((rate * channels * bits) / 8, 28);
  bytes.writeUInt16LE((channels * bits) / 8, 32);
  bytes.writeUInt16LE(bits, 34);
  if (extensible) bytes.writeUInt16LE(code, 44);
  let at = 20 + formatBytes;
  if (extraChunk !== undefined) {
    bytes.write(extraChunk.name, at);
    bytes.writeUInt32LE(extraChunk.bytes, at + 4);
    at += extra;
  }
  bytes.write('data', at);
  bytes.writeUInt32LE(declaredDataBytes ?? data.length, at + 4);
  bytes.set(data, at + 8);
  return bytes;
}
