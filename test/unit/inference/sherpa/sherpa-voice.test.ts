import { describe, expect, it } from 'vitest';
import { loadSherpaVoice, type OfflineTts } from '../../../../src-main/inference/sherpa/sherpa-voice.ts';
import { splitSentences } from '../../../../src-main/inference/synthesis/sentences.ts';
import { joinSamples } from '../../../../src-main/platform/audio/index.ts';
import { createScriptedEspeak } from '../../../doubles/scripted-espeak.ts';

const MODEL = {
  id: 'kokoro',
  name: 'Kokoro',
  languages: ['en'],
  modelConfig: { kokoro: { model: 'model.onnx' } },
  speaker: 3,
  options: { quality: 5 },
};
type Request = Parameters<OfflineTts['generateAsync']>[0];

const refuse = () => Promise.reject(new Error('bad file'));
const loud = (count: number): Float32Array => new Float32Array(count).fill(0.5);

/** A loaded voice whose engine makes the sound that the test has written. */
async function setUp(samples: Float32Array, { hasEspeak = true } = {}) {
  const requests: Request[] = [];
  const configs: Record<string, unknown>[] = [];
  const voice = await loadSherpaVoice(MODEL, {
    espeak: hasEspeak ? createScriptedEspeak({}) : undefined,
    threads: 2,
    createTts(config) {
      configs.push(config);
      return Promise.resolve({
        sampleRate: 24_000,
        generateAsync(request) {
          requests.push(request);
          return Promise.resolve({ samples });
        },
      });
    },
  });
  return {
    voice,
    requests,
    configs,
    async speak(text: string, controller = new AbortController()) {
      const [sentence] = splitSentences(text);
      if (!sentence) throw new Error('no sentence');
      const options = { language: 'en', speed: 1.5, signal: controller.signal, onSamples: () => undefined };
      return voice.speak(text, sentence, options);
    },
  };
}

describe('loadSherpaVoice', () => {
  it('passes on speaker, speed, language and the options of the family, and no command characters', async () => {
    const { speak, requests, configs } = await setUp(loud(100));
    await speak('Hi\u0001 there.');
    expect(configs).toEqual([{ model: { kokoro: { model: 'model.onnx' }, numThreads: 2, provider: 'cpu' }, maxNumSentences: 1 }]);
    expect(requests).toMatchObject([
      { text: 'Hi  there.', enableExternalBuffer: false, generationConfig: { speed: 1.5, sid: 3, extra: { quality: 5, lang: 'en' } } },
    ]);
  });

  it('spreads the sounds over what can be heard, vowels twice as long as consonants', async () => {
    const { speak } = await setUp(joinSamples([new Float32Array(100), loud(400), new Float32Array(50)]));
    expect(await speak('to')).toEqual([
      { symbol: '_', start: 0, end: 100, word: -1 },
      { symbol: 't', start: 100, end: 233, word: 0 },
      { symbol: 'o', start: 233, end: 500, word: 0 },
      { symbol: '_', start: 500, end: 550, word: -1 },
    ]);
  });

  it('covers the sound gapless and gives each word its sounds, with and without espeak', async () => {
    const samples = joinSamples([new Float32Array(500), loud(9_000), new Float32Array(300)]);
    for (const { speak } of [await setUp(samples), await setUp(samples, { hasEspeak: false })]) {
      const spans = await speak('One, two three.');
      let past = 0;
      for (const { start, end } of spans) {
        expect([start, end > start]).toEqual([past, true]);
        past = end;
      }
      expect(past).toBe(samples.length);
      expect(spans.map(({ word }) => word).filter((word) => word >= 0)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2]);
    }
  });

  it('tells one silence for a sentence that made no sound', async () => {
    const { speak } = await setUp(new Float32Array(700));
    expect(await speak('Hm.')).toEqual([{ symbol: '_', start: 0, end: 700, word: -1 }]);
  });

  it('asks the engine to stop when it is cancelled, and keeps its sound to itself then', async () => {
    const controller = new AbortController();
    const { voice, requests, speak } = await setUp(loud(100));
    await speak('Hi.', controller);
    const [first] = requests;
    expect(first?.onProgress({ samples: loud(1) })).toBe(1);
    controller.abort(new Error('cancelled'));
    expect(first?.onProgress({ samples: loud(1) })).toBe(0);
    await expect(speak('Hi.', controller)).rejects.toThrow('cancelled');
    expect(voice.info).toEqual({ id: 'kokoro', name: 'Kokoro', languages: ['en'], engine: 'sherpa' });
  });

  it('says which voice cannot be opened and how to mend it', async () => {
    await expect(loadSherpaVoice(MODEL, { espeak: undefined, threads: 1, createTts: refuse })).rejects.toMatchObject({
      code: 'synthesis.bad-model',
      message: expect.stringMatching(/"Kokoro" cannot be opened\. Delete it on the Models page/),
      details: { model: 'kokoro' },
    });
  });
});
