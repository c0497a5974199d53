import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createDeferred } from '../../../../src-main/base/deferred.ts';
import type { SynthesisModels } from '../../../../src-main/inference/contracts/index.ts';
import { createSynthesisService } from '../../../../src-main/inference/synthesis/synthesis-service.ts';
import type { Voices } from '../../../../src-main/inference/synthesis/voices.ts';
import { createListeningPort } from '../../../doubles/listening-port.ts';
import { createScriptedVoice, type ScriptedVoice, type ScriptedVoiceOptions } from '../../../doubles/scripted-voice.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const MODELS: SynthesisModels = { piper: [], threads: 1 };

function voicesOf(voice: ScriptedVoice): Voices {
  return { list: () => [voice.info], problems: () => [], find: () => Promise.resolve(voice), dispose: () => voice.dispose() };
}

async function setUp(options: ScriptedVoiceOptions = {}) {
  const clock = createVirtualClock();
  const voice = createScriptedVoice(options);
  const opened: SynthesisModels[] = [];
  const service = createSynthesisService({
    clock,
    openVoices(models) {
      opened.push(models);
      return Promise.resolve(voicesOf(voice));
    },
  });
  await service.load(MODELS);
  const port = createListeningPort();
  service.attachPort('s', port);
  let segments = 0;
  return {
    clock,
    voice,
    service,
    port,
    opened,
    speak(text: string, { utteranceId = 'u', speed = 1, signal = new AbortController().signal } = {}) {
      segments += 1;
      return service.speak({ sessionId: 's', utteranceId, segmentIndex: segments - 1, text, language: 'en', speed }, signal);
    },
  };
}

