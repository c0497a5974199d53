import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPiperGraph, type PiperGraph } from '../../src-main/inference/piper/piper-graph.ts';
import { joinSamples, rootMeanSquare } from '../../src-main/platform/audio/index.ts';
import { joePaths, openSynthesisBench, type SynthesisBench } from './synthesis-bench.ts';

const total = (frames: readonly number[]): number => frames.reduce((sum, count) => sum + count, 0);

describe('loadPiperGraph', () => {
  let graph: PiperGraph;
  beforeAll(async () => {
    graph = await loadPiperGraph(await readFile(joePaths.model), 1);
  });
  afterAll(() => graph.release());

  /** "hello" as the voice's ids, framed and spaced as it was trained. */
  const ids = [1, 0, 20, 0, 59, 0, 24, 0, 120, 0, 27, 0, 100, 0, 10, 0, 2];
  const input = { ids, noiseScale: 0.667, lengthScale: 1, noiseWidth: 0.8, speaker: 0 };

  it('makes the very same sound piece by piece as at once', async () => {
    expect(graph.streams).toBe(true);
    const utterance = await graph.infer(input);
    const frames = total(utterance.frames);
    const whole = await utterance.decode(0, frames);
    expect(whole.length).toBe(frames * graph.samplesPerFrame);
    const pieces: Float32Array[] = [];
    for (let from = 0; from < frames; from += 7) pieces.push(await utterance.decode(from, Math.min(frames, from + 7)));
    const cut = joinSamples(pieces);
    expect(cut.length).toBe(whole.length);
    expect(rootMeanSquare(whole)).toBeGreaterThan(0.01);
    expect(rootMeanSquare(cut.map((sample, index) => sample - (whole[index] ?? 9)))).toBeLessThan(1e-5);
  });

  it('tells one length for each id, and longer ones for slower speech', async () => {
    const [normal, slow] = [await graph.infer({ ...input, noiseWidth: 0 }), await graph.infer({ ...input, noiseWidth: 0, lengthScale: 2 })];
    expect([normal.frames.length, slow.frames.length]).toEqual([ids.length, ids.length]);
    expect(total(slow.frames) / total(normal.frames)).toBeGreaterThan(1.6);
  });
});

describe('the starter voices', () => {
  let bench: SynthesisBench;
  beforeAll(async () => {
    bench = await openSynthesisBench();
  });
  afterAll(() => bench.service.dispose());

  it.each([
    ['Piper', 'en', 'Hello there, how are you today?', 6],
    ['espeak', 'de', 'Guten Morgen, wie geht es Ihnen heute?', 7],
  ])('%s tells sounds and words on the clock of what is heard', async (_name, language, text, wordCount) => {
    const { spoken, samples } = await bench.say(text, { language });
    expect(spoken.durationSamples).toBe(samples.length);
    const durationMs = (samples.length * 1000) / spoken.sampleRateHz;
    let past = 0;
    for (const { startMs, durationMs: length } of spoken.phonemes) {
      expect(startMs).toBeCloseTo(past, 6);
      past = startMs + length;
    }
    expect(past).toBeCloseTo(durationMs, 6);
    expect(spoken.words.map(({ textStart, textEnd }) => text.slice(textStart, textEnd))).toEqual(text.match(/\p{L}+/gu));
    expect(spoken.words).toHaveLength(wordCount);
    const levelBetween = (fromMs: number, toMs: number): number =>
      rootMeanSquare(samples.subarray((fromMs * spoken.sampleRateHz) / 1000, (toMs * spoken.sampleRateHz) / 1000));
    for (const [index, { startMs, endMs }] of spoken.words.entries()) {
      expect(startMs).toBeGreaterThanOrEqual(spoken.words[index - 1]?.endMs ?? 0);
      expect(levelBetween(startMs, endMs), `word ${index}`).toBeGreaterThan(0.01);
    }
    // Behind the last word nothing is said.
    expect(levelBetween((spoken.words.at(-1)?.endMs ?? 0) + 60, durationMs)).toBeLessThan(0.005);
  });

  it('speaks at one loudness, whoever speaks, and never above full scale', async () => {
    const levels: number[] = [];
    for (const voice of ['piper-en-us-joe', 'espeak-ng']) {
      const { samples } = await bench.say('The weather will be sunny tomorrow in the afternoon.', { voice });
      expect(samples.every((sample) => Math.abs(sample) < 1)).toBe(true);
      levels.push(20 * Math.log10(rootMeanSquare(samples)));
    }
    expect(Math.abs((levels[0] ?? 0) - (levels[1] ?? 99))).toBeLessThan(6);
  });

  it('speaks twice as fast when it is asked to', async () => {
    const text = 'The weather will be sunny tomorrow in the afternoon.';
    for (const voice of ['piper-en-us-joe', 'espeak-ng']) {
      const [normal, fast] = [await bench.say(text, { voice }), await bench.say(text, { voice, speed: 2 })];
      expect(normal.samples.length / fast.samples.length, voice).toBeGreaterThan(1.5);
    }
  });

  it('begins with a piece that outlasts the making of the second, also where a changed voice keeps sound back', async () => {
    const style = { pitch: 4, formant: 2, emotion: 'neutral' as const, pauses: 1, drawl: 0 };
    for (const options of [{}, { style }]) {
      const { pieces, spoken } = await bench.say('The opposite of black is white.', { voice: 'piper-en-us-joe', ...options });
      const [first = 0, second = 0] = pieces.map(({ samples }) => (samples.length / spoken.sampleRateHz) * 1000);
      expect(first).toBeGreaterThan(200);
      expect(second).toBeLessThan(2.5 * first);
    }
  });
});
