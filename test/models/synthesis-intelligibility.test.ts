import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resample } from '../../src-main/platform/audio/index.ts';
import type { SynthesisBench } from './synthesis-bench.ts';
import { modelsDirectory, openSynthesisBench } from './synthesis-bench.ts';

/** Everyday sentences without numbers, so that spelling cannot be mistaken for mishearing. */
const SENTENCES = [
  'The weather will be sunny tomorrow in the afternoon.',
  'Could you please open the window for a moment?',
  'She walked to the market and bought some apples.',
  'I will remind you about the meeting tonight.',
  'The train to London leaves from the second platform.',
  'He did not know what to say to his brother.',
  'My favorite color has always been dark green.',
  'They are building a new school near the river.',
  'Please turn off the lights before you leave the house.',
  'The quick brown fox jumps over the lazy dog.',
  'We should have dinner together some time next week.',
  'It is a good idea to drink a glass of water in the morning.',
  'The children were playing football in the garden.',
  'Nobody knows how old this castle really is.',
  'Thank you very much, that was a great help.',
  'The museum is closed on Mondays and on holidays.',
  'I think the answer to your question is yes.',
  'There was a small boat on the other side of the lake.',
  'Music makes long journeys much shorter.',
  'Let me know if there is anything else I can do.',
];

interface Recognizer {
  createStream(): { acceptWaveform(wave: { sampleRate: number; samples: Float32Array }): void };
  decode(stream: unknown): void;
  getResult(stream: unknown): { text: string };
}

function openRecognizer(): Recognizer {
  const folder = join(modelsDirectory, 'moonshine-tiny-en');
  const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as { OfflineRecognizer: new (config: unknown) => Recognizer };
  return new sherpa.OfflineRecognizer({
    modelConfig: {
      moonshine: { encoder: join(folder, 'encoder_model.ort'), mergedDecoder: join(folder, 'decoder_model_merged.ort') },
      tokens: join(folder, 'tokens.txt'),
      numThreads: 1,
    },
  });
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z']+/gu) ?? [];

function wordErrors(reference: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, index) => index + 1);
  row.unshift(0);
  for (const [index, word] of reference.entries()) {
    const next = [index + 1];
    for (const [column, other] of heard.entries()) {
      next.push(Math.min((row[column] ?? 0) + (word === other ? 0 : 1), (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe('the starter voice', () => {
  let bench: SynthesisBench;
  beforeAll(async () => {
    bench = await openSynthesisBench();
  });
  afterAll(() => bench.service.dispose());

  it('is understood by the starter recogniser with at most one word in ten wrong', async () => {
    const recognizer = openRecognizer();
    let errors = 0;
    let words = 0;
    for (const sentence of SENTENCES) {
      const { samples, spoken } = await bench.say(sentence);
      const stream = recognizer.createStream();
      stream.acceptWaveform({ sampleRate: 16_000, samples: resample(samples, spoken.sampleRateHz, 16_000) });
      recognizer.decode(stream);
      const reference = wordsOf(sentence);
      errors += wordErrors(reference, wordsOf(recognizer.getResult(stream).text));
      words += reference.length;
    }
    expect(errors / words).toBeLessThanOrEqual(0.1);
  });
});
