/** Samples as Asterisk's signed linear has them: 16 bit, little-endian, mono. */

/** One step of 16 bit sound. */
export const SAMPLE_STEP = 1 / 32_768;

/** An odd byte at the end is left out. */
export function decodeLinear(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Float32Array(bytes.length >> 1);
  for (let index = 0; index < samples.length; index += 1) samples[index] = view.getInt16(index * 2, true) * SAMPLE_STEP;
  return samples;
}

/** Writes the samples from `offset` on; what lies outside -1..1 is clipped. */
export function writeLinear(target: Uint8Array, offset: number, samples: Float32Array): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  for (let index = 0; index < samples.length; index += 1) view.setInt16(offset + index * 2, toInt16(samples[index] ?? 0), true);
}

export function toInt16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}
