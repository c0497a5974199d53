import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { de } from '../../src-renderer/i18n/de.ts';
import { errorsDe } from '../../src-renderer/i18n/errors-de.ts';
import { en } from '../../src-renderer/i18n/en.ts';
import type { Character, Message } from '../../src-preload/contract/index.ts';
import { eventually } from './eventually.ts';
import { openSpokenHome, type SpokenApp, type SpokenHome } from './spoken-app.ts';
import { openRecogniser, tapSound, wordErrorRate, type PageEars } from './spoken-ears.ts';
import { watchNetwork, type NetworkWatch } from './spoken-network.ts';
import { openSynthesisBench } from '../models/synthesis-bench.ts';
import { resample } from '../../src-main/platform/audio/index.ts';
import { audibleFrom, audibleUntil, likeness, onsetAfterSilence, silentFrom, soundBetween, soundOf, withoutGaps } from './spoken-sound.ts';
import { createSpokenVoice } from './spoken-voice.ts';

/*
 * One owner's first day, in order: what is said in the first conversation is found after the restart. Everything is real: models, workers, SQLite,
 * Web Audio; only the microphone is a file. No process of it all may try to leave the computer.
 */
const voice = createSpokenVoice();
let recognise: (samples: Float32Array) => Promise<string>;
let home: SpokenHome;
let network: NetworkWatch;
let app: SpokenApp;
let ears: PageEars;
/** Texts of the first exchange, to be found again. */
let firstAnswer = '';

beforeAll(async () => {
  [home, recognise] = await Promise.all([openSpokenHome(), openRecogniser()]);
  network = watchNetwork(home.folder);
  app = await home.start({ switches: network.switches, env: network.env });
  ears = await tapSound(app.page);
  // The smallest of models, at its most predictable.
  await app.set('languageModel.temperature', 0);
  await app.set('talk.sounds', 'never');
});
afterAll(async () => {
  await home.dispose();
  await voice.close();
});
afterEach(() => {
  expect(app.takeFaults()).toEqual([]);
  expect(app.takeWarnings()).toEqual([]);
});

const place = (rail: { label: string }, name: string) =>
  app.page.getByRole('navigation', { name: rail.label }).getByRole('button', { name });
const captions = () => app.page.getByRole('region', { name: en.stage.captions });
const state = en.stage.state;
/** Without the time of day in it: the same words every day. */
const TALKATIVE = 'You are a helpful assistant. Tell long stories in plain words.';

describe('the first spoken question', () => {
  it('is shown while it is spoken, and answered in writing, in captions and aloud', async () => {
    await app.button(en.firstRun.start).last().click();
    await app.waitForState(state.readyHandsFree.title);
    await app.speak(await voice.say('What is the opposite of black?'));
    await captions()
      .getByText(/What is/)
      .waitFor();
    await app.waitForState(state.speaking.title);
    await eventually(() => captions().textContent()).toContain('white');
    await app.waitForState(state.readyHandsFree.title);

    const [asked, answered] = (await app.messages()) as [Message, Message];
    expect(wordErrorRate('What is the opposite of black?', asked.text)).toBeLessThanOrEqual(0.3);
    expect(answered).toMatchObject({ role: 'assistant', status: 'complete', language: 'en', heardChars: answered.text.length });
    expect(answered.text).toContain('white');
    await app.page.getByRole('log').getByText(asked.text, { exact: true }).waitFor();
    await eventually(() => app.answer().textContent()).toBe(answered.text);
    firstAnswer = answered.text;

    const [said, played] = await Promise.all([ears.said(), ears.played()]);
    console.log('HEARD', answered.text, '|', await recognise(withoutGaps(soundOf(played))));
    expect(wordErrorRate(answered.text, await recognise(withoutGaps(soundOf(played))))).toBeLessThanOrEqual(0.3);
    const answerDelayMs = audibleFrom(played, 0) - audibleUntil(said, audibleFrom(played, 0));
    // The benches measure this to the millisecond on a quiet machine; here it only has to be an answer, not a reply by post.
    expect(answerDelayMs).toBeLessThan(8000);
    console.log(`last sample of speech to first audible sample, in the window: ${Math.round(answerDelayMs)} ms`);
  });
});

