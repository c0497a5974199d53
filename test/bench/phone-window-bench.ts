import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWavFile } from '../../src-main/platform/audio/index.ts';
import type { PreloadApi } from '../../src-preload/contract/index.ts';
import { en } from '../../src-renderer/i18n/en.ts';
import { callsEn } from '../../src-renderer/i18n/phone-en.ts';
import { PHONE_RATE_HZ, startBaresip, type Baresip } from '../doubles/baresip.ts';
import { freePort } from '../doubles/free-port.ts';
import { tone } from '../doubles/tones.ts';
import { openSpokenHome, type SpokenApp } from '../e2e/spoken-app.ts';
import { openTrunk } from '../doubles/open-trunk.ts';
import { allOver, audibleFrom, audibleUntil, CALLER, toneFrom, until } from './phone-parts.ts';
import { distribution, type BenchResult } from './statistics.ts';

interface Seen {
  clicks: number[];
  rings: number[];
  hears: number[];
}
declare const window: Window & { openclaw: PreloadApi; seen: Seen };

const OWNER_HZ = 700;
const CALLER_HZ = 900;
/** One breath, so that a silence in it comes from the change of voices and not from a full stop. */
const GREETING =
  'You have reached the house of somebody who is glad about every call that comes in and who will be with you in a very short moment when the work of this morning is done and the kettle is on the stove';
const PACKET_MS = 20;
/** Nobody clicks sooner. */
const BEFORE_CLICK_MS = 400;
const INTO_GREETING_MS = 1_500;

/**
 * The owner's own calls in the real window, with a microphone that plays a tone and a real telephone at the other end: ringing on the screen, from the click
 * until each end hears the other, and the silence that a caller hears when the owner takes the call over from the assistant.
 */
