import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudioPortMessage, SpokenPhoneme } from '../../../src-preload/contract/index.ts';
import { decodeAudioFrame, encodeAudioFrame, MAX_AUDIO_FRAME_BYTES, parseAudioMessage } from '../../../src-preload/contract/index.ts';

const samples = fc.float32Array({ noNaN: true, noDefaultInfinity: true, min: -1, max: 1, maxLength: 400 });
const utteranceId = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });
const messages: fc.Arbitrary<AudioPortMessage> = fc.oneof(
  fc.record({ type: fc.constant('capture' as const), samples }),
  fc.record({
    type: fc.constant('speech' as const),
    utteranceId,
    segmentIndex: fc.nat(),
    sampleRateHz: fc.integer({ min: 4000, max: 384_000 }),
    samples,
    last: fc.boolean(),
  }),
  fc.record({ type: fc.constant('speech.cancelled' as const), utteranceId }),
  fc.record({
    type: fc.constant('speech.timing' as const),
    utteranceId,
    segmentIndex: fc.nat(),
    emotion: fc.constantFrom('neutral' as const, 'energetic' as const, 'calm' as const),
    phonemes: fc
      .array(fc.tuple(fc.constantFrom('_', 'ɑː', 't͡ʃ', '?'), fc.nat({ max: 400 }), fc.option(fc.constantFrom(0, 0.25, 1))))
      .map(inOrder),
  }),
);

/** One after the other, as the worker sends them. */
function inOrder(list: readonly (readonly [symbol: string, durationMs: number, level: number | null])[]): SpokenPhoneme[] {
  let startMs = 0;
  return list.map(([symbol, durationMs, level]) => {
    const phoneme = { symbol, startMs, durationMs, ...(level === null ? {} : { level }) };
    startMs += durationMs;
    return phoneme;
  });
}

describe('encodeAudioFrame and decodeAudioFrame', () => {
  it('give back every message exactly with float32 samples', () => {
    fc.assert(fc.property(messages, (message) => void expect(decodeAudioFrame(encodeAudioFrame(message))).toEqual(message)));
  });

  it('keep int16 samples within half a step and clip what is too loud', () => {
    const decoded = decodeAudioFrame(encodeAudioFrame({ type: 'capture', samples: Float32Array.of(0, 0.5, -1, 3, -3) }, 'int16'));
    expect(decoded?.type === 'capture' && [...decoded.samples].map((sample) => Math.round(sample * 1000) / 1000)).toEqual([
      0, 0.5, -1, 1, -1,
    ]);
  });

  it('read a frame that lies at an odd offset of a larger buffer', () => {
    const frame = encodeAudioFrame({ type: 'capture', samples: Float32Array.of(0.25, -0.25) });
    const shifted = new Uint8Array(frame.length + 3);
    shifted.set(frame, 3);
    expect(decodeAudioFrame(shifted.subarray(3))).toEqual({ type: 'capture', samples: Float32Array.of(0.25, -0.25) });
  });

  it('read a frame in a Buffer that Node took from its shared pool', () => {
    const frame = Buffer.from(encodeAudioFrame({ type: 'capture', samples: Float32Array.of(0.25, -0.25) }));
    expect(decodeAudioFrame(frame)).toEqual({ type: 'capture', samples: Float32Array.of(0.25, -0.25) });
  });

  it('never throw, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeAudioFrame(bytes)));
  });

  it('never throw and never give a broken message when a good frame is damaged', () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(), (message, at, value, cut) => {
        const frame = encodeAudioFrame(message);
        frame[at % frame.length] = value;
        const decoded = decodeAudioFrame(frame.subarray(0, frame.length - (cut % 8)));
        expect(decoded === undefined || parseAudioMessage(decoded) === decoded).toBe(true);
      }),
    );
  });

  it('refuse samples that are not finite', () => {
    expect(decodeAudioFrame(encodeAudioFrame({ type: 'capture', samples: Float32Array.of(0, Number.NaN) }))).toBeUndefined();
    expect(decodeAudioFrame(encodeAudioFrame({ type: 'capture', samples: Float32Array.of(Infinity) }))).toBeUndefined();
  });

  it('refuse frames that are too large, in both directions', () => {
    const tooMany = new Float32Array(MAX_AUDIO_FRAME_BYTES / 4);
    expect(() => encodeAudioFrame({ type: 'capture', samples: tooMany })).toThrow(RangeError);
    expect(() => encodeAudioFrame({ type: 'speech.cancelled', utteranceId: 'x'.repeat(201) })).toThrow(RangeError);
    expect(decodeAudioFrame(new Uint8Array(MAX_AUDIO_FRAME_BYTES + 1).fill(0x4f))).toBeUndefined();
  });
});

describe('parseAudioMessage', () => {
  it.each([undefined, null, 7, 'capture', {}, { type: 'capture' }, { type: 'capture', samples: [0.1] }, { type: 'speech.cancelled' }])(
    'refuses %j',
    (value) => expect(parseAudioMessage(value)).toBeUndefined(),
  );

  const timing = {
    type: 'speech.timing',
    utteranceId: 'u',
    segmentIndex: 0,
    emotion: 'calm',
    phonemes: [{ symbol: 'a', startMs: 0, durationMs: 80 }],
  };
  const withPhoneme = (change: object) => ({ ...timing, phonemes: [{ ...timing.phonemes[0], ...change }] });
  it('takes what the mouth does', () => expect(parseAudioMessage(timing)).toBe(timing));

  it.each([
    ['an emotion that nobody knows', { ...timing, emotion: 'furious' }],
    ['no phonemes', { ...timing, phonemes: undefined }],
    [
      'more phonemes than a segment can have',
      { ...timing, phonemes: Array.from({ length: 5000 }, () => ({ symbol: 'a', startMs: 0, durationMs: 0 })) },
    ],
    ['phonemes that overlap', { ...timing, phonemes: [...timing.phonemes, { symbol: 'b', startMs: 40, durationMs: 10 }] }],
    ['a symbol that is none', withPhoneme({ symbol: '' })],
    ['a symbol without end', withPhoneme({ symbol: 'a'.repeat(17) })],
    ['a time that is no number', withPhoneme({ startMs: Number.NaN })],
    ['a length below zero', withPhoneme({ durationMs: -1 })],
    ['a loudness beyond all', withPhoneme({ level: 1.5 })],
    ['something else', { ...timing, phonemes: [null] }],
  ])('refuses %s', (_name, value) => expect(parseAudioMessage(value)).toBeUndefined());
});
