import { describe, expect, it } from 'vitest';
import type { EspeakEvent } from '../../../../src-main/inference/espeak/espeak-library.ts';
import { createEspeakVoice } from '../../../../src-main/inference/espeak/espeak-voice.ts';
import { splitSentences } from '../../../../src-main/inference/synthesis/sentences.ts';
import { createScriptedEspeak } from '../../../doubles/scripted-espeak.ts';

/** Speaks the first sentence of a text whose sound and events the test has written. */
async function speak(text: string, events: EspeakEvent[], { speed = 1, language = 'de' } = {}) {
  const espeak = createScriptedEspeak({ languages: ['de', 'en'], speech: () => ({ samples: new Float32Array(1_000), events }) });
  const voice = createEspeakVoice(espeak);
  const [sentence] = splitSentences(text);
  if (!sentence) throw new Error('no sentence');
  const heard: Float32Array[] = [];
  const signal = new AbortController().signal;
  const spans = await voice.speak(text, sentence, { language, speed, signal, onSamples: (samples) => void heard.push(samples) });
  return { spans, heard, requests: espeak.requests, voice };
}

const word = (sample: number, textPosition: number): EspeakEvent => ({ type: 'word', sample, textPosition });
const phoneme = (sample: number, name: string): EspeakEvent => ({ type: 'phoneme', sample, name });

describe('createEspeakVoice', () => {
  it('speaks in the voice of the language, at the speed asked for', async () => {
    const { requests, voice } = await speak('Guten Tag.', [], { speed: 2 });
    expect(requests).toEqual([{ text: 'Guten Tag.', voice: 'de', wordsPerMinute: 330 }]);
    expect(voice.info).toMatchObject({ id: 'espeak-ng', engine: 'espeak', languages: ['de', 'en'] });
  });

  it('tells the sounds from the first sample to the last, each with its word, without stress signs', async () => {
    const events = [word(100, 0), phoneme(100, 'ˈt'), phoneme(300, 'a'), word(500, 4), phoneme(500, 'ɡ'), phoneme(900, '')];
    const { spans, heard } = await speak('Tag gut.', events);
    expect(spans).toEqual([
      { symbol: '_', start: 0, end: 100, word: -1 },
      { symbol: 't', start: 100, end: 300, word: 0 },
      { symbol: 'a', start: 300, end: 500, word: 0 },
      { symbol: 'ɡ', start: 500, end: 900, word: 1 },
      { symbol: '_', start: 900, end: 1_000, word: -1 },
    ]);
    expect(heard.map(({ length }) => length)).toEqual([1_000]);
  });

  it('finds the word when the library points at the quote before it, or behind characters of two units', async () => {
    const { spans } = await speak('😀 „Tag“ gut.', [word(0, 2), phoneme(0, 't'), word(500, 8), phoneme(500, 'ɡ')]);
    expect(spans.map((span) => span.word)).toEqual([1, 2]);
  });

  it('finds words of a sentence that is not the first of its text', async () => {
    const espeak = createScriptedEspeak({
      speech: () => ({ samples: new Float32Array(100), events: [word(0, 0), phoneme(0, 'z'), word(50, 5), phoneme(50, 'd')] }),
    });
    const text = 'Erst. Zwei drei.';
    const second = splitSentences(text).at(1);
    if (!second) throw new Error('no sentence');
    const options = { language: 'de', speed: 1, signal: new AbortController().signal, onSamples: () => undefined };
    const spans = await createEspeakVoice(espeak).speak(text, second, options);
    expect(spans.map((span) => span.word)).toEqual([0, 1]);
  });

  it('leaves out sounds without length', async () => {
    const { spans } = await speak('Tag.', [word(0, 0), phoneme(0, 't'), phoneme(400, 'a'), phoneme(400, 'k')]);
    expect(spans.map(({ symbol }) => symbol)).toEqual(['t', 'k']);
  });

  it('never lets the library see what it takes for a command', async () => {
    const { requests } = await speak('Ich\u0001 sage das.', []);
    expect(requests[0]?.text).toBe('Ich  sage das.');
  });

  it('does not begin when it is cancelled', async () => {
    const espeak = createScriptedEspeak({});
    const [sentence] = splitSentences('Tag.');
    const controller = new AbortController();
    controller.abort(new Error('cancelled'));
    const options = { language: 'de', speed: 1, signal: controller.signal, onSamples: () => undefined };
    const speaking = async () => sentence && createEspeakVoice(espeak).speak('Tag.', sentence, options);
    await expect(speaking()).rejects.toThrow('cancelled');
    expect(espeak.requests).toEqual([]);
  });
});
