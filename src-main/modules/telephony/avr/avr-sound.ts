import { createResampler, type Resampler } from '../../../platform/audio/index.ts';
import { AVR_SAMPLE_RATE_HZ, type AvrEngines } from './avr-engines.ts';

/** Signed 16-bit little-endian as it comes over HTTP, cut anywhere, as samples. A last odd byte is dropped. */
export async function* samplesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Float32Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const piece of body) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const count = bytes.length >> 1;
    rest = bytes.subarray(count * 2);
    if (count === 0) continue;
    const view = new DataView(bytes.buffer, bytes.byteOffset, count * 2);
    const samples = new Float32Array(count);
    for (let index = 0; index < count; index += 1) samples[index] = view.getInt16(index * 2, true) / 32_768;
    yield samples;
  }
}

/** Speech as 8 kHz signed 16-bit little-endian. */
export async function* telephonePcm(speech: ReturnType<AvrEngines['speak']>): AsyncGenerator<Uint8Array> {
  let resampler: Resampler | undefined;
  let rateHz = 0;
  for await (const { samples, sampleRateHz } of speech) {
    if (resampler === undefined || rateHz !== sampleRateHz) {
      if (resampler) yield pcmOf(resampler.flush());
      resampler = createResampler(sampleRateHz, AVR_SAMPLE_RATE_HZ);
      rateHz = sampleRateHz;
    }
    const pcm = pcmOf(resampler.push(samples));
    if (pcm.length > 0) yield pcm;
  }
  const last = resampler && pcmOf(resampler.flush());
  if (last !== undefined && last.length > 0) yield last;
}

function pcmOf(samples: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [index, sample] of samples.entries())
    bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round((Number.isFinite(sample) ? sample : 0) * 32_767))), index * 2);
  return bytes;
}
