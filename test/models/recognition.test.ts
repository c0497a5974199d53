import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { ESPEAK_VOICE_ID } from '../../src-main/inference/espeak/espeak-voice.ts';
import { openOnnxSession } from '../../src-main/inference/onnx/onnx-session.ts';
import { createSileroVoiceActivity } from '../../src-main/inference/onnx/silero-voice-activity.ts';
import { openSmartTurn } from '../../src-main/inference/onnx/smart-turn.ts';
import { createMicrophone } from '../../src-main/modules/terminal/microphone.ts';
import { joinSamples, resample } from '../../src-main/platform/audio/index.ts';
import { createRandom, withPauses } from '../bench/audio.ts';
import { questions } from '../bench/sentences.ts';
import { wordErrors } from '../bench/statistics.ts';
import { referenceSounds } from '../doubles/reference-sounds.ts';
import { listenOptions } from '../doubles/scripted-hearing.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { createVirtualClock } from '../doubles/virtual-clock.ts';
import { openRecognitionBench, starterHearing, type RecognitionBench } from './recognition-bench.ts';
import { openSynthesisBench, type SynthesisBench } from './synthesis-bench.ts';

const FRAME = 512;
const RATE_HZ = 16_000;
const sounds = referenceSounds();
let voices: SynthesisBench;
beforeAll(async () => {
  voices = await openSynthesisBench();
});
afterAll(() => voices.service.dispose());

/** A sentence at 16 kHz, in the starter voice unless another one is asked for. */
async function say(text: string, options: { language?: string; voice?: string; speed?: number } = {}): Promise<Float32Array> {
  const { samples, spoken } = await voices.say(text, options);
  return resample(samples, spoken.sampleRateHz, RATE_HZ);
}

/** Share of wrong words, and what was heard wrong, for the message. */
function wordErrorRate(pairs: readonly { said: string; heard: string }[]): { rate: number; wrong: string[] } {
  const counts = pairs.map(({ said, heard }) => wordErrors(said, heard));
  const sum = (key: 'errors' | 'words'): number => counts.reduce((total, count) => total + count[key], 0);
  return {
    rate: sum('errors') / sum('words'),
    wrong: pairs.filter((_pair, index) => (counts[index]?.errors ?? 0) > 0).map(({ said, heard }) => `"${said}" was heard as "${heard}"`),
  };
}

/** A room in which nobody speaks: noise of about -60 dBFS. */
function room(seconds: number): Float32Array {
  const random = createRandom(7);
  return Float32Array.from({ length: seconds * RATE_HZ }, () => (random() - 0.5) * 0.0035);
}

describe('createSileroVoiceActivity', () => {
  it("gives the reference's probability for each frame of each sound, one after the other on one session", async () => {
    const session = await openOnnxSession(starterHearing.voiceActivity, 1);
    for (const { samples, voiceProbabilities } of sounds) {
      const detector = createSileroVoiceActivity(session);
      for (const [index, probability] of voiceProbabilities.entries()) {
        expect(await detector.probability(samples.subarray(index * FRAME, (index + 1) * FRAME))).toBeCloseTo(probability, 3);
      }
    }
    await session.release();
  });

  it('hears the same again after it was told to forget', async () => {
    const session = await openOnnxSession(starterHearing.voiceActivity, 1);
    const detector = createSileroVoiceActivity(session);
    const [{ samples, voiceProbabilities } = { samples: new Float32Array(0), voiceProbabilities: [] }] = sounds;
    for (let round = 0; round < 2; round += 1) {
      detector.reset();
      const heard: number[] = [];
      for (let at = 0; at + FRAME <= samples.length; at += FRAME) heard.push(await detector.probability(samples.subarray(at, at + FRAME)));
      for (const [index, probability] of voiceProbabilities.entries()) expect(heard[index]).toBeCloseTo(probability, 3);
    }
    await session.release();
  });
});

describe('openSmartTurn', () => {
  it('judges each sound as the reference does, and so tells a question from half a sentence', async () => {
    const turn = await openSmartTurn(starterHearing.turnDetector);
    const judged = new Map<string, number>();
    for (const { name, samples } of sounds) judged.set(name, await turn.completeProbability(samples));
    await turn.dispose();
    const farthest = (reference: 'completeProbability' | 'exactCompleteProbability'): number =>
      Math.max(...sounds.map((sound) => Math.abs((judged.get(sound.name) ?? NaN) - sound[reference])));
    // There are two kinds of processor. Wider than rounding: their integer layers are computed in another order, too.
    expect(Math.min(farthest('completeProbability'), farthest('exactCompleteProbability'))).toBeLessThan(0.05);
    expect(judged.get('complete')).toBeGreaterThan(0.5);
    expect(judged.get('unfinished')).toBeLessThan(0.5);
  });
});

