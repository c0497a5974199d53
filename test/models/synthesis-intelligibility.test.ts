import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpeechStyle } from '../../src-main/inference/contracts/index.ts';
import { findFundamental } from '../../src-main/inference/pitch/fundamental.ts';
import { openStretchLibrary } from '../../src-main/inference/pitch/stretch-library.ts';
import { createVoiceShifter } from '../../src-main/inference/pitch/voice-shifter.ts';
import { joinSamples, resample } from '../../src-main/platform/audio/index.ts';
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

const PLAIN: SpeechStyle = { pitch: 0, formant: 0, emotion: 'neutral', pauses: 1, drawl: 0 };
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

  it.each([
    ['four semitones higher with a smaller throat', { pitch: 4, formant: 2 }],
    ['four semitones lower', { pitch: -4 }],
    ['energetic', { emotion: 'energetic' as const }],
    ['calm', { emotion: 'calm' as const }],
  ])('is understood when it is %s, too', async (_name, change) => {
    const recognizer = openRecognizer();
    let [wrong, count] = [0, 0];
    for (const sentence of SENTENCES.slice(0, 6)) {
      const { samples, spoken } = await bench.say(sentence, { style: { ...PLAIN, ...change } });
      const stream = recognizer.createStream();
      stream.acceptWaveform({ sampleRate: 16_000, samples: resample(samples, spoken.sampleRateHz, 16_000) });
      recognizer.decode(stream);
      wrong += wordErrors(wordsOf(sentence), wordsOf(recognizer.getResult(stream).text));
      count += wordsOf(sentence).length;
    }
    expect(wrong / count).toBeLessThan(0.15);
  });

  it.each([4, -4])('is moved by %i semitones, place by place', async (pitch) => {
    const { samples, spoken } = await bench.say(SENTENCES.slice(0, 3).join(' '));
    const shifter = createVoiceShifter(await openStretchLibrary(), spoken.sampleRateHz, { pitch, formant: 0, range: 1 });
    const moved = joinSamples([shifter.push(samples), shifter.flush()]);
    const window = Math.round(spoken.sampleRateHz * 0.04);
    const errors: number[] = [];
    for (let at = 0; at + window < samples.length; at += window >> 1) {
      const [before, after] = [samples, moved].map((sound) => findFundamental(sound.subarray(at, at + window), spoken.sampleRateHz));
      if (!before || !after || before.clarity < 0.85 || after.clarity < 0.7) continue;
      const error = 12 * Math.log2(after.hz / before.hz) - pitch;
      // A voice without its lowest partial sounds like its octave to a correlation, not to an ear.
      errors.push(Math.abs(error - 12 * Math.round(error / 12)));
    }
    expect(errors.length).toBeGreaterThan(60);
    expect(errors.filter((error) => error < 0.5).length / errors.length).toBeGreaterThan(0.8);
  });
});
