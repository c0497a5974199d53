import { describe, expect, it } from 'vitest';
import { createTranscriber } from '../../../../src-main/inference/recognition/transcriber.ts';
import { createScriptedEngine } from '../../../doubles/scripted-hearing.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const heard = (): string => 'heard';
const sound = (samples: number): Float32Array => new Float32Array(samples);

function setUp() {
  const clock = createVirtualClock();
  const order: string[] = [];
  const engine = (name: string, languages: string[], detects: boolean, decodeMs = 100) =>
    createScriptedEngine({
      clock,
      languages,
      decodeMs,
      text: ({ samples }) => {
        order.push(`${name} begins ${samples.length}`);
        return samples.length === 13 ? new Error('bad luck') : ` ${name} heard ${samples.length}  `;
      },
      ...(detects ? { detect: () => 'de' } : {}),
    });
  const english = engine('english', ['en'], false);
  const all = engine('all', ['en', 'de', 'fr'], true, 300);
  return { clock, order, english, all, transcriber: createTranscriber([english, all]) };
}

describe('createTranscriber', () => {
  it('gives each language to the first engine that hears it, and cleans what it says', async () => {
    const { clock, transcriber } = setUp();
    const texts = Promise.all([transcriber.transcribe(sound(1), 'en'), transcriber.transcribe(sound(2), 'de')]);
    await clock.advance(1_000);
    expect(await texts).toEqual([
      { text: 'english heard 1', language: 'en' },
      { text: 'all heard 2', language: 'de' },
    ]);
    expect(['en', 'fr', 'xx'].map(transcriber.hears)).toEqual([true, true, false]);
  });

  it('prepares the language that is spoken first, then the other engines in the background', async () => {
    const { transcriber, english, all } = setUp();
    expect([english.loaded, all.loaded]).toEqual([false, false]);
    const ready = transcriber.prepare();
    expect([english.loaded, all.loaded]).toEqual([true, false]);
    await ready;
    expect(all.loaded).toBe(true);
    const german = setUp();
    const prepared = german.transcriber.prepare('de');
    expect([german.english.loaded, german.all.loaded]).toEqual([false, true]);
    await prepared;
    expect(german.english.loaded).toBe(true);
    await expect(transcriber.prepare('xx')).rejects.toMatchObject({ code: 'recognition.unknown-language' });
  });

  it('is ready for a language although another engine cannot be loaded, and not when its own cannot', async () => {
    const clock = createVirtualClock();
    const broken = createScriptedEngine({ clock, languages: ['de'], text: heard, loadError: new Error('no memory') });
    const transcriber = createTranscriber([createScriptedEngine({ clock, text: heard }), broken]);
    await expect(transcriber.prepare('en')).resolves.toBeUndefined();
    await expect(transcriber.prepare('de')).rejects.toThrow('no memory');
  });

  it('refuses a language that no engine hears, and says how to mend it', async () => {
    const { transcriber } = setUp();
    const refusal = { code: 'recognition.unknown-language', message: expect.stringContaining('Models page'), details: { language: 'xx' } };
    expect(() => transcriber.engineFor('xx')).toThrow(expect.objectContaining(refusal));
    await expect(transcriber.transcribe(sound(1), 'xx')).rejects.toMatchObject(refusal);
  });

  it('gives an engine one piece at a time, in order, whatever it is asked', async () => {
    const { clock, order, all, transcriber } = setUp();
    void transcriber.transcribe(sound(1), 'de');
    void transcriber.detectLanguage(sound(2));
    void transcriber.transcribe(sound(3), 'fr');
    expect(transcriber.isBusy('de')).toBe(true);
    expect(transcriber.isBusy('en')).toBe(false);
    await clock.advance(899);
    expect(transcriber.isBusy('de')).toBe(true);
    await clock.advance(1);
    expect([transcriber.isBusy('de'), all.mostAtOnce, order]).toEqual([false, 1, ['all begins 1', 'all begins 3']]);
  });

  it('goes on after a piece that failed', async () => {
    const { clock, transcriber } = setUp();
    const failed = expect(transcriber.transcribe(sound(13), 'en')).rejects.toThrow('bad luck');
    const next = transcriber.transcribe(sound(1), 'en');
    await clock.advance(1_000);
    await failed;
    expect((await next).text).toBe('english heard 1');
    expect(transcriber.isBusy('en')).toBe(false);
  });

  it('asks the engine that can tell for the language, and knows none without such an engine', async () => {
    const { clock, english, transcriber } = setUp();
    const language = transcriber.detectLanguage(sound(1));
    await clock.advance(1_000);
    expect(await language).toBe('de');
    expect(await createTranscriber([english]).detectLanguage(sound(1))).toBeUndefined();
  });

  it('waits for what is being decoded before it lets the engines go', async () => {
    const { clock, transcriber } = setUp();
    const said: string[] = [];
    void transcriber.transcribe(sound(1), 'de').then(() => said.push('text'));
    void transcriber.dispose().then(() => said.push('disposed'));
    await clock.advance(299);
    expect(said).toEqual([]);
    await clock.advance(1);
    expect(said).toEqual(['text', 'disposed']);
  });
});
