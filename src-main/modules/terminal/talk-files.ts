import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { INPUT_SAMPLE_RATE_HZ } from '../../inference/contracts/index.ts';
import { createResampler, openWavFile } from '../../platform/audio/index.ts';

/**
 * A WAV file of any rate, width and number of channels as the assistant hears it: 16 kHz mono. Read piece by piece, so that ten minutes of studio
 * sound take no more memory than what is heard of them. @throws AppError `audio.not-found`, `audio.not-wav`, `audio.unsupported`, `audio.empty`
 */
export async function readQuestion(path: string): Promise<Float32Array> {
  const file = await openWavFile(path);
  const { frameCount, sampleRateHz } = file.format;
  const resampler = createResampler(sampleRateHz, INPUT_SAMPLE_RATE_HZ);
  const heard = new Float32Array(Math.ceil((frameCount * INPUT_SAMPLE_RATE_HZ) / sampleRateHz));
  let length = 0;
  const take = (samples: Float32Array): void => {
    heard.set(samples, length);
    length += samples.length;
  };
  for await (const block of file.blocks()) take(resampler.push(block));
  take(resampler.flush());
  return heard.subarray(0, length);
}

/** Looks before the exchange whether its answer can be kept. @throws AppError `talk.cannot-write` */
export async function checkAnswerPath(path: string): Promise<void> {
  try {
    const existing = await stat(path).catch(() => undefined);
    if (existing?.isDirectory()) throw new Error('it is a folder');
    await access(existing ? path : dirname(resolve(path)), constants.W_OK);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** @throws AppError `talk.cannot-write` */
export async function writeAnswer(path: string, wav: Uint8Array): Promise<void> {
  try {
    await writeFile(path, wav);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, cause: unknown): AppError {
  return new AppError(
    'talk.cannot-write',
    `The answer cannot be written to "${path}": name a file in a folder that exists, is yours and has room.`,
    {
      cause,
      details: { path },
    },
  );
}
