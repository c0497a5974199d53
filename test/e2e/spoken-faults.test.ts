import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { de } from '../../src-renderer/i18n/de.ts';
import { en } from '../../src-renderer/i18n/en.ts';
import { errorsDe } from '../../src-renderer/i18n/errors-de.ts';
import { eventually } from './eventually.ts';
import { openSpokenHome, type SpokenApp, type SpokenHome } from './spoken-app.ts';
import { holdPlug, type MicrophonePlug } from './spoken-plug.ts';
import { createSpokenVoice } from './spoken-voice.ts';

/* What breaks while somebody talks: each time the owner is told, in either language, and the next question is answered as if nothing had been. */
const voice = createSpokenVoice();
const state = en.stage.state;
let home: SpokenHome;
let app: SpokenApp;
let plug: MicrophonePlug;

beforeAll(async () => {
  home = await openSpokenHome();
  app = await home.start();
  plug = await holdPlug(app.page);
  await app.set('languageModel.temperature', 0);
  await app.set('languageModel.systemPrompt', 'You are a helpful assistant. Tell long stories in plain words.');
  await app.set('talk.sounds', 'never');
  await app.button(en.firstRun.start).last().click();
  await app.waitForState(state.readyHandsFree.title);
});
afterAll(async () => {
  await home.dispose();
  await voice.close();
});
afterEach(() => expect(app.takeFaults()).toEqual([]));

/** This and nothing else is on screen, in English and in German. */
async function isTold(code: string): Promise<void> {
  const notices = async () => (await app.call('app.snapshot', {})).notices;
  await eventually(async () => (await notices()).map((notice) => notice.code)).toEqual([code]);
  const [notice] = await notices();
  await app.page
    .getByRole('region', { name: en.notices.label })
    .getByText(notice?.message ?? '')
    .waitFor();
  await app.call('app.setLocale', { locale: 'de' });
  await app.page
    .getByRole('region', { name: de.notices.label })
    .getByText(errorsDe[code] ?? '')
    .waitFor();
  await app.call('app.setLocale', { locale: 'en' });
  await app.page
    .getByRole('region', { name: en.notices.label })
    .getByText(notice?.message ?? '')
    .waitFor();
}

/** Nothing needs to be known any more: what was told is gone from the screen. */
async function nothingIsTold(): Promise<void> {
  await eventually(async () => (await app.call('app.snapshot', {})).notices).toEqual([]);
  await app.page.getByRole('region', { name: en.notices.label }).waitFor({ state: 'hidden' });
}

/** Asked aloud in a conversation of its own, and answered aloud. */
async function answersAloud(): Promise<void> {
  await app.button(en.conversations.new).first().click();
  await app.waitForState(state.readyHandsFree.title);
  await app.speak(await voice.say('What is the opposite of black?'));
  await app.waitForState(state.speaking.title);
  await eventually(async () => (await app.messages()).map(({ role }) => role)).toEqual(['user', 'assistant']);
  await app.stop();
  await app.waitForState(state.readyHandsFree.title);
  await nothingIsTold();
}

/** Asked in writing in a conversation of its own, and answered in writing. */
async function answersInWriting(): Promise<void> {
  await app.button(en.conversations.new).first().click();
  await app.type('What is the opposite of black?');
  await eventually(() => app.answer().textContent()).toContain('white');
  await app.stop();
}

describe('a worker that is killed', () => {
  it('while it speaks: the sentence is taken up again', async () => {
    await app.button(en.chat.speakAnswer).click();
    await app.type('Tell me everything about the weather.');
    await app.waitForState(state.speaking.title);
    await app.killWorker('synthesis');
    await isTold('synthesis.restarted');
    await app.waitForState(state.speaking.title);
    expect((await app.messages()).at(-1)?.status).toBe('interrupted');
    await app.stop();
    await app.button(en.chat.speakAnswer).click();
    await answersAloud();
  });

  it('while it listens: the words are asked for again', async () => {
    await app.button(en.conversations.new).first().click();
    await app.speak(await voice.say('Tell me everything that you know about the weather in the north.'));
    await app.page
      .getByRole('region', { name: en.stage.captions })
      .getByText(/Tell me/)
      .waitFor();
    await app.killWorker('recognition');
    await app.waitForState(state.restarting.title);
    await isTold('recognition.lost-words');
    await answersAloud();
  });

  it('while it thinks: the answer breaks off', async () => {
    await app.button(en.conversations.new).first().click();
    await app.type('Tell me everything about the weather.');
    await eventually(async () => (await app.answer().textContent())?.length ?? 0).toBeGreaterThan(20);
    await app.killWorker('language');
    await app.page.getByText(en.chat.failed).waitFor();
    await isTold('language.crashed');
    await answersInWriting();
  });

  it('three times in a minute: it stays off until the owner starts it again', async () => {
    const status = async () => (await app.call('app.snapshot', {})).parts.find(({ part }) => part === 'recognition')?.status;
    // The kill of the test before may still count.
    for (let kills = 0; kills < 3 && (await status()) !== 'broken'; kills += 1) {
      await app.killWorker('recognition');
      await eventually(status).not.toBe('ready');
      await eventually(status).toMatch(/ready|broken/);
    }
    await app.waitForState(state.recognitionBroken.title);
    await isTold('recognition.broken');
    await answersInWriting();
    await app.page.getByLabel(en.stage.label, { exact: true }).getByRole('button', { name: en.stage.remedies['restart-part'] }).click();
    await answersAloud();
  });
});

describe('a microphone', () => {
  it('that is unplugged in mid-sentence: what was said is answered, and it goes on when one is there', async () => {
    await app.button(en.conversations.new).first().click();
    await app.speak(await voice.say('What is the opposite of black? I would really like to know that today.'));
    await app.page
      .getByRole('region', { name: en.stage.captions })
      .getByText(/opposite/)
      .waitFor();
    await plug.pull();
    await eventually(async () => (await app.messages())[0]?.text).toMatch(/opposite/);
    await isTold('microphone.ended');
    await app.stop();
    await app.waitForState(state.microphoneEnded.title);
    await answersInWriting();
    await isTold('microphone.ended');
    await app.loadMicrophone(await voice.say());
    await plug.plugIn();
    await answersAloud();
  });

  it('that is not allowed: typing works, and it opens when it is allowed and tried again', async () => {
    const allow = (allowed: boolean) =>
      app.electron.evaluate(({ session }, answer) => {
        session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(answer));
      }, allowed);
    await allow(false);
    await app.speak(await voice.say('Can you hear me?'));
    await app.waitForState(state.denied.title);
    await isTold('microphone.denied');
    await answersInWriting();
    await app.loadMicrophone(await voice.say());
    await allow(true);
    await app.page.getByRole('button', { name: en.stage.remedies['allow-microphone'] }).click();
    await answersAloud();
  });
});
