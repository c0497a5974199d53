import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEspeak, type Espeak } from '../../src-main/inference/espeak/espeak-library.ts';
import { rootMeanSquare } from '../../src-main/platform/audio/index.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { espeakPaths } from './synthesis-bench.ts';

describe('openEspeak', () => {
  let espeak: Espeak;
  beforeAll(() => {
    espeak = openEspeak(espeakPaths);
  });
  afterAll(() => espeak.dispose());

  it('says that its tables are missing, without which it would go on and crash later', async () => {
    const dataDirectory = await temporaryFolder();
    expect(() => openEspeak({ library: espeakPaths.library, dataDirectory })).toThrow(
      expect.objectContaining({ code: 'synthesis.espeak-missing', details: { path: dataDirectory } }),
    );
  });

  it('speaks more than a hundred languages, with the best voice of each', () => {
    expect(espeak.languages.length).toBeGreaterThan(100);
    expect(espeak.languages).toEqual(expect.arrayContaining(['de', 'en', 'es', 'fr', 'it', 'ja', 'no', 'tr', 'uk', 'zh']));
    expect(['en', 'en-GB', 'de', 'zh', 'no', 'tlh', ''].map((language) => espeak.voiceFor(language))).toEqual([
      'en-us',
      'en-us',
      'de',
      'cmn',
      'nb',
      'en-us',
      'en-us',
    ]);
  });

  it.each([
    ['en-us', 'Hello world', 'həlˈoʊ wˈɜːld'],
    ['de', 'Guten Morgen', 'ɡˈuːtən mˈɔɾɡən'],
    ['de', 'Der Computer, bitte!', /bˈɪtə$/],
  ])('knows how %s says %j', (voice, text, ipa) => {
    const spoken = espeak.phonemes(text, voice);
    if (typeof ipa === 'string') expect(spoken).toBe(ipa);
    else expect(spoken).toMatch(ipa);
    // Switches of language are no sounds.
    expect(spoken).not.toMatch(/[()]/);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['marks', '?!'],
    ['a smiley', '😀'],
    ['a script that it cannot read', 'ᚠᚢᚦ'],
    ['a long text without a full stop', 'word '.repeat(500)],
  ])('takes %s', (_name, text) => {
    expect(typeof espeak.phonemes(text, 'en-us')).toBe('string');
    expect(espeak.synthesize(text, { voice: 'en-us', wordsPerMinute: 165 }).samples.every(Number.isFinite)).toBe(true);
  });

  it('makes sound with events in order and within it, a word for each word', () => {
    const { samples, events } = espeak.synthesize('Guten Morgen, Herr Nachbar.', { voice: 'de', wordsPerMinute: 165 });
    expect(rootMeanSquare(samples)).toBeGreaterThan(0.03);
    expect(samples.length / espeak.sampleRateHz).toBeGreaterThan(1);
    const positions = events.map(({ sample }) => sample);
    expect(positions).toEqual(positions.toSorted((left, right) => left - right));
    expect(positions.at(-1)).toBeLessThanOrEqual(samples.length);
    expect(events.flatMap((event) => (event.type === 'word' ? [event.textPosition] : []))).toEqual([0, 6, 14, 19]);
  });

  it('takes as long for the same words after other voices, speeds and texts', () => {
    const say = (): number => espeak.synthesize('Guten Tag.', { voice: 'de', wordsPerMinute: 165 }).samples.length;
    const first = say();
    espeak.synthesize('Good day.', { voice: 'en-us', wordsPerMinute: 400 });
    espeak.phonemes('Bonjour', 'fr-fr');
    expect(say() / first).toBeCloseTo(1, 2);
  });

  it('is not used any more once it is closed, and may be opened again', () => {
    espeak.dispose();
    espeak.dispose();
    expect(() => espeak.phonemes('hello', 'en-us')).toThrow('closed');
    espeak = openEspeak(espeakPaths);
    expect(espeak.phonemes('Hello world', 'en-us')).toBe('həlˈoʊ wˈɜːld');
  });
});
