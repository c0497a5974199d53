import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freeSipPort } from '../../src-main/modules/telephony/asterisk/ports.ts';
import { writeWavFile } from '../../src-main/platform/audio/index.ts';
import type { PhoneCall, TrunkDraft } from '../../src-preload/contract/index.ts';
import { en } from '../../src-renderer/i18n/en.ts';
import { callsEn, phoneEn } from '../../src-renderer/i18n/phone-en.ts';
import { noBaresip, PHONE_RATE_HZ, startBaresip, type Baresip } from '../doubles/baresip.ts';
import { openAiDialect, startLanguageServer } from '../doubles/language-server.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';
import { soundingPart, strongestFrequency, tone, toneDecibels } from '../doubles/tones.ts';
import { eventually } from './eventually.ts';
import { openSpokenHome, type SpokenApp, type SpokenHome } from './spoken-app.ts';
import { createSpokenVoice } from './spoken-voice.ts';

/*
 * One owner with a telephone: real window, core, voice, exchange in its container; a real SIP telephone calls over a trunk on loopback. The model's words are
 * played by a server.
 */
const missing = noAsterisk ?? noBaresip;
/** What the invented microphone hears, for ever, and what the caller sounds like. */
const MICROPHONE_HZ = 700;
const CALLER_HZ = 1100;
const CALLER = '+4930901820';
const ANSWER = 'Gladly. I have written down your table for two.';
const voice = createSpokenVoice();
let home: SpokenHome;
let app: SpokenApp;
let sipPort: number;
const callers: Baresip[] = [];

/** Somebody in the network who dials the owner's number. */
async function callIn(says: { samples: Float32Array; sampleRateHz: number }): Promise<Baresip> {
  const caller = await startBaresip({ server: { port: sipPort, user: CALLER, password: '', registers: false }, says });
  callers.push(caller);
  await caller.dial('4930123456');
  return caller;
}

/** What the assistant says to whatever it hears. */
async function playModel(words: string): Promise<void> {
  const server = await startLanguageServer(openAiDialect);
  server.modelList = { data: [{ id: 'played' }] };
  server.onChat((chat) => chat.end(openAiDialect.begin + openAiDialect.words(words) + openAiDialect.end()));
  await app.call('models.setBackend', { kind: 'openai-compatible', baseUrl: `${server.url}/v1`, model: 'played' });
}

const shown = (page: Page) => ({
  ringing: page.locator('[data-ringing]'),
  bar: page.locator('[data-call-bar]'),
  captions: page.getByRole('log', { name: callsEn.captions }),
});
const activeCall = async (): Promise<PhoneCall | undefined> => (await app.call('phone.active', {}))[0];

/** Keeps a hand on the sound that the page plays: see {@link heardFrequency}. */
const keepPeers = (): Promise<void> =>
  app.page.evaluate(() => {
    const kept = globalThis as unknown as { peers: RTCPeerConnection[] };
    kept.peers = [];
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        kept.peers.push(this);
      }
    };
  });

/** The strongest frequency that the latest call brings into the page, Hz; 0 = silence. */
const heardFrequency = (): Promise<number> =>
  app.page.evaluate(async () => {
    const peer = (globalThis as unknown as { peers: RTCPeerConnection[] }).peers.at(-1);
    const track = peer?.getReceivers().find((receiver) => receiver.track.kind === 'audio')?.track;
    if (!track) return 0;
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    await new Promise((done) => setTimeout(done, 500));
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const loudest = Math.max(...bins);
    const frequencyHz = (bins.indexOf(loudest) * context.sampleRate) / analyser.fftSize;
    await context.close();
    return loudest > -60 ? frequencyHz : 0;
  });

