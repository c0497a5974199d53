import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src-main/base/clock.ts';
import { createMediaService } from '../../src-main/modules/telephony/media/media-service.ts';
import { resample } from '../../src-main/platform/audio/index.ts';
import { openHeardLeg, type HeardLeg } from '../doubles/heard-leg.ts';
import { openMediaExchange, type MediaExchange } from '../doubles/media-exchange.ts';
import { decibelsOf } from '../doubles/media-tones.ts';
import type { Network } from '../doubles/rtp-phone.ts';
import { tone } from '../doubles/tones.ts';
import { openRecognitionBench, starterHearing } from '../models/recognition-bench.ts';
import type { Clip } from './audio.ts';
import { distribution, single, wordErrors, type BenchResult } from './statistics.ts';

const PHONE_HZ = 8_000;
const LEG_HZ = 16_000;
const NETWORKS: Readonly<Record<'calm' | 'late' | 'wild', Network>> = {
  calm: { lossShare: 0, jitterMs: 0, keepsOrder: true },
  late: { lossShare: 0.05, jitterMs: 60, keepsOrder: true },
  wild: { lossShare: 0.05, jitterMs: 60, keepsOrder: false },
};
const TRANSPORTS = ['audiosocket', 'websocket'] as const;
/** A tone so short is over before anything of it arrives. */
const BURST_MS = 100;
const BURSTS = 15;
const BURST_PAUSE_MS = 600;
const LOUD_DECIBELS = -35;
/** Before and behind a text, in which it arrives. */
const AROUND_MS = 700;

/**
 * What a network between caller and Asterisk does to the sound: how late it is, whether it stays in step with the clock, and how much of a text is still understood.
 * Real Asterisk, the media worker's service in this process, and a telephone that loses and delays its own packets.
 */
export async function runPhoneNetworkBench(clips: readonly Clip[]): Promise<BenchResult> {
  const { whisper: _whisper, ...english } = starterHearing;
  const { service: ears } = await openRecognitionBench(english);
  const errorsIn = async (heard: readonly Float32Array[]): Promise<number> => {
    const counts = { errors: 0, words: 0 };
    for (const [index, { text }] of clips.entries()) {
      const { text: understood } = await ears.transcribe({ samples: heard[index] ?? new Float32Array(0), language: 'en' });
      const { errors, words } = wordErrors(text, understood);
      counts.errors += errors;
      counts.words += words;
    }
    return (100 * counts.errors) / Math.max(1, counts.words);
  };
  const service = createMediaService({ clock: systemClock, emit: () => undefined, onError: (error) => console.error(error) });
  let exchange: MediaExchange | undefined;
  try {
    exchange = await openMediaExchange(await service.listen({ audioSocketPort: 0, webSocketPort: 0 }));
    const metrics: BenchResult['metrics'] = {
      wer_original: single('%', await errorsIn(clips.map(({ samples }) => samples)), clips.length),
    };
    for (const transport of TRANSPORTS) {
      const leg = await openHeardLeg(service, exchange, { transport });
      metrics[`delay_in_${transport}`] = distribution('ms', await delaysIn(leg));
      metrics[`delay_out_${transport}`] = distribution('ms', await delaysOut(leg));
      await leg.end();
    }
    for (const [name, network] of Object.entries(NETWORKS)) {
      const leg = await openHeardLeg(service, exchange, { transport: 'audiosocket', network });
      const { texts, driftMs } = await readTexts(leg, clips);
      metrics[`wer_${name}`] = single('%', await errorsIn(texts), clips.length);
      metrics[`drift_${name}`] = single('ms', driftMs, 1);
      metrics[`delay_in_${name}`] = distribution('ms', await delaysIn(leg));
      await leg.end();
    }
    return {
      bench: 'phone-network',
      metrics,
      targets: {
        wer_late: '≤ 10',
        wer_wild: '≤ 10',
        drift_late: '≤ 300',
        drift_wild: '≤ 300',
        delay_in_late: 'p95 ≤ 200',
        delay_in_wild: 'p95 ≤ 200',
      },
      notes: [
        'calm: loopback; late: 5 % of the packets lost, the others held back for 0 to 60 ms in their order; wild: the same, and some overtake others',
        `${clips.length} texts in A-law at 8 kHz, recognised by the starter pack`,
      ],
    };
  } finally {
    await exchange?.close();
    await service.dispose();
  }
}

/** From the telephone's last packet of a tone to its last sound at the recogniser. */
async function delaysIn(leg: HeardLeg): Promise<number[]> {
  const delays: number[] = [];
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const from = leg.pieces.length;
    await leg.phone.say(tone(800, BURST_MS, PHONE_HZ, -15));
    const sentMs = performance.now();
    await sleep(BURST_PAUSE_MS);
    const last = leg.pieces.slice(from).findLast(({ samples }) => decibelsOf(samples) > LOUD_DECIBELS);
    if (last) delays.push(last.atMs - sentMs);
  }
  return delays;
}

/** From the last frame of a tone that left the media worker to its last packet at the telephone. */
async function delaysOut(leg: HeardLeg): Promise<number[]> {
  const delays: number[] = [];
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const from = leg.phone.received.length;
    await leg.play(tone(800, BURST_MS, LEG_HZ, -15), LEG_HZ);
    const sentMs = performance.now();
    await sleep(BURST_PAUSE_MS);
    const last = leg.phone.received.slice(from).findLast(({ samples }) => decibelsOf(samples) > LOUD_DECIBELS);
    if (last) delays.push(last.atMs - sentMs);
  }
  return delays;
}

/** Each text as it was heard, with quiet around it; and by how much the sound of the whole call is longer or shorter than the time it took. */
async function readTexts(leg: HeardLeg, clips: readonly Clip[]): Promise<{ texts: Float32Array[]; driftMs: number }> {
  const marks: number[] = [];
  const heardSamples = (): number => leg.pieces.reduce((sum, { samples }) => sum + samples.length, 0);
  await sleep(AROUND_MS);
  const beganMs = performance.now();
  const began = heardSamples();
  for (const { samples } of clips) {
    marks.push(heardSamples());
    await leg.phone.say(resample(samples, LEG_HZ, PHONE_HZ));
    await sleep(AROUND_MS);
  }
  marks.push(heardSamples());
  const tookMs = performance.now() - beganMs;
  const heard = leg.heard();
  const texts = clips.map((_clip, index) => heard.slice(marks[index], marks[index + 1]));
  return { texts, driftMs: Math.abs(((heardSamples() - began) / LEG_HZ) * 1000 - tookMs) };
}