describe('the starter recogniser of English', () => {
  let bench: RecognitionBench;
  beforeAll(async () => {
    const { whisper: _whisper, ...english } = starterHearing;
    bench = await openRecognitionBench(english);
  });

  const hear = async (samples: Float32Array): Promise<string> => (await bench.service.transcribe({ samples, language: 'en' })).text;

  it('gets at most one word in ten wrong of what the starter voice asks', async () => {
    const pairs: { said: string; heard: string }[] = [];
    for (const said of questions.slice(0, 20)) pairs.push({ said, heard: await hear(await say(said)) });
    const { rate, wrong } = wordErrorRate(pairs);
    expect(rate, wrong.join('\n')).toBeLessThanOrEqual(0.1);
  });

  it("gets at most one word in five wrong of espeak's robot", async () => {
    const pairs: { said: string; heard: string }[] = [];
    for (const said of questions) pairs.push({ said, heard: await hear(await say(said, { voice: ESPEAK_VOICE_ID })) });
    const { rate, wrong } = wordErrorRate(pairs);
    expect(rate, wrong.join('\n')).toBeLessThanOrEqual(0.2);
  });

  it('understands speech without a pause that is far longer than it can take at once', async () => {
    const said = questions.slice(0, 12);
    const parts: Float32Array[] = [];
    for (const text of said) parts.push(await say(text));
    const breathless = joinSamples(parts.map((part) => part.subarray(0, part.findLastIndex((sample) => Math.abs(sample) > 0.01) + 800)));
    expect(breathless.length).toBeGreaterThan(20 * RATE_HZ);
    const { rate, wrong } = wordErrorRate([{ said: said.join(' '), heard: await hear(breathless) }]);
    expect(rate, wrong.join('\n')).toBeLessThanOrEqual(0.15);
  });

  it('finds two sentences in a recording that is mostly silence', async () => {
    const [first = '', second = ''] = questions;
    const recording = withPauses([room(10), await say(first), room(30), await say(second), room(10)], []);
    expect(wordErrorRate([{ said: `${first} ${second}`, heard: await hear(recording) }]).rate).toBeLessThanOrEqual(0.1);
  });

  it('tells what is being said while it is said, then judges the pause and tells the whole', async () => {
    const said = 'I would like to know what the weather will be like in London tomorrow.';
    const samples = await say(said);
    const from = bench.events.length;
    const port = bench.openMicrophone(listenOptions({ partialIntervalMs: 320 }));
    const microphone = createMicrophone({ clock: systemClock, port });
    await microphone.say(joinSamples([room(0.5), samples, room(1.5)])).sent;
    await expect.poll(() => bench.events.slice(from).map(({ type }) => type), { timeout: 10_000 }).toContain('speech.end');
    microphone.dispose();
    port.close();
    const told = bench.events.slice(from);
    const partials = told.flatMap((event) => (event.type === 'transcript.partial' ? [event.text] : []));
    const types = told.map(({ type }) => type);
    expect(partials.length).toBeGreaterThanOrEqual(2);
    expect(types.indexOf('transcript.partial')).toBeLessThan(types.indexOf('speech.pause'));
    expect(partials.at(0)?.split(' ').length).toBeLessThan(partials.at(-1)?.split(' ').length ?? 0);
    const final = told.findLast((event) => event.type === 'transcript.final');
    expect(wordErrorRate([{ said, heard: final?.text ?? '' }]).rate).toBeLessThanOrEqual(0.1);
    expect(told.findLast((event) => event.type === 'turn.prediction')).toMatchObject({ revision: final?.revision });
  });
});

/** Ears for English on a virtual clock; their microphone gives its sound in blocks of `blockMs`. */
async function openEnglishEars(blockMs: number) {
  const clock = createVirtualClock();
  const { whisper: _whisper, ...english } = starterHearing;
  const bench = await openRecognitionBench(english, clock);
  const port = bench.openMicrophone(listenOptions());
  const block = (blockMs * RATE_HZ) / 1000;
  const hear = async (samples: Float32Array): Promise<void> => {
    for (let at = 0; at < samples.length; at += block) {
      port.post({ type: 'capture', samples: samples.subarray(at, at + block) });
      await clock.advance(blockMs);
    }
  };
  return { bench, hear, clock };
}

