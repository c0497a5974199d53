import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav, encodeWav, openWavFile, readWavFile, writeWavFile } from '../../../../src-main/platform/audio/index.ts';
import { makeWav } from '../../../doubles/make-wav.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wav-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bytesOf = (array: Int16Array | Int32Array | Float32Array): Uint8Array => new Uint8Array(array.buffer);

describe('decodeWav', () => {
  it.each([
    ['8 bit', { bits: 8, data: Uint8Array.of(0, 128, 192) }],
    ['16 bit', { bits: 16, data: bytesOf(Int16Array.of(-32_768, 0, 16_384)) }],
    ['24 bit', { bits: 24, data: Uint8Array.of(0, 0, 0x80, 0, 0, 0, 0, 0, 0x40) }],
    ['32 bit', { bits: 32, data: bytesOf(Int32Array.of(-2_147_483_648, 0, 1_073_741_824)) }],
    ['float', { code: 3, bits: 32, data: bytesOf(Float32Array.of(-1, 0, 0.5)) }],
    ['extensible 16 bit', { extensible: true, data: bytesOf(Int16Array.of(-32_768, 0, 16_384)) }],
    ['extensible float', { extensible: true, code: 3, bits: 32, data: bytesOf(Float32Array.of(-1, 0, 0.5)) }],
  ])('reads %s', (_name, recipe) => {
    expect(decodeWav(makeWav(recipe))).toEqual({ samples: Float32Array.of(-1, 0, 0.5), sampleRateHz: 16_000 });
  });

  it('averages the channels and keeps the sample rate', () => {
    const data = bytesOf(Int16Array.of(16_384, 0, -16_384, -16_384));
    expect(decodeWav(makeWav({ channels: 2, rate: 44_100, data }))).toEqual({ samples: Float32Array.of(0.25, -0.5), sampleRateHz: 44_100 });
  });

  it('turns NaN and infinity into silence', () => {
    const data = bytesOf(Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 0.5));
    expect(decodeWav(makeWav({ code: 3, bits: 32, data })).samples).toEqual(Float32Array.of(0, 0, 0.5));
  });

  it('steps over other chunks, odd ones included', () => {
    const data = bytesOf(Int16Array.of(16_384));
    expect(decodeWav(makeWav({ data, extraChunk: { name: 'LIST', bytes: 7 } })).samples).toEqual(Float32Array.of(0.5));
  });

  it.each([0, 0xffff_ffff, 5_000])('reads to the end of the file when the header declares %i bytes of samples', (declaredDataBytes) => {
    const data = bytesOf(Int16Array.of(16_384, 8_192));
    expect(decodeWav(makeWav({ data, declaredDataBytes })).samples).toEqual(Float32Array.of(0.5, 0.25));
  });

  it.each([
    ['audio.empty', new Uint8Array(0)],
    ['audio.empty', makeWav({ data: new Uint8Array(0) })],
    ['audio.empty', makeWav({ data: new Uint8Array(1) })],
    ['audio.not-wav', new TextEncoder().encode('This is a text file, not a sound.')],
    ['audio.not-wav', makeWav({ data: bytesOf(Int16Array.of(1, 2)) }).subarray(0, 30)],
    ['audio.not-wav', makeWav({ data: bytesOf(Int16Array.of(1, 2)) }).subarray(0, 36)],
    ['audio.unsupported', makeWav({ code: 7, bits: 8, data: new Uint8Array(4) })],
    ['audio.unsupported', makeWav({ bits: 12, data: new Uint8Array(4) })],
    ['audio.unsupported', makeWav({ channels: 0, data: new Uint8Array(4) })],
    ['audio.unsupported', makeWav({ rate: 0, data: new Uint8Array(4) })],
  ])('refuses with %s', (code, bytes) => {
    expect(() => decodeWav(bytes)).toThrow(expect.objectContaining({ code }));
  });

  it('either decodes or refuses with one of its codes, whatever the bytes are', () => {
    const good = makeWav({ data: bytesOf(Int16Array.of(1, 2, 3, 4)) });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }), fc.nat(good.length), (changes, length) => {
        const bytes = Uint8Array.from(good.subarray(0, length));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        try {
          expect(decodeWav(bytes).samples.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^audio\.(empty|not-wav|unsupported)$/) });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('openWavFile', () => {
  it('reads ten minutes of stereo in blocks that add up to the file', async () => {
    const path = join(folder, 'long.wav');
    const frames = 600 * 8_000;
    await writeFile(path, makeWav({ channels: 2, rate: 8_000, data: bytesOf(new Int16Array(frames * 2).fill(8_192)) }));
    const file = await openWavFile(path);
    expect(file.durationMs).toBe(600_000);
    let total = 0;
    for await (const block of file.blocks(10_000)) {
      expect(block.length).toBeLessThanOrEqual(10_000);
      total += block.length;
      expect(block[block.length - 1]).toBe(0.25);
    }
    expect(total).toBe(frames);
  });

  it('finds the samples behind a chunk larger than the first read', async () => {
    const path = join(folder, 'late.wav');
    await writeFile(path, makeWav({ data: bytesOf(Int16Array.of(16_384)), extraChunk: { name: 'LIST', bytes: 9_000 } }));
    expect((await readWavFile(path)).samples).toEqual(Float32Array.of(0.5));
  });

  it('closes the file when reading stops early', async () => {
    const path = join(folder, 'early.wav');
    await writeFile(path, makeWav({ data: bytesOf(new Int16Array(1_000)) }));
    const file = await openWavFile(path);
    for await (const block of file.blocks(10)) if (block.length > 0) break;
    await expect(file.blocks().next()).rejects.toThrow();
  });

  it.each([
    ['audio.not-found', 'missing.wav', undefined],
    ['audio.empty', 'empty.wav', new Uint8Array(0)],
    ['audio.not-wav', 'text.wav', new TextEncoder().encode('hello, this is text')],
    ['audio.not-wav', '.', undefined],
  ])('refuses with %s and names the repair', async (code, name, content) => {
    const path = join(folder, name);
    if (content !== undefined) await writeFile(path, content);
    await expect(openWavFile(path)).rejects.toMatchObject({ code, message: expect.stringMatching(/check|record|convert|name a/) });
  });
});

describe('encodeWav', () => {
  it('is read back within half a step of 16 bit, clipped to full scale', () => {
    const sound = { samples: Float32Array.of(0, 0.1234, -0.9, 1.5, -2, Number.NaN), sampleRateHz: 24_000 };
    const back = decodeWav(encodeWav(sound));
    expect(back.sampleRateHz).toBe(24_000);
    const expected = [0, 0.1234, -0.9, 1, -1, 0];
    for (const [index, value] of expected.entries()) expect(Math.abs((back.samples[index] ?? 9) - value)).toBeLessThan(1 / 16_000);
  });
});

describe('writeWavFile', () => {
  it('leaves nothing behind when it cannot write', async () => {
    const target = join(folder, 'no-such-folder', 'a.wav');
    const before = await readdir(folder);
    await expect(writeWavFile(target, { samples: new Float32Array(4), sampleRateHz: 16_000 })).rejects.toThrow();
    expect(await readdir(folder)).toEqual(before);
  });

  it('writes a file that reads back', async () => {
    const path = join(folder, 'out.wav');
    await writeWavFile(path, { samples: Float32Array.of(0, 0.5, -0.5), sampleRateHz: 22_050 });
    expect((await readWavFile(path)).samples.length).toBe(3);
  });
});
