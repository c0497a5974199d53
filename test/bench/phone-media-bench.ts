import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createMediaDoors } from '../../src-main/modules/telephony/media/media-doors.ts';
import type { LegStatistics, MediaEvent, MediaMethods } from '../../src-main/modules/telephony/telephony.ts';
import { readChildEnvironment } from '../../src-main/platform/config/index.ts';
import { createSupervisedWorker, workerEntry } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import { connectAsAsterisk } from '../doubles/asterisk-audio-socket.ts';
import { decibelsOf, sine, strongestFrequency } from '../doubles/media-tones.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

const TONE_HZ = 997;
const TONE_DECIBELS = -20;

/**
 * Ten calls at once through the real media worker: speech goes out of all of them while callers speak into all of them. What is counted is when each
 * frame left the worker against the grid of 20 ms; what is compared is the tone that was sent with the one that arrived.
 */
export async function runPhoneMediaBench({ legs = 10, seconds = 30 }: { legs?: number; seconds?: number } = {}): Promise<BenchResult> {
  const worker = createSupervisedWorker<MediaMethods, MediaEvent>(
    { name: 'media', entry: workerEntry('media'), memoryLimitBytes: 1024 ** 3 },
    { launch: createNodeLauncher({ environment: readChildEnvironment(), log: silentLog }), clock: systemClock, log: silentLog },
  );
  try {
    const { audioSocketPort } = await createMediaDoors(worker, () => undefined).doors();
    const calls = await Promise.all(
      Array.from({ length: legs }, async (_, index) => {
        const legId = randomUUID();
        await worker.call('leg.open', { legId, sessionId: legId, transport: 'audiosocket', ringback: false });
        // Every third telephone is an old one.
        const rateHz = index % 3 === 2 ? 8_000 : 16_000;
        return { legId, far: await connectAsAsterisk({ port: audioSocketPort, legId, rateHz }) };
      }),
    );
    const tone = sine(TONE_HZ, TONE_DECIBELS, seconds * 1000, 22_050);
    const caller = sine(300, -22, seconds * 1000, 16_000);
    const played = calls.map(({ legId, far }) => {
      far.say(far.rateHz === 16_000 ? caller : sine(300, -22, seconds * 1000, 8_000));
      return worker.call('leg.play', { legId, soundId: 'tone', samples: tone, sampleRateHz: 22_050 }, { timeoutMs: (seconds + 30) * 1000 });
    });
    await Promise.all(played);
    await sleep(300);
    const counted: LegStatistics[] = [];
    for (const { legId } of calls) {
      const statistics = await worker.call('leg.close', { legId });
      if (statistics) counted.push(statistics);
    }
    const heard = calls.map(({ far }) => middle(far.sound(), far.rateHz));
    for (const { far } of calls) far.close();
    const sum = (pick: (leg: LegStatistics) => number): number => counted.reduce((total, leg) => total + pick(leg), 0);
    const sent = sum((leg) => leg.framesSent);
    return {
      bench: 'phone-media',
      metrics: {
        late_frames: single('%', (100 * sum((leg) => leg.lateFrames)) / Math.max(1, sent), sent),
        frame_lateness_p95: distribution(
          'ms',
          counted.map((leg) => leg.latenessMs.p95),
        ),
        frame_lateness_max: distribution(
          'ms',
          counted.map((leg) => leg.latenessMs.max),
        ),
        underflow_events: single(
          'count',
          sum((leg) => leg.underflows),
          legs,
        ),
        tone_level_error_db: distribution(
          'ratio',
          heard.map((sound) => Math.abs(decibelsOf(sound) - TONE_DECIBELS)),
        ),
        tone_frequency_error_hz: distribution(
          'ratio',
          heard.map((sound, index) => Math.abs(strongestFrequency(sound, TONE_HZ, calls[index]?.far.rateHz ?? 16_000) - TONE_HZ)),
        ),
      },
      targets: { late_frames: '≤ 0.5', underflow_events: '0', tone_level_error_db: '≤ 0.5', tone_frequency_error_hz: '≤ 1' },
      notes: [`${legs} calls at once, ${seconds} s each, two thirds of them at 16 kHz; no model was at work beside them`],
    };
  } finally {
    await worker.dispose();
  }
}

/** A second and a half out of the middle. */
function middle(samples: Float32Array, rateHz: number): Float32Array {
  const center = samples.length >> 1;
  return samples.subarray(center - rateHz * 0.75, center + rateHz * 0.75);
}
