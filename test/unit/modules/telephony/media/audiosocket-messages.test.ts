import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  audioSocketSound,
  createAudioSocketParser,
  type AudioSocketMessage,
} from '../../../../../src-main/modules/telephony/media/audiosocket-messages.ts';

const ID = '12345678-9abc-def0-1234-56789abcdef0';
const idMessage = Uint8Array.of(1, 0, 16, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0);

/** Cuts the bytes at the given places. */
function chunked(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((left, right) => left - right);
  const edges = [0, ...places, bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index] ?? 0, end));
}

function parseAll(pieces: readonly Uint8Array[]): AudioSocketMessage[] {
  const parser = createAudioSocketParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

describe('createAudioSocketParser', () => {
  it('reads id, sound of both rates, digit, hang-up and error', () => {
    const bytes = Buffer.concat([
      idMessage,
      audioSocketSound(Float32Array.of(0, 0.5, -1), 8_000),
      audioSocketSound(Float32Array.of(0.25), 16_000),
      Uint8Array.of(3, 0, 1, 0x37),
      Uint8Array.of(0, 0, 0),
      Uint8Array.of(0xff, 0, 1, 4),
    ]);
    expect(parseAll([bytes])).toEqual([
      { type: 'id', legId: ID },
      { type: 'sound', sampleRateHz: 8_000, samples: Float32Array.of(0, 0.5, -1) },
      { type: 'sound', sampleRateHz: 16_000, samples: Float32Array.of(0.25) },
      { type: 'digit', digit: '7' },
      { type: 'hang-up' },
      { type: 'error' },
    ]);
  });

  it('finds the same messages however the bytes are cut', () => {
    const sound = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 700 });
    const message = fc.oneof(
      fc.tuple(sound, fc.constantFrom(8_000, 16_000)).map(([samples, rate]) =>
        audioSocketSound(
          Float32Array.from(samples, (s) => s / 32_768),
          rate,
        ),
      ),
      fc.constantFrom('0', '9', '*', '#', 'A').map((digit) => Uint8Array.of(3, 0, 1, digit.charCodeAt(0))),
      // Kinds of a later Asterisk are stepped over.
      fc
        .uint8Array({ maxLength: 300 })
        .map((payload) => Buffer.concat([Uint8Array.of(0x44, payload.length >> 8, payload.length & 255), payload])),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 40 }), (messages, cuts) => {
        const bytes = Buffer.concat([idMessage, ...messages]);
        expect(parseAll(chunked(bytes, cuts))).toEqual(parseAll([bytes]));
      }),
    );
  });

  it('takes any bytes without failing, and holds no more than one message of them', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 20 }), (pieces) => {
        const messages = parseAll(pieces);
        const broken = messages.findIndex(({ type }) => type === 'broken');
        // Out of step, nothing that follows is believed.
        expect(broken < 0 || broken === messages.length - 1).toBe(true);
      }),
    );
  });

  it.each([
    ['a length that no sound has', Uint8Array.of(0x10, 0xff, 0xff)],
    ['an id that is too short', Uint8Array.of(0x01, 0, 2, 1, 2)],
  ])('gives up at %s', (_what, bytes) => {
    const parser = createAudioSocketParser();
    expect(parser.push(bytes)).toMatchObject([{ type: 'broken' }]);
    expect(parser.push(idMessage)).toEqual([]);
  });

  it('leaves out digits that no telephone has', () => {
    expect(parseAll([Uint8Array.of(3, 0, 1, 0x3c), Uint8Array.of(3, 0, 2, 0x31, 0x32)])).toEqual([]);
  });
});

describe('audioSocketSound', () => {
  it('clips what is too loud instead of turning it round', () => {
    const [message] = parseAll([audioSocketSound(Float32Array.of(1.5, -1.5), 8_000)]);
    expect(message).toEqual({ type: 'sound', sampleRateHz: 8_000, samples: Float32Array.of(32_767 / 32_768, -1) });
  });
});
