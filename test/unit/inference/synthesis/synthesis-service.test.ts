import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createDeferred } from '../../../../src-main/base/deferred.ts';
import type { SpeechStyle, SynthesisModels } from '../../../../src-main/inference/contracts/index.ts';
import { createSynthesisService } from '../../../../src-main/inference/synthesis/synthesis-service.ts';
import { openStretchLibrary } from '../../../../src-main/inference/pitch/stretch-library.ts';
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

/** Two sentences that are rendered, stopped within the first. */
async function renderingFirst() {
  const reached = createDeferred<void>();
  const gate = createDeferred<void>();
  const world = await setUp({
    beforeWord(word) {
      if (word !== 'First') return Promise.resolve();
      reached.resolve();
      return gate.promise;
    },
  });
  const controller = new AbortController();
  const params = { text: 'First. Second.', language: 'en', speed: 1 };
  const outcome = world.service.render(params, controller.signal).catch((error: unknown) => error);
  await reached.promise;
  return { ...world, controller, outcome, gate };
}

/** A voice on a server that fails as told, and one of this machine. */
async function withServer(failure: (text: string) => Error | undefined) {
  const server = createScriptedVoice({ info: { id: 'voice-server', engine: 'server' }, error: failure });
  const local = createScriptedVoice();
  const service = createSynthesisService({
    clock: createVirtualClock(),
    openVoices: () =>
      Promise.resolve({
        list: () => [server.info, local.info],
        problems: () => [],
        find: (_language, wanted) => Promise.resolve(wanted?.butNot === 'voice-server' ? local : server),
        dispose: () => undefined,
      }),
  });
  await service.load(MODELS);
  const port = createListeningPort();
  service.attachPort('s', port);
  const params = { sessionId: 's', utteranceId: 'u', segmentIndex: 0, text: 'One. Two.', language: 'en', speed: 1 };
  return { server, local, port, speak: () => service.speak(params, new AbortController().signal) };
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

  it('tells what the mouth does before each piece of sound, on the clock of the segment', async () => {
    const { speak, port } = await setUp({ announces: true });
    await speak('One two. Three!');
    const messages = port.messages.filter((message) => message.type === 'speech.timing' || (message.type === 'speech' && !message.last));
    expect(messages[0]?.type).toBe('speech.timing');
    const told = port.messages.flatMap((message) => (message.type === 'speech.timing' ? message.phonemes : []));
    expect(told.map(({ symbol, startMs, durationMs }) => [symbol, startMs, durationMs])).toEqual([
      ['_', 0, 8],
      ['O', 8, 100],
      ['t', 108, 100],
      ['_', 208, 260],
      ['_', 468, 8],
      ['T', 476, 100],
      ['!', 576, 260],
    ]);
    let sentMs = 0;
    let toldMs = 0;
    for (const message of port.messages) {
      if (message.type === 'speech') sentMs += message.samples.length / 16;
      if (message.type === 'speech.timing') {
        // Only the silence that ends a sentence is told when it is there.
        expect(message.phonemes.every(({ symbol, startMs }) => startMs >= sentMs || /[_!]/u.test(symbol))).toBe(true);
        expect(message.phonemes[0]?.startMs).toBeGreaterThanOrEqual(toldMs);
        toldMs = Math.max(...message.phonemes.map(({ startMs, durationMs }) => startMs + durationMs));
      }
    }
  });

  it('speaks into memory in turn with what is spoken aloud', async () => {
    const { service, speak, port } = await setUp({ announces: true });
    const [, rendered] = await Promise.all([
      speak('One.'),
      service.render({ text: 'Two three.', language: 'en', speed: 1 }, new AbortController().signal),
    ]);
    expect(rendered).toMatchObject({ sampleRateHz: 16_000, emotion: 'neutral' });
    expect(rendered.samples.length).toBe(16 * (8 + 200 + 260));
    expect(rendered.phonemes.map(({ symbol, startMs }) => [symbol, startMs])).toEqual([
      ['_', 0],
      ['T', 8],
      ['t', 108],
      ['_', 208],
    ]);
    expect(port.speech().every(({ utteranceId }) => utteranceId === 'u')).toBe(true);
  });

  it('lets what is spoken aloud go between two sentences that are rendered', async () => {
    const reached = createDeferred<void>();
    const gate = createDeferred<void>();
    const { service, speak, voice } = await setUp({
      beforeWord(word) {
        if (word !== 'First') return Promise.resolve();
        reached.resolve();
        return gate.promise;
      },
    });
    const rendered = service.render({ text: 'First. Second. Third.', language: 'en', speed: 1 }, new AbortController().signal);
    await reached.promise;
    const spoken = speak('Live one. Live two.');
    gate.resolve();
    await Promise.all([rendered, spoken]);
    expect(voice.said.map(({ text }) => text)).toEqual(['First.', 'Live one.', 'Live two.', 'Second.', 'Third.']);
  });

  it('stops rendering when nobody wants it any more, when other voices come, and when it is closed', async () => {
    const cancelled = await renderingFirst();
    cancelled.controller.abort();
    cancelled.gate.resolve();
    expect(await cancelled.outcome).toMatchObject({ name: 'AbortError' });
    const replaced = await renderingFirst();
    const loaded = replaced.service.load({ ...MODELS, threads: 2 });
    replaced.gate.resolve();
    await loaded;
    expect(await replaced.outcome).toMatchObject({ code: 'synthesis.not-loaded' });
    const closed = await renderingFirst();
    const disposed = closed.service.dispose();
    closed.gate.resolve();
    await disposed;
    expect(await closed.outcome).toMatchObject({ code: 'request.aborted' });
    for (const { voice } of [cancelled, replaced, closed]) expect(voice.said.map(({ text }) => text)).toEqual(['First.']);
  });

  it.each([
    ['leaves the pitch of the voice that stands in to that voice, when the sample is copied', 'stand-in', true, 0],
    ['speaks at the pitch that is wished when no voice stands in', undefined, true, 1],
    ['brings the voice that stands in near the sample', 'stand-in', false, 1],
  ])('%s', async (_name, voice, canClone, shifts) => {
    let begun = 0;
    const library = await openStretchLibrary();
    const scripted = createScriptedVoice({ info: { canClone } });
    const service = createSynthesisService({
      clock: createVirtualClock(),
      openVoices: () => Promise.resolve(voicesOf(scripted)),
      openStretch: () => {
        begun += 1;
        return Promise.resolve(library);
      },
    });
    await service.load(MODELS);
    const reference = { path: '/c/nova/voice.wav', transcript: '' };
    const style = { pitch: 4, formant: 0, emotion: 'neutral' as const, pauses: 1, drawl: 0, reference };
    const params = { text: 'One two.', language: 'en', speed: 1, style, ...(voice === undefined ? {} : { voice }) };
    await service.render(params, new AbortController().signal);
    // The first time is the rehearsal, which nobody hears.
    expect(begun).toBe(1 + shifts);
    await service.load(MODELS);
    await service.render({ text: 'One two.', language: 'en', speed: 1 }, new AbortController().signal);
    expect(begun).toBe(1 + shifts);
  });

  it('sounds as its style says: longer pauses for one who pauses, another pitch of the same length, what sticks', async () => {
    const { service } = await setUp({ announces: true });
    const style = { pitch: 0, formant: 0, emotion: 'neutral' as const, pauses: 1, drawl: 0 };
    const render = (change: Partial<SpeechStyle>) =>
      service.render(
        { text: 'One two three four five six.', language: 'en', speed: 1, style: { ...style, ...change } },
        new AbortController().signal,
      );
    const lengths = await Promise.all([
      render({}),
      render({ pauses: 2 }),
      render({ pitch: 4 }),
      render({ glitch: { amount: 1, seed: 'b' } }),
    ]).then((list) =>
      list.map(({ samples, phonemes }) => [samples.length / 16, (phonemes.at(-1)?.startMs ?? 0) + (phonemes.at(-1)?.durationMs ?? 0)]),
    );
    const plain = 8 + 600 + 260;
    expect(lengths.slice(0, 2)).toEqual([
      [plain, plain],
      [plain + 260, plain + 260],
    ]);
    // A square wave that comes out of the shifter has softer edges: the silence around it begins a few milliseconds elsewhere.
    expect(Math.abs((lengths[2]?.[0] ?? 0) - plain)).toBeLessThan(60);
    expect(lengths[3]?.[0]).toBeGreaterThan(plain + 100);
    expect(lengths[3]?.[1]).toBeCloseTo(lengths[3]?.[0] ?? 0, 0);
  });

  describe('with a speech server', () => {
    const unreachable = new AppError('synthesis.server-unreachable', 'Start it.', { details: { where: '127.0.0.1:1' } });

    it('lets a voice of this machine say what the server could not, and tells why', async () => {
      const { speak, local } = await withServer(() => unreachable);
      const { problem, words } = await speak();
      expect(problem).toEqual({ code: 'synthesis.server-unreachable', message: 'Start it.', details: { where: '127.0.0.1:1' } });
      expect([words.length, local.said.map(({ text }) => text)]).toEqual([2, ['One.', 'Two.']]);
    });

    it('says nothing twice: a server that fails after its first sound ends the segment', async () => {
      const { speak, local } = await withServer((text) => (text === 'Two.' ? unreachable : undefined));
      await expect(speak()).rejects.toBe(unreachable);
      expect(local.said).toEqual([]);
    });
  });
});
