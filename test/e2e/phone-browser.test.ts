import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PhoneStatus } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { createDisposeBag } from '../../src-main/base/dispose.ts';
import { AppError } from '../../src-main/base/errors.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createSoftphoneDesk } from '../../src-main/modules/telephony/index.ts';
import { decodeWav, writeWavFile } from '../../src-main/platform/audio/index.ts';
import { openWebDoor, type WebDoor } from '../../src-main/platform/contract-host/door-web.ts';
import { createContractHost, createPageHub } from '../../src-main/platform/contract-host/index.ts';
import type { SoftphoneState } from '../../src-renderer/softphone/softphone-port.ts';
import { openAriCaller, type AriCaller } from '../doubles/ari-caller.ts';
import { openExchangeRig, type ExchangeRig } from '../doubles/exchange-rig.ts';
import { noAsterisk, titled } from '../doubles/sandbox-rig.ts';
import { createScriptedHandlers } from '../doubles/scripted-handlers.ts';
import type { SoftphonePage } from '../doubles/softphone-page/protocol.ts';
import { strongestFrequency, tone, toneDecibels } from '../doubles/tones.ts';
import { eventually } from './eventually.ts';
import { openPlainWindow } from './screens-window.ts';
import { buildPage } from './shell-app.ts';

declare const window: Window & { softphone: SoftphonePage };

/*
 * Pages in browsers as telephones: the real web door with its policy, the real exchange, and Chromium without any switch for calls.
 */
const MICROPHONE_HZ = 700;
const CALLER_HZ = 1100;
const RECORDED_HZ = 8000;
const bag = createDisposeBag();
let exchange: ExchangeRig;
let caller: AriCaller;
let door: WebDoor;
let microphone: string;

const READY: PhoneStatus = {
  state: 'ready',
  source: 'container',
  steps: [],
  error: null,
  version: '22',
  softphone: false,
  trunks: [],
  mobiles: [],
  quietUntilMs: null,
};

async function openBrowser(): Promise<{ page: Page; close: () => Promise<void> }> {
  const { app, page } = await openPlainWindow(door.issueLink(), {
    microphone: true,
    switches: [`--use-file-for-fake-audio-capture=${microphone}`],
  });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await app.close();
    isOpen = false;
  };
  bag.add(() => void close());
  await page.waitForFunction(() => 'softphone' in window);
  return { page, close };
}
const state = (page: Page): Promise<SoftphoneState> => page.evaluate(() => window.softphone.state());
const line = async (page: Page): Promise<string> => (await state(page)).line.state;

describe.skipIf(noAsterisk !== undefined)(titled('a page in a browser as a telephone', noAsterisk), () => {
  beforeAll(async () => {
    exchange = await openExchangeRig();
    bag.add(() => exchange.close());
    const folder = await mkdtemp(join(tmpdir(), 'phone-browser-'));
    bag.add(() => void rm(folder, { recursive: true, force: true }));
    microphone = join(folder, 'microphone.wav');
    await writeWavFile(microphone, { samples: tone(MICROPHONE_HZ, 10_000, 48_000, -15), sampleRateHz: 48_000 });
    await buildPage('softphone-page', join(folder, 'renderer'));
    await exchange.exchange.setUp();
    const now = exchange.exchange.state();
    if (now.state !== 'ready') throw new Error(`The exchange is ${now.state}`);
    caller = await openAriCaller(now.addresses);
    bag.add(() => caller.close());
    const hub = createPageHub({ log: silentLog, checkEvents: true });
    const desk = bag.add(createSoftphoneDesk({ hub, calls: () => [], onCall: () => () => undefined, onLost: () => undefined }));
    const handlers = createScriptedHandlers({
      'phone.status': () => READY,
      'phone.softphone'({ takeOver = false }, { clientId }) {
        desk.claim(clientId, { takeOver });
        const access = exchange.exchange.softphone();
        if (access === undefined) throw new AppError('phone.not-ready', 'The phone is not ready.');
        return access;
      },
      'phone.reportSoftphone': () => undefined,
    });
    door = bag.add(
      await openWebDoor({
        host: createContractHost({ handlers, log: silentLog, checkResults: true }),
        hub,
        attachAudio: () => undefined,
        resources: async () => undefined,
        exchangeUrl: () => exchange.exchange.softphone()?.url,
        clock: systemClock,
        log: silentLog,
        pageDirectory: join(folder, 'renderer'),
        dataDirectory: folder,
        port: 0,
      }),
    );
  }, 900_000);
  afterAll(() => bag.dispose());

  it('registers under the policy of the door, and carries sound both ways', async () => {
    const { page, close } = await openBrowser();
    await eventually(() => line(page)).toBe('registered');
    await page.evaluate(() => window.softphone.accept('both', 'talk'));
    await caller.ring('both');
    await caller.answered('both');
    const { samples } = decodeWav(await caller.record('both', 2));
    const settled = samples.subarray(RECORDED_HZ / 2);
    expect(strongestFrequency(settled, RECORDED_HZ)).toBeCloseTo(MICROPHONE_HZ, -1);
    expect(toneDecibels(settled, MICROPHONE_HZ, RECORDED_HZ)).toBeGreaterThan(-40);
    await caller.playTone('both', CALLER_HZ);
    await eventually(async () => {
      const heard = await page.evaluate(() => window.softphone.heard());
      return Math.abs((heard?.frequencyHz ?? 0) - CALLER_HZ);
    }).toBeLessThan(20);
    await caller.hangUp('both');
    await eventually(async () => (await state(page)).calls).toEqual([]);
    await close();
  });

  it('opens no socket but to the door that it came from', async () => {
    const { page, close } = await openBrowser();
    const refused = page.evaluate(
      () => new Promise<string>((done) => addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective))),
    );
    await page.evaluate((url) => void new WebSocket(url), exchange.exchange.softphone()?.url ?? '');
    expect(await refused).toBe('connect-src');
    await close();
  });

  it('is the telephone alone: a second page waits, takes it over, and gives it back by going', async () => {
    const first = await openBrowser();
    await eventually(() => line(first.page)).toBe('registered');
    const second = await openBrowser();
    await eventually(() => line(second.page)).toBe('elsewhere');
    await second.page.evaluate(() => window.softphone.takeOver());
    await eventually(() => line(second.page)).toBe('registered');
    await eventually(() => line(first.page)).toBe('elsewhere');
    await second.page.evaluate(() => window.softphone.accept('moved', 'talk'));
    await caller.ring('moved');
    await caller.answered('moved');
    await caller.hangUp('moved');
    await second.close();
    await eventually(() => line(first.page)).toBe('registered');
    await first.close();
  });
});