describe('the starter ears in a quiet room', () => {
  it('hear minutes of nothing, and then the first word', async () => {
    const { bench, hear } = await openEnglishEars(500);
    for (const quiet of [room(60), new Float32Array(60 * RATE_HZ)]) await hear(quiet);
    // Resolves when everything before it was heard.
    await bench.service.endSpeech({ sessionId: 'session-1' });
    expect(bench.events).toEqual([]);
    const [said = ''] = questions;
    await hear(await say(said));
    await hear(room(2));
    await bench.service.close({ sessionId: 'session-1' });
    expect(bench.events.findLast((event) => event.type === 'transcript.final')).toMatchObject({ text: said });
  });
});

describe('the starter ears when the microphone goes in mid-word', () => {
  it('hear nothing in the quiet room when it comes back', async () => {
    const { bench, hear, clock } = await openEnglishEars(20);
    const said = await say('What is the opposite of black? I would really like to know that today.');
    const from = said.findIndex((sample) => Math.abs(sample) > 0.05);
    for (let cut = 0; cut < 6; cut += 1) {
      await hear(room(1));
      await hear(said.subarray(from, from + 12_000 + cut * 1_700));
      await clock.advance(3_000);
      // Resolves when everything before it was heard.
      await bench.service.endSpeech({ sessionId: 'session-1' });
      const speeches = bench.events.filter(({ type }) => type === 'speech.start').length;
      expect(speeches).toBeGreaterThan(cut);
      await hear(room(3));
      await bench.service.endSpeech({ sessionId: 'session-1' });
      expect(bench.events.filter(({ type }) => type === 'speech.start')).toHaveLength(speeches);
    }
    await bench.service.close({ sessionId: 'session-1' });
  });
});

describe('the starter recogniser of every other language', () => {
  let bench: RecognitionBench;
  beforeAll(async () => {
    const { moonshine: _moonshine, turnDetector: _turnDetector, ...everyLanguage } = starterHearing;
    bench = await openRecognitionBench(everyLanguage);
  });

  it('names English and understands it', async () => {
    const pairs: { said: string; heard: string }[] = [];
    for (const said of questions.slice(0, 4)) {
      const { text, language } = await bench.service.transcribe({ samples: await say(said) });
      expect(language).toBe('en');
      pairs.push({ said, heard: text });
    }
    const { rate, wrong } = wordErrorRate(pairs);
    expect(rate, wrong.join('\n')).toBeLessThanOrEqual(0.1);
  });

  it('names Spanish and understands it, even from a robot', async () => {
    const said = 'Buenos días, ¿cómo está usted hoy? Quiero saber qué hora es.';
    const spoken = await bench.service.transcribe({ samples: await say(said, { language: 'es' }) });
    expect(spoken.language).toBe('es');
    expect(wordErrorRate([{ said, heard: spoken.text }]).rate).toBeLessThanOrEqual(0.3);
  });

  it('refuses a language that it does not know with a message, not with the end of the process', async () => {
    await expect(bench.service.transcribe({ samples: room(1), language: 'tlh' })).rejects.toMatchObject({
      code: 'recognition.unknown-language',
      message: expect.stringContaining('Models page'),
    });
  });
});

describe('loading the starter ears', () => {
  it.each(['encoder', 'mergedDecoder', 'tokens'] as const)(
    'says which file is damaged when the %s is cut off, and loads the whole one then',
    async (part) => {
      const whole = { voiceActivity: starterHearing.voiceActivity, moonshine: starterHearing.moonshine, threads: 1 };
      const path = join(await temporaryFolder(), 'cut-off.ort');
      const bytes = await readFile(whole.moonshine[part]);
      await writeFile(path, bytes.subarray(0, bytes.length - 100_000));
      const damaged = { ...whole, moonshine: { ...whole.moonshine, [part]: path } };
      await expect(openRecognitionBench(damaged)).rejects.toMatchObject({
        code: 'recognition.model-damaged',
        message: expect.stringContaining('cut-off.ort'),
      });
      await copyFile(whole.moonshine[part], path);
      await expect(openRecognitionBench(damaged)).resolves.toBeDefined();
    },
  );
});
