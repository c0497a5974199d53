import { describe, expect, it } from 'vitest';
import { createAvrEngines } from '../../../../../src-main/modules/telephony/avr/own-engines.ts';
import { utterancesIn } from '../../../../../src-main/modules/telephony/avr/utterance-cutter.ts';
import { AppError } from '../../../../../src-main/base/errors.ts';
import { createScriptedLanguageModel } from '../../../../doubles/scripted-language-model.ts';
import { tone } from '../../../../doubles/tones.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

const RATE = 8_000;
const never = new AbortController().signal;
const noise = (durationMs: number): Float32Array =>
  Float32Array.from({ length: (durationMs * RATE) / 1000 }, (_value, index) => 0.0005 * Math.sin(index * 12.9898));
const speech = (durationMs: number): Float32Array => tone(300, durationMs, RATE, -25);

/** In pieces of an odd size, as a network brings them. */
async function* stream(...parts: Float32Array[]): AsyncGenerator<Float32Array> {
  for (const part of parts) for (let start = 0; start < part.length; start += 333) yield part.subarray(start, start + 333);
}

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const found: Value[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe('utterancesIn', () => {
  it('cuts at pauses, with a little from before, and takes the last words along', async () => {
    const found = await all(utterancesIn(stream(noise(1_000), speech(1_000), noise(300), speech(500), noise(1_500), speech(800))));
    expect(found.map(({ length }) => Math.round(length / RATE / 0.1) / 10)).toEqual([2.8, 1.1]);
  });

  it('takes neither a room nor a click for words, and cuts endless talk', async () => {
    expect(await all(utterancesIn(stream(noise(5_000), speech(80), noise(2_000))))).toEqual([]);
    const endless = await all(utterancesIn(stream(speech(60_000))));
    expect(endless.map(({ length }) => length / RATE)).toEqual([26, 26, 8]);
  });
});

const engines = (more: Partial<Parameters<typeof createAvrEngines>[0]> = {}) =>
  createAvrEngines({
    transcribe: async (samples) => `${Math.round(samples.length / 1_600)}`,
    model: () => {
      throw new Error('not asked');
    },
    speak: async (text) => ({ samples: new Float32Array(text.length), sampleRateHz: 22_050 }),
    language: () => 'en',
    ...more,
  });

describe('createAvrEngines', () => {
  it('hears each utterance at the rate of the recogniser', async () => {
    const texts = await all(engines().transcribe(stream(noise(500), speech(1_000), noise(1_000), speech(1_000)), never));
    expect(texts).toEqual(['20', '13']);
    const silent = engines({ transcribe: async () => '  ' });
    expect(await all(silent.transcribe(stream(speech(1_000)), never))).toEqual([]);
  });

  it('answers as the words come, with the orders of the system in front', async () => {
    const clock = createVirtualClock();
    const model = createScriptedLanguageModel({ clock, answers: ['Yes, it is open.'] });
    const answer = all(
      engines({ model: () => model }).prompt(
        [
          { role: 'user', content: 'Hi' },
          { role: 'system', content: 'Be brief.' },
          { role: 'assistant', content: 'Hello' },
          { role: 'user', content: 'Open?' },
        ],
        never,
      ),
    );
    await clock.advance(5_000);
    const pieces = await answer;
    expect([pieces.join(''), pieces.length > 1]).toEqual(['Yes, it is open.', true]);
    expect(model.generations[0]?.messages).toEqual([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hi' },
      { role: 'assistant', text: 'Hello' },
      { role: 'user', text: 'Open?' },
    ]);
    expect(model.generations[0]?.tools).toEqual([]);
  });

  it('passes on what went wrong, behind what was said', async () => {
    const clock = createVirtualClock();
    const error = new AppError('language.crashed', 'It crashed.');
    const model = createScriptedLanguageModel({ clock, answers: [{ text: 'One two three', error, failAfterTokens: 2 }] });
    const pieces: string[] = [];
    const answer = (async () => {
      for await (const piece of engines({ model: () => model }).prompt([{ role: 'user', content: 'x' }], never)) pieces.push(piece);
    })();
    const outcome = answer.catch((failure: unknown) => failure);
    await clock.advance(5_000);
    expect([await outcome, pieces.join('')]).toEqual([error, 'One two']);
  });

  it('speaks sentence by sentence, and no further when nobody listens any more', async () => {
    const spoken = await all(engines().speak('One. Two three! Four?', never));
    expect(spoken.map(({ samples }) => samples.length)).toEqual([4, 10, 5]);
    const gone = new AbortController();
    const said: number[] = [];
    for await (const { samples } of engines().speak('One. Two three! Four?', gone.signal)) {
      said.push(samples.length);
      gone.abort();
    }
    expect(said).toEqual([4]);
  });
});
