import { describe, expect, it } from 'vitest';
import { decodeWav, encodeWav } from '../../../../../src-main/platform/audio/index.ts';
import { appendSound, durationMsOf, readWav, writeWav } from '../../../../../src-main/modules/telephony/records/wav-sound.ts';

const tone = (durationMs: number, sampleRateHz = 8_000): Uint8Array =>
  encodeWav({ samples: new Float32Array((durationMs * sampleRateHz) / 1000).fill(0.5), sampleRateHz });

describe('wav sound', () => {
  it('reads what others write, and writes what others read', () => {
    const sound = readWav(tone(250));
    expect([sound.sampleRateHz, durationMsOf(sound)]).toEqual([8_000, 250]);
    const again = decodeWav(writeWav(sound));
    expect([again.sampleRateHz, again.samples.length]).toEqual([8_000, 2_000]);
    expect(again.samples[1_000]).toBeCloseTo(0.5, 3);
  });

  it('skips other parts of the file, and reads to the end what was never finished', () => {
    const bytes = Buffer.from(tone(100));
    const note = Buffer.concat([Buffer.from('LIST'), Buffer.from([3, 0, 0, 0]), Buffer.from('abc\0')]);
    expect(durationMsOf(readWav(Buffer.concat([bytes.subarray(0, 36), note, bytes.subarray(36)])))).toBe(100);
    bytes.writeUInt32LE(0, 40);
    expect(durationMsOf(readWav(bytes))).toBe(100);
    bytes.writeUInt32LE(0xff_ff_ff_ff, 40);
    expect(durationMsOf(readWav(bytes.subarray(0, bytes.length - 1)))).toBeCloseTo(100, 0);
  });

  it('puts a later piece where it belongs, with silence between, and never over what is there', () => {
    const first = appendSound(undefined, readWav(tone(100)), 0);
    const both = appendSound(first, readWav(tone(100)), 500);
    const { samples } = decodeWav(writeWav(both));
    expect(samples.length).toBe(4_800);
    expect([samples[400], samples[2_000], samples[4_400]].map((sample) => Math.round((sample ?? 0) * 10))).toEqual([5, 0, 5]);
    expect(durationMsOf(appendSound(first, readWav(tone(100)), 20))).toBe(200);
    expect(durationMsOf(appendSound(undefined, readWav(tone(100)), 1_000))).toBe(1_100);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', Buffer.from('RIFF'.repeat(40))],
    ['no sound in it', tone(100).subarray(0, 40)],
    ['stereo', stereo()],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readWav(bytes)).toThrow(expect.objectContaining({ code: 'phone.recording-failed' }));
  });

  it('refuses to join two rates', () => {
    expect(() => appendSound(readWav(tone(100)), readWav(tone(100, 16_000)), 0)).toThrow(/recorded/);
  });
});

function stereo(): Uint8Array {
  const bytes = Buffer.from(tone(100));
  bytes.writeUInt16LE(2, 22);
  return bytes;
}
