import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readVoiceSample } from '../../../../src-main/inference/voice-samples/voice-sample.ts';
import { decodeWav, joinSamples } from '../../../../src-main/platform/audio/index.ts';
import { makeWav } from '../../../doubles/make-wav.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { VOWELS, vowelSound } from '../../../doubles/vowel-sound.ts';

/** Somebody who sings vowels for so long, with short pauses. */
function speech(seconds: number, sampleRateHz: number, peak = 0.4): Float32Array {
  const names = Object.keys(VOWELS) as (keyof typeof VOWELS)[];
  const syllables = names.map((name) => vowelSound({ hz: 120, formants: VOWELS[name], durationMs: 400, sampleRateHz, peak }));
  const pause = new Float32Array(Math.round(sampleRateHz * 0.1));
  return joinSamples(Array.from({ length: Math.ceil(seconds / 0.5) }, (_, index) => joinSamples([syllables[index % 5] ?? pause, pause])));
}

const silence = (seconds: number, sampleRateHz: number): Float32Array => new Float32Array(Math.round(seconds * sampleRateHz));

function pcm16(samples: Float32Array, channels = 1): Uint8Array {
  const bytes = Buffer.alloc(samples.length * channels * 2);
  for (const [at, sample] of samples.entries()) {
    for (let channel = 0; channel < channels; channel += 1)
      bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), (at * channels + channel) * 2);
  }
  return bytes;
}

async function file(bytes: Uint8Array, name = 'sample.wav'): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

describe('readVoiceSample', () => {
  it('makes 24 kHz mono of a recording and cuts the silence around it', async () => {
    const recording = joinSamples([silence(2, 16_000), speech(6, 16_000), silence(3, 16_000)]);
    const sample = await readVoiceSample(await file(makeWav({ data: pcm16(recording) })));
    const sound = decodeWav(sample.wav);
    expect(sound.sampleRateHz).toBe(24_000);
    expect(Math.abs(sample.durationMs - 6100)).toBeLessThan(200);
    expect(Math.abs((sound.samples.length / 24_000) * 1000 - sample.durationMs)).toBeLessThan(1);
    expect(Math.abs((sample.fundamentalHz ?? 0) / 120 - 1)).toBeLessThan(0.08);
  });

  it.each([
    ['stereo at 96 kHz', 96_000, 2, 16],
    ['24 bit at 44.1 kHz', 44_100, 1, 24],
    ['32 bit of whole numbers at 8 kHz', 8000, 1, 32],
    ['32 bit float at 48 kHz', 48_000, 1, 'float'],
  ] as const)('takes %s', async (_name, rate, channels, width) => {
    const recording = speech(4, rate);
    const bytes = new Uint8Array(recording.length * channels * (width === 'float' ? 4 : width / 8));
    const view = new DataView(bytes.buffer);
    for (const [at, value] of recording.entries()) {
      for (let channel = 0; channel < channels; channel += 1) {
        const index = at * channels + channel;
        if (width === 'float') view.setFloat32(index * 4, value, true);
        else if (width === 32) view.setInt32(index * 4, Math.round(value * 2_147_483_647), true);
        else if (width === 16) view.setInt16(index * 2, Math.round(value * 32_767), true);
        else {
          const whole = Math.round(value * 8_388_607);
          view.setUint16(index * 3, whole & 0xffff, true);
          view.setInt8(index * 3 + 2, whole >> 16);
        }
      }
    }
    const wav = makeWav({ code: width === 'float' ? 3 : 1, bits: width === 'float' ? 32 : width, channels, rate, data: bytes });
    const { durationMs, fundamentalHz } = await readVoiceSample(await file(wav));
    expect(Math.abs(durationMs - 4000)).toBeLessThan(300);
    expect(Math.abs((fundamentalHz ?? 0) / 120 - 1)).toBeLessThan(0.08);
  });

  it('keeps half a minute of a longer recording, cut at a pause', async () => {
    const { wav, durationMs } = await readVoiceSample(await file(makeWav({ data: pcm16(speech(60, 16_000)) })));
    expect(durationMs).toBeGreaterThan(25_000);
    expect(durationMs).toBeLessThanOrEqual(30_000);
    const { samples } = decodeWav(wav);
    expect(samples.subarray(-240).every((sample) => Math.abs(sample) < 0.05)).toBe(true);
  });

  it.each([
    ['nothing but silence', () => makeWav({ data: pcm16(silence(10, 16_000)) }), 'voice.sample-silent'],
    [
      'two seconds of speech',
      () => makeWav({ data: pcm16(joinSamples([speech(2, 16_000), silence(20, 16_000)])) }),
      'voice.sample-too-short',
    ],
    ['an overdriven recording', () => makeWav({ data: pcm16(speech(5, 16_000, 4)) }), 'voice.sample-clipped'],
    ['an MP3', () => Buffer.concat([Buffer.from('ID3'), Buffer.alloc(4000, 7)]), 'voice.sample-format'],
    ['an MP3 without a tag', () => Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(4000)]), 'voice.sample-format'],
    ['an M4A', () => Buffer.concat([Buffer.from([0, 0, 0, 32]), Buffer.from('ftypM4A '), Buffer.alloc(4000)]), 'voice.sample-format'],
    ['an Ogg', () => Buffer.concat([Buffer.from('OggS'), Buffer.alloc(4000)]), 'voice.sample-format'],
    ['something else', () => Buffer.from('<svg onload="alert(1)"/>'.repeat(30)), 'voice.sample-damaged'],
    ['an empty file', () => Buffer.alloc(0), 'voice.sample-damaged'],
    ['a compressed WAV', () => makeWav({ code: 7, bits: 8, data: new Uint8Array(64) }), 'voice.sample-format'],
    ['a WAV that is cut off in its header', () => makeWav({ data: pcm16(speech(4, 16_000)) }).subarray(0, 30), 'voice.sample-damaged'],
  ])('refuses %s with a sentence', async (_name, bytes, code) => {
    const error: unknown = await readVoiceSample(await file(bytes())).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringMatching(/^[^/\\]*\.$/u) });
  });

  it('refuses an hour without reading it', async () => {
    // The file has a hole where the samples would be, so that it takes no room.
    const path = await file(makeWav({ data: pcm16(speech(4, 16_000)), declaredDataBytes: 3600 * 32_000 }));
    await truncate(path, 44 + 3600 * 32_000);
    await expect(readVoiceSample(path)).rejects.toMatchObject({ code: 'voice.sample-too-long', details: { minutes: '60' } });
  });

  it('says that a file is not there, and not where', async () => {
    await expect(readVoiceSample(join(await temporaryFolder(), 'gone.wav'))).rejects.toMatchObject({
      code: 'voice.sample-damaged',
      message: expect.stringMatching(/^[^/\\]*\.$/u),
      details: {},
    });
  });
});
