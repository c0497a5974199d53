import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeWav, writeWavFile } from '../../src-main/platform/audio/index.ts';
import type { PhoneCall } from '../../src-preload/contract/index.ts';
import type { SoftphoneState } from '../../src-renderer/softphone/softphone-port.ts';
import { openAriCaller, type AriCaller } from '../doubles/ari-caller.ts';
import { openExchangeRig, type ExchangeRig } from '../doubles/exchange-rig.ts';
import { phoneCall, talkingCall } from '../doubles/phone-call.ts';
import type { PlainPhoneControls } from '../doubles/plain-phone.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';
import type { SoftphonePage } from '../doubles/softphone-page/protocol.ts';
import { strongestFrequency, tone, toneDecibels } from '../doubles/tones.ts';
import { eventually } from './eventually.ts';
import { buildShellApp, type RunningShell, type ShellApp } from './shell-app.ts';

declare const window: Window & { softphone: SoftphonePage };
declare const plainPhone: PlainPhoneControls;

/** What the invented microphone hears, for ever. */
const MICROPHONE_HZ = 700;
/** What the exchange plays. */
const CALLER_HZ = 1100;
const RECORDED_HZ = 8000;
const WAV_HEADER_BYTES = 44;

let exchange: ExchangeRig;
let shell: ShellApp;
let running: RunningShell;
let page: Page;
let caller: AriCaller;

const tell = (call: PhoneCall): Promise<void> => running.electron.evaluate((_electron, told) => plainPhone.tellCall(told), call);
const ended = (id: string): Promise<void> => tell(phoneCall(id, { state: { state: 'ended', reason: 'hung-up-there' } }));
const accept = (id: string, mode: 'talk' | 'listen' = 'talk'): Promise<void> =>
  page.evaluate(([callId, how]) => window.softphone.accept(callId, how), [id, mode] as const);
const state = (): Promise<SoftphoneState> => page.evaluate(() => window.softphone.state());
const phases = async (): Promise<string[]> => (await state()).calls.map(({ callId, mode, phase }) => `${callId} ${mode} ${phase}`);
const reports = (): Promise<unknown[]> => running.electron.evaluate(() => plainPhone.reports);
const heard = (): Promise<ReturnType<SoftphonePage['heard']>> => page.evaluate(() => window.softphone.heard());
const levels = (): Promise<{ here: number; there: number }> => page.evaluate(() => window.softphone.levels());
const registers = (): Promise<void> => eventually(async () => (await state()).line.state).toBe('registered');

/** What the page has said about the sound of a call. */
const findings = async (id: string): Promise<unknown[]> =>
  ((await reports()) as { callId?: string; sound?: string }[]).flatMap(({ callId, sound }) => (callId === id ? [sound] : []));

/** Whether a WebSocket to this address is refused to the page. */
const refused = (url: string): Promise<boolean> =>
  page.evaluate(
    (address) =>
      new Promise<boolean>((done) => {
        const socket = new WebSocket(address, 'sip');
        socket.addEventListener('open', () => done(false));
        socket.addEventListener('error', () => done(true));
      }),
    url,
  );

/** Rings and is answered, as after a click. */
async function openCall(id: string): Promise<void> {
  await accept(id);
  await caller.ring(id);
  await caller.answered(id);
}