describe.skipIf(missing !== undefined)(titled('the phone in the window', missing), () => {
  beforeAll(async () => {
    home = await openSpokenHome();
    const microphone = join(home.folder, 'tone.wav');
    await writeWavFile(microphone, { samples: tone(MICROPHONE_HZ, 10_000, 48_000, -15), sampleRateHz: 48_000 });
    // In a loop: the microphone opens anew for every call.
    const switches = ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${microphone}`];
    app = await home.start({ microphone: 'none', switches });
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800));
    sipPort = await freeSipPort('127.0.0.1', Math.random);
    await app.set('phone.sipPort', sipPort);
    await app.set('talk.sounds', 'never');
    await app.set('appearance.theme', 'ink');
    await keepPeers();
  }, 300_000);
  afterEach(() => expect(app.takeFaults()).toEqual([]));
  afterAll(async () => {
    for (const caller of callers) await caller.dispose();
    await app?.call('phone.shutDown', {}).catch(() => undefined);
    await home?.dispose();
    await voice.close();
  });

  it('is set up by a click, ticks every step, and registers as a telephone', async () => {
    await app.page.keyboard.press('Alt+4');
    await app.button(en.settings.subjects.phone).first().click();
    await app.button(phoneEn.setUp.begin).click();
    for (const step of [phoneEn.steps.image, phoneEn.steps.control])
      await app.page.locator('[data-step="done"]', { hasText: step }).waitFor({ timeout: 600_000 });
    await app.page.getByText(phoneEn.states.ready).waitFor();
    await app.page.screenshot({ path: 'test-results/phone-ready.png' });
    await expect
      .poll(async () => (await app.call('phone.status', {})).steps.map(({ id, status }) => [id, status]), { timeout: 30_000 })
      .toEqual(['docker', 'image', 'configuration', 'container', 'control', 'softphone', 'test-call'].map((id) => [id, 'done']));
    await app.page.getByText(phoneEn.setUp.softphone).waitFor();
    const trunk: TrunkDraft = {
      name: 'sipgate',
      preset: 'custom',
      enabled: true,
      host: '127.0.0.1',
      port: sipPort,
      transport: 'udp',
      username: '',
      authUser: '',
      callerId: '',
      codecs: ['alaw', 'ulaw'],
      registers: false,
      countryPrefix: '49',
    };
    await app.call('phone.saveTrunk', trunk);
    await app.call('phone.saveContact', {
      name: 'Maria Brandt',
      numbers: [CALLER],
      language: 'en',
      blocked: false,
      isFavourite: false,
      mayAsk: false,
      note: '',
    });
  }, 620_000);

  it('rings with name and number, is answered by a click, and both ends hear each other', async () => {
    const { ringing, bar } = shown(app.page);
    await playModel('Nothing until seven: then it is dinner with Maria.');
    await app.page.keyboard.press('Alt+1');
    await app.button(en.firstRun.later).click();
    await app.type('Is anything on this evening?');
    await app.answer().getByText('dinner with Maria').waitFor();
    const caller = await callIn({ samples: tone(CALLER_HZ, 60_000, PHONE_RATE_HZ, -15), sampleRateHz: PHONE_RATE_HZ });
    await ringing.getByText('Maria Brandt').waitFor();
    await ringing.getByText('+49 30 901820').waitFor();
    await app.page.screenshot({ path: 'test-results/phone-ringing.png' });
    await app.button(callsEn.ringing.answer).click();
    await bar.getByText(callsEn.line.by.owner).waitFor();
    await caller.until('CALL_ESTABLISHED', { sinceMs: 0 });
    await eventually(async () => Math.abs((await heardFrequency()) - CALLER_HZ)).toBeLessThan(20);
    expect((await activeCall())?.trouble).toBeNull();
    // Another microphone in mid-call: the call goes on through it.
    const used = (): Promise<string | undefined> =>
      app.page.evaluate(() => {
        const { peers } = globalThis as unknown as { peers: RTCPeerConnection[] };
        return peers.at(-1)?.getSenders()[0]?.track?.label;
      });
    const names = await app.page.evaluate(async () =>
      (await navigator.mediaDevices.enumerateDevices()).flatMap(({ kind, deviceId, label }) =>
        kind === 'audioinput' && deviceId !== 'default' ? [label] : [],
      ),
    );
    const before = await used();
    const other = names.find((name) => name !== before) ?? '';
    await app.set('talk.microphone', other);
    await eventually(used).toBe(other);
    await app.page.waitForTimeout(1500);
    for (const end of [0, 1])
      await eventually(() =>
        bar
          .locator('.meter-fill')
          .nth(end)
          .evaluate((fill: HTMLElement) => fill.style.transform),
      ).not.toBe('scaleX(0)');
    await app.page.screenshot({ path: 'test-results/phone-call.png' });
    await app.button(callsEn.bar.hangUp).click();
    await caller.until('CALL_CLOSED', { sinceMs: 0 });
    await bar.waitFor({ state: 'detached', timeout: 15_000 });
    expect(await app.page.getByText('This call is over').count()).toBe(0);
    const heard = await caller.heard();
    const settled = heard.subarray(-PHONE_RATE_HZ);
    expect(strongestFrequency(settled, PHONE_RATE_HZ)).toBeCloseTo(MICROPHONE_HZ, -1);
    expect(toneDecibels(settled, MICROPHONE_HZ, PHONE_RATE_HZ)).toBeGreaterThan(-40);
  });

  it('lets the assistant answer, shows what both say, and is taken over and hung up by the owner', async () => {
    const { ringing, bar, captions } = shown(app.page);
    await playModel(ANSWER);
    // In a room until the end: a line without any sound would be found to be one.
    const says = await voice.say(4_000, 'Hello, this is Maria. I would like a table for two tomorrow.', 90_000);
    const caller = await callIn({ samples: says, sampleRateHz: 16_000 });
    await ringing.getByText('Maria Brandt').waitFor();
    await app.button(callsEn.ringing.assistant).click();
    await bar.getByText(callsEn.line.by.assistant).waitFor();
    if (!(await captions.isVisible())) await app.button(callsEn.bar.more).click();
    await captions.locator('[data-speaker="assistant"]').first().waitFor();
    await captions.locator('[data-speaker="caller"]', { hasText: /table for two/i }).waitFor({ timeout: 60_000 });
    await captions.locator('[data-speaker="assistant"]', { hasText: ANSWER.slice(-20) }).waitFor({ timeout: 60_000 });
    expect(soundingPart(await caller.heard(), PHONE_RATE_HZ)).toBeDefined();
    await app.page.screenshot({ path: 'test-results/phone-assistant.png' });

    await app.button(callsEn.bar.takeOver).first().click();
    await bar.getByText(callsEn.line.by.owner).waitFor();
    await eventually(async () => strongestFrequency((await caller.heard()).subarray(-PHONE_RATE_HZ / 2), PHONE_RATE_HZ)).toBeCloseTo(
      MICROPHONE_HZ,
      -1,
    );
    await app.button(callsEn.bar.hangUp).click();
    await caller.until('CALL_CLOSED', { sinceMs: 0 });
    await eventually(activeCall).toBeUndefined();
  });

  it('keeps both calls in the log, with what was said', async () => {
    await app.page.keyboard.press('Alt+7');
    const entries = app.page.locator('[data-entry]');
    await expect.poll(() => entries.count(), { timeout: 15_000 }).toBe(2);
    await entries.first().getByText('Maria Brandt').waitFor();
    await app.page.screenshot({ path: 'test-results/phone-log.png' });
    await entries.first().click();
    await app.page.locator('[data-segment="caller"]', { hasText: /table for two/i }).waitFor();
    await app.page.screenshot({ path: 'test-results/phone-entry.png' });
  });
});
