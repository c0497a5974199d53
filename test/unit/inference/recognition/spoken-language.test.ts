import { describe, expect, it } from 'vitest';
import { createDeferred, type Deferred } from '../../../../src-main/base/deferred.ts';
import type { ListenOptions } from '../../../../src-main/inference/contracts/index.ts';
import { createSpokenLanguage } from '../../../../src-main/inference/recognition/spoken-language.ts';
import { listenOptions } from '../../../doubles/scripted-hearing.ts';

/** A language watch whose detections the test answers. */
function setUp(changes: Partial<ListenOptions> = {}) {
  let options = listenOptions({ languages: ['en', 'de', 'fr'], ...changes });
  const asked: { samples: Float32Array; answer: Deferred<string | undefined> }[] = [];
  const language = createSpokenLanguage(() => options, {
    detectLanguage(samples) {
      const answer = createDeferred<string | undefined>();
      asked.push({ samples, answer });
      return answer.promise;
    },
  });
  const speech = new Float32Array(3);
  return {
    language,
    asked,
    speech,
    set: (next: Partial<ListenOptions>) => (options = listenOptions({ languages: ['en', 'de', 'fr'], ...next })),
    /** Speech goes on long enough to be judged, and is judged to be `code`. */
    async hear(code: string | undefined) {
      language.nextSpeech();
      language.listen(() => speech, 1_300);
      asked.at(-1)?.answer.resolve(code);
      return language.settled();
    },
  };
}

describe('createSpokenLanguage', () => {
  it('takes the language that is set and never asks', async () => {
    const { language, asked, speech } = setUp({ language: 'fr' });
    language.listen(() => speech, 10_000);
    expect([language.current(), await language.settled(), asked.length]).toEqual(['fr', 'fr', 0]);
  });

  it('assumes the first language until another is heard, then keeps that one', async () => {
    const { language, hear } = setUp();
    expect(language.current()).toBe('en');
    expect(await hear('de')).toBe('de');
    language.nextSpeech();
    expect(language.current()).toBe('de');
    expect(await hear('en')).toBe('en');
  });

  it('asks once per speech, and only when there is enough sound to tell', () => {
    const { language, asked, speech } = setUp();
    language.listen(() => speech, 1_299);
    expect(asked).toHaveLength(0);
    for (let ms = 1_300; ms < 5_000; ms += 32) language.listen(() => speech, ms);
    expect(asked.map(({ samples }) => samples)).toEqual([speech]);
    language.nextSpeech();
    language.listen(() => speech, 2_000);
    expect(asked).toHaveLength(2);
  });

  it('does not ask when there is nothing to choose from', () => {
    const { language, asked, speech } = setUp({ languages: ['de'] });
    language.listen(() => speech, 5_000);
    expect([asked.length, language.current()]).toEqual([0, 'de']);
  });

  it('keeps the guess for languages that are not offered, and when nothing can tell', async () => {
    const { hear } = setUp();
    expect(await hear('de')).toBe('de');
    expect(await hear('ja')).toBe('de');
    expect(await hear(undefined)).toBe('de');
  });

  it('keeps the guess when the detection fails', async () => {
    const options = listenOptions({ languages: ['de', 'en'] });
    const language = createSpokenLanguage(() => options, { detectLanguage: () => Promise.reject(new Error('no memory')) });
    language.listen(() => new Float32Array(3), 2_000);
    expect(await language.settled()).toBe('de');
  });

  it('answers with the guess while a detection is under way, and waits when asked to', async () => {
    const { language, asked, speech } = setUp();
    language.listen(() => speech, 2_000);
    const settled = language.settled();
    expect(language.current()).toBe('en');
    asked[0]?.answer.resolve('de');
    expect(await settled).toBe('de');
  });

  it('obeys a language that is set later, and goes back to what was heard when it is set free', async () => {
    const { language, hear, set } = setUp();
    await hear('de');
    set({ language: 'fr' });
    expect(language.current()).toBe('fr');
    set({});
    expect(language.current()).toBe('de');
  });
});
