import { SAMPLE_STEP, toInt16 } from './pcm.ts';

/*
 * ITU-T G.711 (11/1988): logarithmic 8 bit samples, as most trunks carry them. Each byte is a sign, a segment of three bits and a place in it of four;
 * segments double in width. µ-law works on 14 bit with a bias of 33 and sends all bits inverted; A-law works on 13 bit and sends every other bit inverted.
 */

export type CompandingLaw = 'ulaw' | 'alaw';

const MU_BIAS = 33;
const MU_LARGEST = 8_158;
const A_LARGEST = 4_095;
const A_INVERTED = 0x55;

function muToLinear(byte: number): number {
  const code = ~byte & 0xff;
  const segment = (code >> 4) & 7;
  const magnitude = ((((code & 15) << 1) + MU_BIAS) << segment) - MU_BIAS;
  return (code & 0x80 ? -magnitude : magnitude) * 4;
}

function linearToMu(sample: number): number {
  const magnitude = Math.min(MU_LARGEST, Math.abs(sample) >> 2) + MU_BIAS;
  // The bias makes the highest bit stand at 5 … 12.
  const segment = 31 - Math.clz32(magnitude) - 5;
  const place = (magnitude >> (segment + 1)) & 15;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | place) & 0xff;
}

function aToLinear(byte: number): number {
  const code = byte ^ A_INVERTED;
  const segment = (code >> 4) & 7;
  const place = ((code & 15) << 1) + 1;
  const magnitude = segment === 0 ? place : (place + 32) << (segment - 1);
  return (code & 0x80 ? magnitude : -magnitude) * 8;
}

function linearToA(sample: number): number {
  const isPositive = sample >= 0;
  // Of a negative number the complement is taken, so that 0 and -1 lie on different sides of nothing.
  const magnitude = Math.min(A_LARGEST, (isPositive ? sample : -sample - 1) >> 3);
  const segment = magnitude < 32 ? 0 : 31 - Math.clz32(magnitude) - 4;
  const place = (segment === 0 ? magnitude >> 1 : magnitude >> segment) & 15;
  return ((isPositive ? 0x80 : 0) | (segment << 4) | place) ^ A_INVERTED;
}

const decodeTables = {
  ulaw: Float32Array.from({ length: 256 }, (_, byte) => muToLinear(byte) * SAMPLE_STEP),
  alaw: Float32Array.from({ length: 256 }, (_, byte) => aToLinear(byte) * SAMPLE_STEP),
};
const encoders = { ulaw: linearToMu, alaw: linearToA };

export function decodeCompanded(bytes: Uint8Array, law: CompandingLaw): Float32Array {
  const table = decodeTables[law];
  const samples = new Float32Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) samples[index] = table[bytes[index] ?? 0] ?? 0;
  return samples;
}

export function encodeCompanded(samples: Float32Array, law: CompandingLaw): Uint8Array {
  const encode = encoders[law];
  const bytes = new Uint8Array(samples.length);
  for (let index = 0; index < samples.length; index += 1) bytes[index] = encode(toInt16(samples[index] ?? 0));
  return bytes;
}
