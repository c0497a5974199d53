import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { encodeWav, readWavFile, resample } from '../../src-main/platform/audio/index.ts';
import { readEnvironment } from '../../src-main/platform/config/index.ts';
import { openSynthesisBench, type SynthesisBench } from '../models/synthesis-bench.ts';
import type { Clip } from './audio.ts';

const RATE_HZ = 16_000;

/** Speaks texts with the starter voice, once: what was spoken before lies in the cache directory. */
export interface ClipMaker {
  speak(text: string): Promise<Clip>;
  /** Speaks a sentence in one breath and cuts it at its `|`, so that the voice in front of the cut sounds like one that goes on. */
  speakInParts(text: string): Promise<Float32Array[]>;
  close(): Promise<void>;
}

export function createClipMaker(): ClipMaker {
  const folder = join(readEnvironment().cacheDirectory, 'bench-clips');
  let bench: Promise<SynthesisBench> | undefined;

  const synthesize = async (text: string, path: string): Promise<Float32Array> => {
    bench ??= openSynthesisBench();
    const { samples, spoken } = await (await bench).say(text);
    const sound = { samples: resample(samples, spoken.sampleRateHz, RATE_HZ), sampleRateHz: RATE_HZ };
    await mkdir(folder, { recursive: true });
    await writeFile(path, encodeWav(sound));
    return sound.samples;
  };

  return {
    async speak(text) {
      const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
      const path = join(folder, `${name}.wav`);
      const known = await readWavFile(path).catch(() => undefined);
      return { name, text, samples: known ? known.samples : await synthesize(text, path) };
    },
    async speakInParts(text) {
      const whole = text.replace('| ', '');
      bench ??= openSynthesisBench();
      const { samples, spoken } = await (await bench).say(whole);
      const cutAt = text.indexOf('|');
      const next = spoken.words.find((word) => word.textStart >= cutAt);
      const before = spoken.words.findLast((word) => word.textEnd <= cutAt);
      if (!next || !before) throw new Error(`"${text}" has no word on one side of its mark.`);
      const cut = Math.round((((before.endMs + next.startMs) / 2) * spoken.sampleRateHz) / 1000);
      return [samples.slice(0, cut), samples.slice(cut)].map((part) => resample(part, spoken.sampleRateHz, RATE_HZ));
    },
    async close() {
      if (bench) await (await bench).service.dispose();
    },
  };
}

/** Other people's recordings: every NAME.wav with its NAME.txt in a folder. */
export async function readClips(folder: string): Promise<Clip[]> {
  const names = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.wav')).toSorted();
  if (names.length === 0) throw new Error(`There is no WAV file in ${folder}. Put pairs NAME.wav and NAME.txt there.`);
  return Promise.all(
    names.map(async (name) => {
      const sound = await readWavFile(join(folder, name));
      const text = await readFile(join(folder, `${basename(name, name.slice(-4))}.txt`), 'utf8');
      return { name, text: text.trim(), samples: resample(sound.samples, sound.sampleRateHz, RATE_HZ) };
    }),
  );
}
