import { describe, expect, it } from 'vitest';
import { loadSherpaVoice, type OfflineTts } from '../../../../src-main/inference/sherpa/sherpa-voice.ts';
import type { SherpaVoiceModel } from '../../../../src-main/inference/contracts/index.ts';
import type { PhonemeSpan, SpeakOptions } from '../../../../src-main/inference/synthesis/voice.ts';
import { splitSentences } from '../../../../src-main/inference/synthesis/sentences.ts';
import { join } from 'node:path';
import { joinSamples, writeWavFile } from '../../../../src-main/platform/audio/index.ts';
import { createScriptedEspeak } from '../../../doubles/scripted-espeak.ts';
import { temporaryFolder } from '../../../doubles/temporary-folder.ts';
import { hissSound, VOWELS, vowelSound } from '../../../doubles/vowel-sound.ts';

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
const VOWEL = { hz: 120, durationMs: 250, sampleRateHz: 24_000 };
const loud = (count: number): Float32Array => new Float32Array(count).fill(0.5);

/** A loaded voice whose engine makes the sound that the test has written. */
async function setUp(samples: Float32Array, { hasEspeak = true, model = MODEL }: { hasEspeak?: boolean; model?: SherpaVoiceModel } = {}) {
  const requests: Request[] = [];
  const configs: Record<string, unknown>[] = [];
  const voice = await loadSherpaVoice(model, {
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
    async speak(text: string, controller = new AbortController(), more: Partial<SpeakOptions> = {}) {
      const [sentence] = splitSentences(text);
      if (!sentence) throw new Error('no sentence');
      const options = { language: 'en', speed: 1.5, signal: controller.signal, onSamples: () => undefined, ...more };
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

  it('lays the sounds over what is heard, and tells them before the sound', async () => {
    const silence = new Float32Array(24 * 100);
    const { speak } = await setUp(
      joinSamples([
        silence,
        hissSound(150, 24_000),
        vowelSound({ ...VOWEL, formants: VOWELS.a }),
        silence.subarray(0, 24 * 60),
        vowelSound({ ...VOWEL, formants: VOWELS.o }),
        silence,
      ]),
    );
    const order: string[] = [];
    let told: readonly PhonemeSpan[] = [];
    const spans = await speak('sapo', undefined, {
      onPhonemes(phonemes) {
        order.push('phonemes');
        told = phonemes;
      },
      onSamples: () => void order.push('sound'),
    });
    expect([order, told]).toEqual([['phonemes', 'sound'], spans]);
    expect(spans.map(({ symbol }) => symbol).join('')).toBe('_sapo_');
    const borders = [100, 250, 500, 560, 810];
    for (const [index, { end }] of spans.slice(0, -1).entries()) expect(Math.abs(end / 24 - (borders[index] ?? 0))).toBeLessThan(40);
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

  it("speaks like a recording where the family can: the one asked for, else the model's own", async () => {
    const folder = await temporaryFolder();
    const [own, asked] = [join(folder, 'own.wav'), join(folder, 'asked.wav')];
    await writeWavFile(own, { samples: new Float32Array(10), sampleRateHz: 24_000 });
    await writeWavFile(asked, { samples: new Float32Array(20), sampleRateHz: 16_000 });
    const model = { id: 'pocket', name: 'Pocket', languages: ['en'], modelConfig: { pocket: {} }, reference: own };
    const { speak, requests, voice } = await setUp(loud(100), { model });
    await speak('Hi.');
    await speak('Hi.', undefined, { reference: { path: asked, transcript: 'Good morning.' } });
    await speak('Hi.', undefined, { reference: { path: asked, transcript: '' } });
    expect(voice.info).toEqual({ id: 'pocket', name: 'Pocket', languages: ['en'], engine: 'sherpa', canClone: true });
    expect(
      requests.map(({ generationConfig: { referenceAudio, referenceSampleRate, referenceText } }) => [
        referenceAudio?.length,
        referenceSampleRate,
        referenceText,
      ]),
    ).toEqual([
      [10, 24_000, undefined],
      [20, 16_000, 'Good morning.'],
      [20, 16_000, undefined],
    ]);
  });

  it('says that it needs a recording, and leaves other families without one', async () => {
    const model = { id: 'pocket', name: 'Pocket', languages: ['en'], modelConfig: { pocket: {} } };
    await expect((await setUp(loud(100), { model })).speak('Hi.')).rejects.toMatchObject({ code: 'voice.no-sample' });
    const { speak, requests } = await setUp(loud(100));
    await speak('Hi.', undefined, { reference: { path: '/nowhere.wav', transcript: '' } });
    expect(requests[0]?.generationConfig).not.toHaveProperty('referenceAudio');
  });

  it('speaks slower for a drawl', async () => {
    const { speak, requests } = await setUp(loud(100));
    await speak('Hi.', undefined, { drawl: 1 });
    expect(requests[0]?.generationConfig.speed).toBeCloseTo(1.25, 6);
  });
});