describe('words over a long answer', () => {
  it('silence it at once, and the history keeps what was heard of it', async () => {
    await app.button(en.conversations.new).first().click();
    await ears.clear();
    await app.set('languageModel.systemPrompt', TALKATIVE);
    await app.speak(await voice.say('Why is it good to drink water every day?', 8000, 'Wait, please. What is the opposite of small?'));
    await app.waitForState(state.speaking.title);
    await app.page.getByText(en.chat.interrupted).waitFor();
    await eventually(async () => (await app.messages()).length).toBe(4);
    await app.waitForState(state.speaking.title);
    await app.button(en.stage.stop).first().click();

    const [, story, second] = (await app.messages()) as [Message, Message, Message];
    expect(second).toMatchObject({ role: 'user', medium: 'voice', text: expect.stringMatching(/wait|small/i) as string });
    expect(story.status).toBe('interrupted');
    expect(story.heardChars).toBeLessThan(story.text.length);
    const [said, played] = await Promise.all([ears.said(), ears.played()]);
    const interruptedAtMs = onsetAfterSilence(said, 3000);
    const silentAtMs = silentFrom(played, interruptedAtMs, 600);
    const heard = story.text.slice(0, story.heardChars ?? 0);
    expect(wordErrorRate(heard, await recognise(withoutGaps(soundBetween(played, 0, silentAtMs + 20))))).toBeLessThanOrEqual(0.3);
    expect(silentAtMs - interruptedAtMs).toBeLessThan(1500);
    console.log(`first sample of the interruption to silence, in the window: ${Math.round(silentAtMs - interruptedAtMs)} ms`);
  });
});

describe('a typed question', () => {
  it('is answered as it is written, until it is stopped', async () => {
    await app.button(en.conversations.new).first().click();
    await app.type('Tell me everything about the weather.');
    const length = async (): Promise<number> => (await app.answer().textContent())?.length ?? 0;
    await eventually(length).toBeGreaterThan(10);
    const early = await length();
    await eventually(length).toBeGreaterThan(early);
    await app.button(en.stage.stop).last().click();
    await app.page.getByText(en.chat.interrupted).waitFor();
    const stored = (await app.messages()).at(-1);
    expect(stored).toMatchObject({ role: 'assistant', status: 'interrupted', medium: 'text', heardChars: null });
    const shown = await app.answer().textContent();
    expect(shown).not.toBe('');
    await eventually(() => app.button(en.stage.stop).first().isDisabled()).toBe(true);
    expect(await app.answer().textContent()).toBe(shown);
    await app.call('settings.reset', { key: 'languageModel.systemPrompt' });
  });
});

describe('German', () => {
  it('is the language of the window from the moment that it is chosen, and of the next answer and its voice', async () => {
    await place(en.rail, en.rail.settings).click();
    await app.button(en.settings.subjects.appearance).click();
    const { title, choices } = en.settings.appearance.locale;
    await app.page.getByRole('radiogroup', { name: title }).getByRole('radio', { name: choices.de }).click();
    await app.page.getByRole('heading', { name: de.settings.title }).waitFor();
    await place(de.rail, de.rail.talk).click();
    await app.button(de.conversations.new).first().click();
    await app.button(de.chat.speakAnswer).click();
    await ears.clear();
    await app.type('Wie heißt die Hauptstadt von Deutschland?', de.chat.inputLabel);
    await app.page.getByRole('log', { name: de.chat.messages }).getByText('Wie heißt die Hauptstadt von Deutschland?').waitFor();
    await app.waitForState(de.stage.state.speaking.title, de.stage.label);
    await eventually(async () => audibleFrom(await ears.played(), 0)).toBeLessThan(Infinity);
    const played = soundOf(await ears.played());
    await app.page.keyboard.press('Escape');
    await app.page.getByText(de.chat.interrupted).waitFor();

    const [asked, answered] = (await app.messages()) as [Message, Message];
    expect([asked.language, answered.language]).toEqual(['de', 'de']);
    const bench = await openSynthesisBench();
    // The first character has a throat of her own.
    const { pitch, formant, emotion } = ((await app.call('characters.list', {}))[0] as Character).voice;
    const sameWords = async (language: string): Promise<Float32Array> => {
      const { samples, spoken } = await bench.say(answered.text, { language, style: { pitch, formant, emotion, pauses: 1, drawl: 0 } });
      return resample(samples, spoken.sampleRateHz, 16_000);
    };
    expect(likeness(played, await sameWords('de'))).toBeGreaterThan(0.9);
    expect(likeness(played, await sameWords('en'))).toBeLessThan(0.5);
    await bench.service.dispose();
    await app.call('settings.reset', { key: 'appearance.locale' });
    await app.button(en.chat.speakAnswer).click();
  });
});

