import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AudioPort } from '../../src-preload/contract/index.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { createMediaDoors, type MediaWorker } from '../../src-main/modules/telephony/media/media-doors.ts';
import { mediaLink } from '../../src-main/modules/telephony/media/media-links.ts';
import type { LegStatistics, MediaEvent, MediaMethods } from '../../src-main/modules/telephony/telephony.ts';
import { joinSamples } from '../../src-main/platform/audio/index.ts';
import { readChildEnvironment } from '../../src-main/platform/config/index.ts';
import { framedSocketAudio } from '../../src-main/platform/workers/framed-audio.ts';
import { createSupervisedWorker, linkBySocket, workerEntry } from '../../src-main/platform/workers/index.ts';
import { createNodeLauncher } from '../../src-main/platform/workers/launcher-node.ts';
import { connectAsAsterisk, type AsteriskAudioSocket } from '../doubles/asterisk-audio-socket.ts';
import { decibelsOf, sine, strongestFrequency } from '../doubles/media-tones.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

const TONE_HZ = 997;
const CALLER_HZ = 603;
const TONE_DECIBELS = -20;
/** As voices speak it, and in pieces as they come from the synthesis. */
const VOICE_HZ = 22_050;
const LEG_HZ = 16_000;
const PIECE_MS = 200;
/** So much of it lies in the worker before it is heard. */
const AHEAD_MS = 1_000;

interface BenchCall {
  legId: string;
  far: AsteriskAudioSocket;
  voice: AudioPort;
  heard: Float32Array[];
}

/**
 * Ten calls at once through the real media worker: speech goes out of all of them, in pieces as from the synthesis, while callers speak into all of them. What is
 * counted is when each frame left the worker against its grid of 20 ms; what is compared are the tones that were sent, both ways, with those that arrived.
 */
export async function runPhoneMediaBench({ legs = 10, seconds = 30 }: { legs?: number; seconds?: number } = {}): Promise<BenchResult> {
  const worker = createSupervisedWorker<MediaMethods, MediaEvent>(
    { name: 'media', entry: workerEntry('media'), memoryLimitBytes: 1024 ** 3 },
    { launch: createNodeLauncher({ environment: readChildEnvironment(), log: silentLog }), clock: systemClock, log: silentLog },
  );
  try {
    const { audioSocketPort } = await createMediaDoors(worker).doors();
    const calls: BenchCall[] = [];
    // Every third telephone is an old one.
    for (let index = 0; index < legs; index += 1) calls.push(await openCall(worker, audioSocketPort, index % 3 === 2 ? 8_000 : 16_000));
    await Promise.all(calls.map((call) => talk(worker, call, seconds)));
    const counted: LegStatistics[] = [];
    for (const { legId } of calls) {
      const statistics = await worker.call('leg.close', { legId });
      if (statistics) counted.push(statistics);
    }
    for (const { far, voice } of calls) {
      far.close();
      voice.close();
    }
    const out = calls.map(({ far }) => errorOf(far.sound(), TONE_HZ, far.rateHz));
    const into = calls.map(({ heard }) => errorOf(joinSamples(heard), CALLER_HZ, LEG_HZ));
    const sum = (pick: (leg: LegStatistics) => number): number => counted.reduce((total, leg) => total + pick(leg), 0);
    const sent = sum((leg) => leg.framesSent);
    const lateness = (pick: (leg: LegStatistics) => number): BenchResult['metrics'][string] => distribution('ms', counted.map(pick));
    const error = (pick: (tone: ToneError) => number): BenchResult['metrics'][string] => distribution('ratio', [...out, ...into].map(pick));
    return {
      bench: 'phone-media',
      metrics: {
        late_frames: single('%', (100 * sum((leg) => leg.lateFrames)) / Math.max(1, sent), sent),
        frame_lateness_p95: lateness(({ latenessMs }) => latenessMs.p95),
        frame_lateness_max: lateness(({ latenessMs }) => latenessMs.max),
        underflow_events: single(
          'count',
          sum((leg) => leg.underflows),
          legs,
        ),
        tone_level_error_db: error(({ decibels }) => decibels),
        tone_frequency_error_hz: error(({ hertz }) => hertz),
      },
      targets: { late_frames: '≤ 0.5', underflow_events: '0', tone_level_error_db: '≤ 0.5', tone_frequency_error_hz: '≤ 1' },
      notes: [`${legs} calls at once, ${seconds} s each, two thirds of them at 16 kHz; no model was at work beside them`],
    };
  } finally {
    await worker.dispose();
  }
}

/** A leg with Asterisk at one end, and this process in the place of recognition and synthesis at the other. */
async function openCall(worker: MediaWorker['worker'], port: number, rateHz: 8_000 | 16_000): Promise<BenchCall> {
  const legId = randomUUID();
  await worker.call('leg.open', { legId, sessionId: legId });
  const ear = await linkTo(worker, mediaLink(legId, 'capture'));
  const heard: Float32Array[] = [];
  ear.onMessage((message) => message.type === 'capture' && heard.push(message.samples));
  const voice = await linkTo(worker, mediaLink(legId, 'playback'));
  return { legId, far: await connectAsAsterisk({ port, legId, rateHz }), voice, heard };
}

async function linkTo(worker: MediaWorker['worker'], sessionId: string): Promise<AudioPort> {
  let here: AudioPort | undefined;
  await linkBySocket(
    { worker, sessionId },
    {
      sessionId,
      worker: {
        attachPort(_sessionId, media) {
          if (media.kind === 'framed-socket') here = framedSocketAudio(media.socket);
        },
      },
    },
  );
  if (!here) throw new Error('the media worker was not linked');
  return here;
}

/** Both speak for so long; resolves when the last of it was heard. */
async function talk(worker: MediaWorker['worker'], { legId, far, voice }: BenchCall, seconds: number): Promise<void> {
  const utteranceId = `tone-${legId}`;
  const ended = new Promise<void>((resolve) => {
    const leave = worker.onEvent((event) => {
      if (event.type !== 'leg.report' || event.legId !== legId || event.report.event !== 'ended') return;
      leave();
      resolve();
    });
  });
  const tone = sine(TONE_HZ, TONE_DECIBELS, seconds * 1000, VOICE_HZ);
  const pieceSamples = (VOICE_HZ * PIECE_MS) / 1000;
  far.say(sine(CALLER_HZ, TONE_DECIBELS, seconds * 1000, far.rateHz));
  await worker.call('leg.command', { legId, command: { command: 'start', utteranceId } });
  await worker.call('leg.command', { legId, command: { command: 'finish', utteranceId, segmentCount: 1 } });
  const beganMs = performance.now();
  for (let start = 0; start < tone.length; start += pieceSamples) {
    const samples = tone.subarray(start, start + pieceSamples);
    const last = start + pieceSamples >= tone.length;
    voice.post({ type: 'speech', utteranceId, segmentIndex: 0, sampleRateHz: VOICE_HZ, samples, last });
    await sleep(Math.max(0, beganMs + (start / VOICE_HZ) * 1000 - AHEAD_MS - performance.now()));
  }
  await ended;
}

interface ToneError {
  decibels: number;
  hertz: number;
}

/** How far a second and a half out of the middle is from the tone. */
function errorOf(samples: Float32Array, toneHz: number, rateHz: number): ToneError {
  const center = samples.length >> 1;
  const middle = samples.subarray(center - rateHz * 0.75, center + rateHz * 0.75);
  return { decibels: Math.abs(decibelsOf(middle) - TONE_DECIBELS), hertz: Math.abs(strongestFrequency(middle, toneHz, rateHz) - toneHz) };
}