describe.skipIf(noAsterisk !== undefined)(titled('the window as a telephone', noAsterisk), () => {
  beforeAll(async () => {
    exchange = await openExchangeRig();
    shell = await buildShellApp({ page: 'softphone-page' });
    await exchange.exchange.setUp();
    const now = exchange.exchange.state();
    if (now.state !== 'ready') throw new Error(`The exchange is ${now.state}`);
    caller = await openAriCaller(now.addresses);
    const microphone = join(shell.dataDirectory, 'microphone.wav');
    await writeWavFile(microphone, { samples: tone(MICROPHONE_HZ, 10_000, 48_000, -15), sampleRateHz: 48_000 });
    running = await shell.start(`--use-file-for-fake-audio-capture=${microphone}`);
    page = running.page;
    // The core comes after the window.
    await vi.waitFor(() => running.electron.evaluate(() => plainPhone.reports.length), { timeout: 30_000 });
  }, 900_000);
  afterEach(async () => {
    await caller.hangUpAll();
    await vi.waitFor(async () => expect(await phases()).toEqual([]), { timeout: 10_000 });
  });
  afterAll(async () => {
    caller?.close();
    await shell?.dispose();
    await exchange?.close();
  });

  it('registers through the app’s own policy and guards once there is an exchange, and tells the core', async () => {
    expect((await state()).line).toEqual({ state: 'off' });
    await running.electron.evaluate((_electron, given) => plainPhone.setAccess(given), exchange.exchange.softphone());
    await registers();
    await eventually(reports).toContainEqual({ registered: true });
  });

  it('lets the page speak to the exchange and to no other port of this machine', async () => {
    const url = exchange.exchange.softphone()?.url ?? '';
    expect(await refused(url)).toBe(false);
    expect(await refused(url.replace('/ws', '/ari/events?app=x'))).toBe(true);
    expect(await refused(url.replace('127.0.0.1', 'localhost'))).toBe(true);
    await eventually(async () => running.output().match(/guard.request-refused/g)?.length).toBeGreaterThanOrEqual(1);
  });

  it('carries Opus both ways: the microphone’s tone to the exchange, the exchange’s tone to the window', async () => {
    await openCall('both');
    const { samples, sampleRateHz } = decodeWav(await caller.record('both', 2));
    expect(sampleRateHz).toBe(RECORDED_HZ);
    const settled = samples.subarray(RECORDED_HZ / 2);
    expect(strongestFrequency(settled, RECORDED_HZ)).toBeCloseTo(MICROPHONE_HZ, -1);
    expect(toneDecibels(settled, MICROPHONE_HZ, RECORDED_HZ)).toBeGreaterThan(-40);

    await caller.playTone('both', CALLER_HZ);
    await eventually(async () => Math.round(((await heard())?.frequencyHz ?? 0) / 20) * 20).toBe(CALLER_HZ);
    // The page looks at it through a window that fills only now.
    await eventually(async () => (await heard())?.decibels ?? -100).toBeGreaterThan(-40);
    expect(await page.evaluate(() => window.softphone.codecs())).toContain('audio/opus');
    expect(await reports()).toContainEqual({ registered: true, callId: 'both', sound: 'hears', atMs: expect.any(Number) as number });
    // The meter shows the loudness of one moment, and a busy exchange leaves gaps.
    await eventually(async () => (await levels()).there).toBeGreaterThan(0.3);
    await eventually(async () => (await levels()).here).toBeGreaterThan(0.3);

    await caller.hangUp('both');
    await eventually(state).toMatchObject({ calls: [], microphone: 'off' });
  });

  it('waits for the click when the exchange calls first, and for the exchange when the click comes first', async () => {
    await caller.ring('later');
    await tell(phoneCall('later'));
    await new Promise((done) => setTimeout(done, 500));
    expect(await phases()).toEqual([]);
    await accept('later');
    await caller.answered('later');
    await eventually(phases).toEqual(['later talk open']);

    await accept('first');
    expect(await phases()).toEqual(['first talk waiting', 'later talk open']);
    await caller.ring('first');
    await caller.answered('first');
    await eventually(phases).toEqual(['first talk open', 'later talk open']);
    await page.evaluate(() => window.softphone.hangUp('first'));
    await caller.ended('first');
    await ended('later');
    await caller.ended('later');
    expect(await phases()).toEqual([]);
  });

  it('accepts without a click in the page what the core says the owner has answered elsewhere', async () => {
    await caller.ring('tray', { 'X-OpenClaw-Answer': 'now' });
    await caller.answered('tray');
    await ended('tray');
    await caller.ended('tray');

    await caller.ring('told');
    await tell(
      talkingCall('told', { state: { state: 'talking', by: 'owner', held: false, muted: false, listening: false, recording: false } }),
    );
    await caller.answered('told');
    await ended('told');
  });

  it('keeps the microphone out while the owner listens in, and in a mute', async () => {
    await accept('quiet', 'listen');
    await caller.ring('quiet');
    await caller.answered('quiet');
    expect((await state()).microphone).toBe('off');
    const loudness = async (): Promise<number> => {
      const wav = await caller.record('quiet', 1);
      // A header alone: nothing was sent in that time.
      if (wav.length <= WAV_HEADER_BYTES) return -100;
      return toneDecibels(decodeWav(wav).samples.subarray(RECORDED_HZ / 4), MICROPHONE_HZ, RECORDED_HZ);
    };
    await accept('quiet', 'talk');
    await eventually(async () => (await state()).microphone).toBe('ok');
    // Open is not yet sent.
    await eventually(loudness).toBeGreaterThan(-40);
    await page.evaluate(() => window.softphone.setMuted(true));
    await new Promise((done) => setTimeout(done, 300));
    expect(await loudness()).toBeLessThan(-70);
    await page.evaluate(() => window.softphone.setMuted(false));
    await eventually(loudness).toBeGreaterThan(-40);
    await caller.hangUp('quiet');
    await eventually(phases).toEqual([]);
  });

  it('sends digits in the sound', async () => {
    await openCall('digits');
    await eventually(phases).toEqual(['digits talk open']);
    await page.evaluate(() => window.softphone.sendDigits('digits', '17w*#'));
    await eventually(async () => caller.digits('digits')).toBe('17*#');
    await caller.hangUp('digits');
    await eventually(phases).toEqual([]);
  });

  it('finds that nothing comes, names it, and takes it back when sound comes', async () => {
    await openCall('one-way');
    await eventually(() => findings('one-way')).toEqual(['nothing-comes']);
    expect((await state()).calls).toMatchObject([{ trouble: 'nothing-comes', hears: false }]);
    await caller.playTone('one-way', CALLER_HZ);
    await eventually(() => findings('one-way')).toEqual(['nothing-comes', 'hears']);
    expect((await state()).calls).toMatchObject([{ trouble: null, hears: true }]);
    await caller.hangUp('one-way');
    await eventually(phases).toEqual([]);
  });

  it('rings: the window comes in sight, the tone sounds and ends with the click, also when it was put away', async () => {
    const isShown = (): Promise<boolean[]> =>
      running.electron.evaluate(({ BrowserWindow }) => {
        const [main] = BrowserWindow.getAllWindows();
        return [main?.isVisible() === true && !main.isMinimized(), main?.isAlwaysOnTop() === true];
      });
    const ringLevel = (): Promise<number> => page.evaluate(() => window.softphone.ringLevel());
    await running.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    await eventually(isShown).toEqual([false, false]);
    await tell(phoneCall('bell'));
    await eventually(isShown).toEqual([true, true]);
    await eventually(ringLevel).toBeGreaterThan(0.01);
    await page.evaluate(() => window.softphone.silence('bell'));
    await new Promise((done) => setTimeout(done, 200));
    expect(await ringLevel()).toBeLessThan(0.001);
    await ended('bell');
    await eventually(isShown).toEqual([true, false]);
  });

  it('comes back by itself when the exchange was started anew, and ends what hung on the old one', async () => {
    await openCall('lost');
    await eventually(phases).toEqual(['lost talk open']);
    await exchange.exchange.stop();
    await eventually(phases).toEqual([]);
    await exchange.exchange.setUp();
    const now = exchange.exchange.state();
    if (now.state !== 'ready') throw new Error(`The exchange is ${now.state}`);
    caller = await openAriCaller(now.addresses);
    await running.electron.evaluate((_electron, given) => plainPhone.setAccess(given), exchange.exchange.softphone());
    await registers();
    await openCall('again');
    await eventually(phases).toEqual(['again talk open']);
    await caller.hangUp('again');
  });

  it('says goodbye when the page goes, and is there again with the next one', async () => {
    await openCall('reload');
    await page.reload();
    await caller.ended('reload');
    await registers();
    await openCall('after');
    await eventually(phases).toEqual(['after talk open']);
    await caller.hangUp('after');
  });
});