describe('a second start', () => {
  it('brings the window of the first to the front and ends', async () => {
    const windowIs = (what: 'isVisible' | 'isFocused') =>
      app.electron.evaluate(({ BrowserWindow }, asked) => BrowserWindow.getAllWindows()[0]?.[asked](), what);
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    expect(await windowIs('isVisible')).toBe(false);
    expect(await home.startSecond()).toBe(0);
    await eventually(() => windowIs('isVisible')).toBe(true);
    await eventually(() => windowIs('isFocused')).toBe(true);
  });
});

describe('all of this', () => {
  it('sent nothing out of the computer, on no page and from no process', async () => {
    await place(en.rail, en.rail.models).click();
    await app.page.getByRole('heading', { name: en.models.title }).waitFor();
    await place(en.rail, en.rail.settings).click();
    const subjects = app.page.getByRole('navigation', { name: en.settings.title });
    for (const subject of Object.values(en.settings.subjects)) await subjects.getByRole('button', { name: subject }).click();
    await app.button(en.settings.doctor.run).click();
    await app.page.getByText(en.settings.doctor.ok).waitFor();
    await app.page.keyboard.press('Control+k');
    await app.page.getByRole('dialog').waitFor();
    await app.page.keyboard.press('Escape');
    // Last, the watch itself is tried, in both networks, with a host that is nowhere: it sees that, and nothing before.
    await app.electron.evaluate(async ({ session }) => {
      await fetch('http://control.invalid/').catch(() => undefined);
      const unguarded = session.fromPartition('control');
      unguarded.setSpellCheckerLanguages([]);
      await unguarded.fetch('http://control.invalid/').catch(() => undefined);
    });
    await app.close();
    expect((await network.watched()).toSorted()).toEqual(['browser', 'utility', 'utility', 'utility']);
    for (const lines of Object.values(await network.attempts())) {
      const control = lines.findIndex((line) => line.includes('control.invalid'));
      expect(control).toBeGreaterThanOrEqual(0);
      expect(lines.slice(0, control)).toEqual([]);
    }
  });
});

describe('the next start, on a computer without a microphone', () => {
  it('finds the conversations again, and goes on with one', async () => {
    await app.close();
    app = await home.start({ microphone: 'none' });
    await app.button(en.conversations.open).click();
    await app.page.getByRole('searchbox', { name: en.conversations.searchLabel }).fill('opposite of black');
    await app.page
      .getByRole('button')
      .filter({ has: app.page.locator('mark') })
      .first()
      .click();
    await eventually(() => app.answer().textContent()).toBe(firstAnswer);
    await app.type('And what is the opposite of hot?');
    await eventually(async () => (await app.messages()).length).toBe(4);
    await eventually(async () => (await app.messages()).at(-1)?.status).toBe('complete');
    expect((await app.messages())[1]?.text).toBe(firstAnswer);
  });

  it('says what is missing and that typing works', async () => {
    await app.waitForState(state.noMicrophone.title);
    await app.page.getByText(state.noMicrophone.hint).waitFor();
    await app.page.getByText('No microphone was found. Plug one in, or type your question.').waitFor();
    await app.call('app.setLocale', { locale: 'de' });
    await app.page.getByText(errorsDe['microphone.none'] ?? '').waitFor();
    await app.page.getByText(de.stage.state.noMicrophone.hint).waitFor();
  });
});
