import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { draftPersona } from '../../../../src-main/modules/characters/persona-draft.ts';
import { personaFromWords } from '../../../../src-main/modules/characters/persona-words.ts';
import type { PersonaDraft } from '../../../../src-preload/contract/index.ts';
import { createRecordingLog } from '../../../doubles/recording-log.ts';
import { createScriptedLanguageModel } from '../../../doubles/scripted-language-model.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

const WORDS = 'A retired sea captain, gruff and kind. Pauses often.';

async function draft(answer: string, more: { parameterCount?: number; name?: string; language?: 'en' | 'de'; words?: string } = {}) {
  const clock = createVirtualClock();
  const model = createScriptedLanguageModel({ clock, answers: [answer], parameterCount: more.parameterCount ?? 8e9 });
  const request = { words: more.words ?? WORDS, name: more.name ?? '', language: more.language ?? 'en' };
  const drafted = draftPersona({ model, clock, log: createRecordingLog() }, request);
  await clock.advance(60_000);
  return { draft: await drafted, asked: model.generations };
}

const PLAIN: PersonaDraft = {
  name: 'New',
  description: WORDS,
  style: 'realistic',
  systemPrompt:
    'You are New, and you talk with your owner on their own computer. This is how you are described: A retired sea captain, gruff and kind. Pauses often. Stay in character, answer correctly and briefly, and say so when you do not know something.',
  personality: {
    traits: ['retired sea captain', 'gruff', 'kind'],
    speechPatterns: [{ kind: 'pauses', amount: 0.5, description: 'Pauses often' }],
  },
};

describe('draftPersona', () => {
  it('takes over what a model wrote, whatever it decorated it with', async () => {
    const { draft: written } = await draft(
      'Sure! Here you go:\n**NAME:** "Barnaby"\n- DESCRIPTION: He has seen every storm.\n3. PROMPT: You are Barnaby, an old captain. You grumble first. You help then.\nTraits: gruff, kind, salty\nSTYLE: stylized',
    );
    expect(written).toEqual({
      name: 'Barnaby',
      description: 'He has seen every storm.',
      style: 'stylized',
      systemPrompt: 'You are Barnaby, an old captain. You grumble first. You help then.',
      personality: { traits: ['gruff', 'kind', 'salty'], speechPatterns: PLAIN.personality.speechPatterns },
    });
  });

  it("keeps the owner's own name, and a prompt that forgets it gives way", async () => {
    const { draft: written } = await draft('NAME: Barnaby\nPROMPT: You are Barnaby.', { name: 'Ahab' });
    expect([written.name, written.systemPrompt.startsWith('You are Ahab,')]).toEqual(['Ahab', true]);
  });

  it.each([
    ['nothing', ''],
    ['chatter', 'I am sorry, as a language model I cannot do that. '.repeat(40)],
    [
      'the form',
      'NAME: a first name\nDESCRIPTION: one sentence about the character\nPROMPT: three sentences to the character\nTRAITS: \nSTYLE: none',
    ],
    ['one endless line', `NAME: ${'x'.repeat(5000)}`],
  ])('makes a persona of the words alone when the model answers %s', async (_what, answer) => {
    expect((await draft(answer)).draft).toEqual(PLAIN);
  });

  it('does not ask a model that is too small to invent anything', async () => {
    const { draft: written, asked } = await draft('NAME: Junk', { parameterCount: 135e6 });
    expect([written, asked]).toEqual([PLAIN, []]);
  });

  it('does without a model that fails or never ends', async () => {
    const clock = createVirtualClock();
    const failing = createScriptedLanguageModel({ clock, answers: [''], parameterCount: 8e9 });
    failing.generate = () => Promise.reject(new AppError('language.not-ready', 'There is no model.'));
    const endless = createScriptedLanguageModel({ clock, answers: ['word '.repeat(100_000)], parameterCount: 8e9 });
    const request = { words: WORDS, name: '', language: 'en' as const };
    const drafts = [failing, endless].map((model) => draftPersona({ model, clock, log: createRecordingLog() }, request));
    await clock.advance(40_000);
    expect(await Promise.all(drafts)).toEqual([PLAIN, PLAIN]);
  });

  it('asks in German for a German persona', async () => {
    const { draft: written, asked } = await draft('', { language: 'de', words: 'Eine ruhige Bibliothekarin namens Olga, spricht leise' });
    expect(asked[0]?.messages[0]?.text).toContain('Antworte mit genau fünf Zeilen');
    expect([written.name, written.systemPrompt.startsWith('Du bist Olga, ')]).toEqual(['Olga', true]);
  });
});

describe('personaFromWords', () => {
  it.each([
    ['An anime girl with pink hair', 'anime'],
    ['a neon hacker from 2089', 'cyberpunk'],
    ['eine gezeichnete Hexe', 'stylized'],
    ['a retro stewardess', 'stylized'],
    ['my grandmother', 'realistic'],
  ])('guesses the style of "%s"', (words, style) => {
    expect(personaFromWords({ words, name: 'X', language: 'en' }).style).toBe(style);
  });

  it.each([
    ['Stutters like an 80s TV host', 'stutter'],
    ['er stottert ein wenig', 'stutter'],
    ['macht bedächtige Pausen', 'pauses'],
    ['glitches now and then', 'glitch'],
    ['a Southern drawl', 'drawl'],
    ['wiederholt sich gern', 'repeats'],
  ])('hears a habit in "%s"', (words, kind) => {
    expect(personaFromWords({ words, name: 'X', language: 'en' }).personality.speechPatterns).toMatchObject([{ kind, description: words }]);
  });

  it('finds no habit in a plain description, and bears an empty one', () => {
    expect(personaFromWords({ words: 'A friendly neighbour', name: 'X', language: 'en' }).personality).toEqual({
      traits: ['friendly neighbour'],
      speechPatterns: [],
    });
    expect(personaFromWords({ words: '', name: 'Ada', language: 'en' })).toEqual({
      style: 'realistic',
      systemPrompt:
        'You are Ada, and you talk with your owner on their own computer. Stay in character, answer correctly and briefly, and say so when you do not know something.',
      sample: 'Hello, I am Ada. It is good to see you.',
      personality: { traits: [], speechPatterns: [] },
      emotion: 'neutral',
    });
  });

  it.each([
    ['fast and energetic', 'energetic'],
    ['eine ruhige Stimme', 'calm'],
    ['ordinary', 'neutral'],
  ])('takes the emotion of the voice from "%s"', (words, emotion) => {
    expect(personaFromWords({ words, name: 'X', language: 'de' }).emotion).toBe(emotion);
  });
});