export async function runPhoneWindowBench(rounds: number): Promise<BenchResult> {
  const found = { ring: [], answer: [], ownerHears: [], callerHears: [], takeOver: [], gap: [] } as Found;
  const notes: string[] = [];
  const home = await openSpokenHome();
  try {
    const microphone = join(home.folder, 'tone.wav');
    await writeWavFile(microphone, { samples: tone(OWNER_HZ, 10_000, 48_000, -15), sampleRateHz: 48_000 });
    const switches = ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${microphone}`];
    const app = await home.start({ microphone: 'none', switches });
    const sipPort = await setUp(app);
    await watchPage(app);
    const server = { port: sipPort, user: CALLER, password: '', registers: false };
    const humming = await startBaresip({
      server,
      says: { samples: tone(CALLER_HZ, 100_000, PHONE_RATE_HZ, -15), sampleRateHz: PHONE_RATE_HZ },
    });
    const silent = await startBaresip({ server });
    try {
      await openTrunk(app, silent.sipPort);
      for (let round = 0; round < rounds; round += 1)
        for (const [phone, measure] of [
          [humming, answerByOwner],
          [silent, takeOver],
        ] as const) {
          await measure(app, phone, found).catch((error: unknown) => notes.push(`round ${round + 1}: ${String(error).split('\n')[0]}`));
          await phone.hangUp().catch(() => undefined);
          await allOver(app);
        }
    } finally {
      await app.call('phone.shutDown', {}).catch(() => undefined);
      await Promise.all([humming.dispose(), silent.dispose()]);
    }
  } finally {
    await home.dispose();
  }
  return resultOf(found, notes);
}

type Found = Record<'ring' | 'answer' | 'ownerHears' | 'callerHears' | 'takeOver' | 'gap', number[]>;

function resultOf(found: Found, notes: readonly string[]): BenchResult {
  return {
    bench: 'phone-window',
    metrics: {
      ring_latency: distribution('ms', found.ring),
      answer_latency: distribution('ms', found.answer),
      owner_hears_latency: distribution('ms', found.ownerHears),
      caller_hears_latency: distribution('ms', found.callerHears),
      takeover_latency: distribution('ms', found.takeOver),
      takeover_gap: distribution('ms', found.gap),
    },
    targets: { ring_latency: 'p95 ≤ 300', answer_latency: 'p95 ≤ 500', takeover_gap: '≤ 300' },
    notes: [
      'INVITE to the card on the screen; click to each end hearing the other (the later of both); click to the owner heard at the caller, and the silence before that',
      ...notes,
    ],
  };
}

/** An exchange of its own, the window registered as its telephone. Resolves with the port for SIP. */
async function setUp(app: SpokenApp): Promise<number> {
  const sipPort = await freePort();
  await app.set('phone.sipPort', sipPort);
  await app.set('phone.greetingEn', GREETING);
  await app.set('talk.sounds', 'never');
  await app.page.keyboard.press('Alt+1');
  await app.button(en.firstRun.later).click();
  await app.call('phone.setUp', {});
  await until(async () => {
    const { state, error, softphone, steps } = await app.call('phone.status', {});
    if (state === 'broken') throw new Error(`The exchange is not ready: ${error?.message}`);
    return state === 'ready' && softphone && steps.every(({ status }) => status === 'done') ? true : undefined;
  }, 'telephone in the window');
  await until(async () => {
    const { parts } = await app.call('app.snapshot', {});
    return parts.some(({ part, status }) => part === 'synthesis' && status === 'ready') ? true : undefined;
  }, 'voice');
  return sipPort;
}

/** Lets the page write down when it was clicked, when it showed that it rings, and when the first sound of each call came in. */
const watchPage = (app: SpokenApp): Promise<void> =>
  app.page.evaluate(() => {
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- it runs in the page
    const now = (): number => performance.timeOrigin + performance.now();
    const seen: Seen = { clicks: [], rings: [], hears: [] };
    window.seen = seen;
    document.addEventListener('click', () => seen.clicks.push(now()), { capture: true });
    let isRinging = false;
    new MutationObserver(() => {
      const rings = document.querySelector('[data-ringing]') !== null;
      if (rings && !isRinging) seen.rings.push(now());
      isRinging = rings;
    }).observe(document.body, { childList: true, subtree: true });
    const context = new AudioContext();
    const listen = (track: MediaStreamTrack): void => {
      void context.resume();
      const analyser = context.createAnalyser();
      analyser.fftSize = 512;
      const source = context.createMediaStreamSource(new MediaStream([track]));
      source.connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      const timer = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        const isHeard = samples.some((sample) => Math.abs(sample) > 0.01);
        if (isHeard) seen.hears.push(now());
        if (!isHeard && track.readyState === 'live') return;
        clearInterval(timer);
        source.disconnect();
      }, 5);
    };
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener('track', ({ track }) => listen(track));
      }
    };
  });

/** The first of its kind in the page after this moment of ours. Asked seldom: the page is at work. */
const seenFrom = (app: SpokenApp, which: keyof Seen, fromMs: number): Promise<number> =>
  until(
    async () => {
      const times = await app.page.evaluate((kind) => window.seen[kind], which);
      return times.map((atMs) => atMs - performance.timeOrigin).find((atMs) => atMs >= fromMs);
    },
    which,
    { everyMs: 100 },
  );

/** Dials and clicks one of the buttons of the ringing card; resolves with when it was clicked. */
async function ringAndClick(app: SpokenApp, phone: Baresip, button: string, ring: number[]): Promise<number> {
  const dialledMs = performance.now();
  await phone.dial(CALLER);
  ring.push((await seenFrom(app, 'rings', dialledMs)) - dialledMs);
  await sleep(BEFORE_CLICK_MS);
  return click(app, button);
}

async function click(app: SpokenApp, button: string): Promise<number> {
  const beforeMs = performance.now();
  await app.button(button).first().click();
  return seenFrom(app, 'clicks', beforeMs);
}

async function answerByOwner(app: SpokenApp, phone: Baresip, found: Found): Promise<void> {
  const ear = await phone.listen();
  try {
    const clickedMs = await ringAndClick(app, phone, callsEn.ringing.answer, found.ring);
    const ownerHearsMs = (await seenFrom(app, 'hears', clickedMs)) - clickedMs;
    const callerHearsMs = (await until(() => toneFrom(ear.heard, OWNER_HZ, clickedMs), 'owner at the caller')) - clickedMs;
    found.ownerHears.push(ownerHearsMs);
    found.callerHears.push(callerHearsMs);
    found.answer.push(Math.max(ownerHearsMs, callerHearsMs));
  } finally {
    await ear.close();
  }
}

async function takeOver(app: SpokenApp, phone: Baresip, found: Found): Promise<void> {
  const ear = await phone.listen();
  try {
    const takenMs = await ringAndClick(app, phone, callsEn.ringing.assistant, found.ring);
    await until(() => audibleFrom(ear.heard, takenMs), 'assistant at the caller');
    await sleep(INTO_GREETING_MS);
    const clickedMs = await click(app, callsEn.bar.takeOver);
    const ownerMs = await until(() => toneFrom(ear.heard, OWNER_HZ, clickedMs), 'owner at the caller');
    found.takeOver.push(ownerMs - clickedMs);
    found.gap.push(Math.max(0, ownerMs - (audibleUntil(ear.heard, ownerMs) ?? clickedMs) - PACKET_MS));
  } finally {
    await ear.close();
  }
}