describe('createSynthesisService', () => {
  it('speaks a segment sentence by sentence and tells its timings on the clock of the segment', async () => {
    const { speak, voice, port } = await setUp();
    const spoken = await speak('One two. Three!');
    expect(voice.said.map(({ text }) => text)).toEqual(['One two.', 'Three!']);
    const sent = port.speech().reduce((sum, { samples }) => sum + samples.length, 0);
    expect(spoken).toMatchObject({ utteranceId: 'u', segmentIndex: 0, sampleRateHz: 16_000, durationSamples: sent });
    // 8 ms in front, two words, 260 ms of pause; then the same with one word.
    expect(spoken.words).toEqual([
      { textStart: 0, textEnd: 3, startMs: 8, endMs: 108 },
      { textStart: 4, textEnd: 7, startMs: 108, endMs: 208 },
      { textStart: 9, textEnd: 14, startMs: 476, endMs: 576 },
    ]);
    expect(sent).toBe(16 * (576 + 260));
    expect(port.speech().map(({ last }) => last)).toEqual([
      ...port
        .speech()
        .slice(1)
        .map(() => false),
      true,
    ]);
  });

  it('ends a segment without a word with an empty last piece, so that nobody waits for it', async () => {
    const { speak, port } = await setUp();
    expect(await speak(' … ')).toMatchObject({ durationSamples: 0, words: [], phonemes: [] });
    expect(port.speech()).toMatchObject([{ last: true, samples: new Float32Array(0) }]);
  });

  it('speaks segments in the order of the calls', async () => {
    const gate = createDeferred<void>();
    const { speak, port } = await setUp({ beforeWord: (word) => (word === 'First' ? gate.promise : Promise.resolve()) });
    const spoken = Promise.all([speak('First.'), speak('Second.')]);
    gate.resolve();
    await spoken;
    const order = port.speech().map(({ segmentIndex }) => segmentIndex);
    expect(order).toEqual(order.toSorted());
    expect(new Set(order)).toEqual(new Set([0, 1]));
  });

  it('says how long the first sound took, the wait for segments before it included', async () => {
    const { clock, speak } = await setUp({ beforeWord: () => new Promise((resolve) => void clock.after(50, resolve)) });
    const spoken = Promise.all([speak('One two.'), speak('Three.')]);
    await clock.advance(1_000);
    expect((await spoken).map(({ timeToFirstSampleMs }) => timeToFirstSampleMs)).toEqual([50, 150]);
  });

  it.each([
    [Number.NaN, 1],
    [0, 0.5],
    [7, 2],
    [1.3, 1.3],
  ])('takes a speed of %f for %f', async (speed, taken) => {
    const { speak, voice } = await setUp();
    await speak('Hello.', { speed });
    expect(voice.said[0]?.speed).toBe(taken);
  });

  it('shortens the pauses of a fast voice', async () => {
    const { speak } = await setUp();
    const [normal, fast] = [await speak('Hello.'), await speak('Hello.', { speed: 2 })];
    expect(normal.durationSamples - fast.durationSamples).toBe(16 * 130);
  });

  it('stops in mid-sentence when it is cancelled, and goes on with the next utterance', async () => {
    const reached = createDeferred<void>();
    const gate = createDeferred<void>();
    const { speak, service, port } = await setUp({
      beforeWord(word) {
        if (word !== 'three') return Promise.resolve();
        reached.resolve();
        return gate.promise;
      },
    });
    const cut = speak('one two three four five.');
    const next = speak('Other words.', { utteranceId: 'v' });
    await reached.promise;
    service.cancel({ utteranceId: 'u' });
    gate.resolve();
    await expect(cut).rejects.toMatchObject({ code: 'request.aborted' });
    await expect(next).resolves.toMatchObject({ utteranceId: 'v' });
    const sound = port.speech().filter(({ utteranceId }) => utteranceId === 'u');
    expect(sound.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(128 + 2 * 1_600);
    await expect(speak('more')).rejects.toMatchObject({ code: 'request.aborted' });
  });

  it('is cancelled by the signal of its call, too, before and while it speaks', async () => {
    const { speak } = await setUp();
    const controller = new AbortController();
    controller.abort();
    await expect(speak('Hello.', { signal: controller.signal })).rejects.toMatchObject({ code: 'request.aborted' });
  });

  it('stops when the page that listens is gone', async () => {
    const { speak, port } = await setUp({ beforeWord: () => Promise.resolve(port.hangUp()) });
    await expect(speak('Hello there.')).rejects.toMatchObject({ code: 'synthesis.no-port' });
  });

  it('names the voice that failed, passes clear errors on as they are, and speaks on', async () => {
    const { speak } = await setUp({
      error: (text) =>
        text === 'Bad.' ? new Error('tensor') : text === 'Gone.' ? new AppError('synthesis.bad-model', 'Gone.') : undefined,
    });
    await expect(speak('Bad.')).rejects.toMatchObject({
      code: 'synthesis.failed',
      message: expect.stringMatching(/"Scripted" could not speak.*another voice/),
      cause: expect.objectContaining({ message: 'tensor' }),
    });
    await expect(speak('Gone.')).rejects.toMatchObject({ code: 'synthesis.bad-model' });
    await expect(speak('Good.')).resolves.toMatchObject({ segmentIndex: 2 });
  });

  it('loads the same models once and lets the voices before go when others come', async () => {
    const { service, opened, voice } = await setUp();
    await service.load({ ...MODELS });
    expect([opened.length, voice.disposed]).toEqual([1, false]);
    await service.load({ ...MODELS, threads: 2 });
    expect([opened.length, voice.disposed]).toEqual([2, true]);
  });

  it('refuses to speak before it is loaded, and to load when nothing can speak', async () => {
    const problem = new AppError('synthesis.espeak-missing', 'Download it.');
    const service = createSynthesisService({
      clock: createVirtualClock(),
      openVoices: () =>
        Promise.resolve({
          list: () => [],
          problems: () => [{ code: problem.code, message: problem.message, details: {} }],
          find: () => Promise.reject(problem),
          dispose: () => undefined,
        }),
    });
    const params = { sessionId: 's', utteranceId: 'u', segmentIndex: 0, text: 'Hello.', language: 'en', speed: 1 };
    await expect(service.speak(params, new AbortController().signal)).rejects.toMatchObject({ code: 'synthesis.not-loaded' });
    await expect(service.load(MODELS)).rejects.toMatchObject({ code: 'synthesis.espeak-missing' });
  });

  it('ends what is under way when it is closed', async () => {
    const gate = createDeferred<void>();
    const { speak, service, voice } = await setUp({ beforeWord: () => gate.promise });
    const cut = expect(speak('Hello.')).rejects.toMatchObject({ code: 'request.aborted' });
    const disposed = service.dispose();
    gate.resolve();
    await cut;
    await disposed;
    expect(voice.disposed).toBe(true);
  });
});
