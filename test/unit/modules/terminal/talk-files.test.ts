import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkAnswerPath, readQuestion, writeAnswer } from '../../../../src-main/modules/terminal/index.ts';
import { rootMeanSquare } from '../../../../src-main/platform/audio/index.ts';
import { heldBytes } from '../../../doubles/held-bytes.ts';
import { makeWav, type WavRecipe } from '../../../doubles/make-wav.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';

/** A second of a 400 Hz tone at half of full scale in the width asked for, the same on every channel. */
function tone({ rate = 16_000, channels = 1, bits = 16 }: { rate?: number; channels?: number; bits?: 8 | 16 | 24 | 32 }): WavRecipe {
  const width = bits / 8;
  const data = Buffer.alloc(rate * channels * width);
  for (let frame = 0; frame < rate; frame += 1) {
    const value = Math.round(0.5 * Math.sin((2 * Math.PI * 400 * frame) / rate) * (2 ** (bits - 1) - 1));
    for (let channel = 0; channel < channels; channel += 1) {
      const at = (frame * channels + channel) * width;
      if (bits === 8) data.writeUInt8(value + 128, at);
      else data.writeIntLE(value, at, width);
    }
  }
  return { rate, channels, bits, data };
}

async function write(content: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'question.wav');
  await writeFile(path, content);
  return path;
}

describe('readQuestion', () => {
  it.each([
    ['as it is heard', {}],
    ['of 8 kHz, as a telephone has it', { rate: 8_000 }],
    ['in stereo', { channels: 2 }],
    ['of 24 bit', { bits: 24 }],
    ['of 8 bit', { bits: 8 }],
    ['of 44.1 kHz in stereo, 24 bit', { rate: 44_100, channels: 2, bits: 24 }],
    ['of 48 kHz in 6 channels, 32 bit', { rate: 48_000, channels: 6, bits: 32 }],
  ] as const)('hears a recording %s', async (_name, format) => {
    const heard = await readQuestion(await write(makeWav(tone(format))));
    expect(heard.length).toBe(16_000);
    for (let index = 1_000; index < 15_000; index += 1) {
      expect(Math.abs((heard[index] ?? 9) - 0.5 * Math.sin((2 * Math.PI * 400 * index) / 16_000))).toBeLessThan(0.01);
    }
  });

  it('hears ten minutes of stereo and holds nothing but what is heard', async () => {
    const frames = 600 * 16_000;
    const path = await write(makeWav({ channels: 2, data: new Uint8Array(new Int16Array(frames * 2).fill(8_192).buffer) }));
    const before = heldBytes();
    const heard = await readQuestion(path);
    expect(heard.length).toBe(frames);
    expect(rootMeanSquare(heard)).toBeCloseTo(0.25, 6);
    expect(heldBytes() - before).toBeLessThan(heard.byteLength + 3_000_000);
  });

  it.each([
    ['is empty', new Uint8Array(0), 'audio.empty', /empty \(0 bytes\): record it again/],
    ['holds no samples', makeWav({ data: new Uint8Array(0) }), 'audio.empty', /holds no samples: record it again/],
    ['is no WAV', Buffer.from('ID3 this is an MP3, whatever its name'), 'audio.not-wav', /not a WAV file .*: convert it to WAV/],
    ['is cut off in its header', makeWav(tone({})).subarray(0, 30), 'audio.not-wav', /cut off.*convert it to WAV/],
    [
      'is compressed',
      makeWav({ code: 7, bits: 8, data: new Uint8Array(100) }),
      'audio.unsupported',
      /encoding 7 .*: convert it to PCM 16 bit/,
    ],
  ])('says what to do when the file %s', async (_name, content, code, message) => {
    await expect(readQuestion(await write(content))).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('says which file is not there', async () => {
    const path = join(await temporaryFolder(), 'qeustion.wav');
    await expect(readQuestion(path)).rejects.toMatchObject({
      code: 'audio.not-found',
      message: expect.stringMatching(/qeustion\.wav" cannot be read: check its name/),
    });
  });
});

describe('checkAnswerPath', () => {
  it('is content with a new file and with one that may be replaced', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'old.wav'), 'x');
    await expect(checkAnswerPath(join(folder, 'new.wav'))).resolves.toBeUndefined();
    await expect(checkAnswerPath(join(folder, 'old.wav'))).resolves.toBeUndefined();
    expect(await readFile(join(folder, 'old.wav'), 'utf8')).toBe('x');
  });

  it('says before the exchange that the answer could not be kept', async () => {
    const folder = await temporaryFolder();
    const refusal = { code: 'talk.cannot-write', message: expect.stringMatching(/cannot be written to ".*": name a file in a folder/) };
    await expect(checkAnswerPath(join(folder, 'nowhere', 'answer.wav'))).rejects.toMatchObject(refusal);
    await expect(checkAnswerPath(folder)).rejects.toMatchObject(refusal);
  });
});

describe('writeAnswer', () => {
  it('writes the file, or says why not in one sentence', async () => {
    const folder = await temporaryFolder();
    await writeAnswer(join(folder, 'answer.wav'), Uint8Array.of(1, 2));
    expect(await readFile(join(folder, 'answer.wav'))).toEqual(Buffer.of(1, 2));
    await expect(writeAnswer(folder, Uint8Array.of(1))).rejects.toMatchObject({ code: 'talk.cannot-write', details: { path: folder } });
  });
});
