import type { AudioPort, PlaybackCommand } from '../../../../src-preload/contract/index.ts';
import type { Clock } from '../../../base/clock.ts';
import { createResampler, levelDecibels, type Resampler } from '../../../platform/audio/index.ts';
import type { LegStatistics, MediaEvent } from '../telephony.ts';
import { createComfortNoise } from './comfort-noise.ts';
import { createFrameResampler, type FrameResampler } from './frame-resampler.ts';
import { createInputTimeline } from './input-timeline.ts';
import { FRAME_MS, frameSamples, type LegLine, type LegLineListener } from './leg-line.ts';
import { createLegPlayer } from './leg-player.ts';
import { createLegCounts } from './leg-statistics.ts';
import { createLevelControl, createLimiter, INCOMING_LEVELS, OUTGOING_LEVELS } from './level-control.ts';
import type { Pacer } from './pacer.ts';
import { createSoundWatch } from './sound-watch.ts';
import type { PlaybackFact } from './utterance-player.ts';

/** The assistant's end of one call. */
export interface Leg {
  readonly legId: string;
  readonly sessionId: string;
  /** The line from Asterisk; a second one is hung up by whoever asks, because this returns undefined. */
  connect(line: LegLine): LegLineListener | undefined;
  /** The direct line to the recogniser or from the voice; a new one takes the place of the former. */
  attach(direction: 'capture' | 'playback', port: AudioPort): void;
  command(command: PlaybackCommand): void;
  play(soundId: string, samples: Float32Array, sampleRateHz: number): Promise<boolean>;
  silence(): void;
  listen(on: boolean): void;
  statistics(): LegStatistics;
  /** Hangs up and lets go of everything; idempotent. */
  close(): void;
}

export interface LegDeps {
  clock: Clock;
  pacer: Pacer;
  emit: (event: MediaEvent) => void;
}

/** What recognition takes, and what everything is mixed at; a line of 8 kHz is served out of it. */
const RATE_HZ = 16_000;
const LEVELS_EVERY_FRAMES = 5;
/**
 * After each so many frames without speech, what Asterisk holds is thrown away: it is only noise, but it plays each frame in its time, and whatever came before the
 * call was joined, or more than one at once, would keep it a quarter of a second behind from then on (chan_websocket, measured).
 */
const QUIET_FRAMES_PER_FLUSH = 25;

export function createLeg({ legId, sessionId }: { legId: string; sessionId: string }, deps: LegDeps): Leg {
  const { clock, emit } = deps;
  const ports: Partial<Record<'capture' | 'playback', AudioPort>> = {};
  const counts = createLegCounts(legId);
  let line: LegLine | undefined;
  let wasConnected = false;
  let isClosed = false;

  /** What is to be told of the frame that is being made: a frame does not wait for messages to main. */
  const untold: MediaEvent[] = [];
  const report = createReport(legId, clock, counts.underflow, (event) => untold.push(event));
  const player = createLegPlayer(RATE_HZ, report);
  const ear = createEar({ emit, legId, clock, counts, post: (samples) => ports.capture?.post({ type: 'capture', samples }) });
  const mouth = createMouth(legId, player.render);
  // Not all legs tell their levels at the same moment.
  let frames = legId.charCodeAt(0);

  const send = (dueMs: number): void => {
    const rateHz = line?.sampleRateHz() ?? null;
    if (!line || rateHz === null) return;
    line.send(mouth.frame(rateHz));
    counts.sent(clock.nowMs() - dueMs);
    const quietFrames = mouth.quietFrames();
    if (quietFrames > 0 && quietFrames % QUIET_FRAMES_PER_FLUSH === 0) line.flush();
  };

  const frame = (dueMs: number): void => {
    send(dueMs);
    for (const event of untold.splice(0)) emit(event);
    ear.tick(line !== undefined);
    frames += 1;
    if (line && frames % LEVELS_EVERY_FRAMES === 0) emit({ type: 'leg.levels', legId, caller: ear.level(), here: mouth.level() });
  };
  const leavePacer = deps.pacer.add(frame, counts.skipped);

  const letGo = (): void => {
    if (isClosed) return;
    isClosed = true;
    leavePacer();
    player.dispose();
    ports.capture?.close();
    ports.playback?.close();
  };

  return {
    legId,
    sessionId,
    connect(connected) {
      if (wasConnected || isClosed) return undefined;
      wasConnected = true;
      line = connected;
      emit({ type: 'leg.connected', legId, atMs: clock.nowMs() });
      return {
        audio: (samples, sampleRateHz) => !isClosed && ear.hear(samples, sampleRateHz),
        digit: (digit) => !isClosed && emit({ type: 'leg.digit', legId, digit }),
        closed() {
          line = undefined;
          if (isClosed) return;
          letGo();
          emit({ type: 'leg.closed', legId });
        },
      };
    },
    attach(direction, port) {
      if (isClosed) return port.close();
      ports[direction]?.close();
      ports[direction] = port;
      port.onMessage((message) => {
        if (direction === 'playback' && (message.type === 'speech' || message.type === 'speech.cancelled')) player.receive(message);
      });
      port.onClose(() => {
        if (ports[direction] === port) delete ports[direction];
      });
    },
    command(command) {
      player.obey(command);
      // What Asterisk holds of a cut sentence is heard no more either, where it can be taken back.
      if (command.command === 'drop') line?.flush();
    },
    play: (...sound) => (isClosed ? Promise.resolve(false) : player.play(...sound)),
    silence() {
      player.silence();
      line?.flush();
    },
    listen: ear.listen,
    statistics: counts.statistics,
    close() {
      line?.hangUp();
      letGo();
    },
  };
}

/** Facts of playback, as a page's player tells them. A frame is heard while the next one is made: so much is not in `playedMs` yet. */
function createReport(
  legId: string,
  clock: Clock,
  countUnderflow: () => void,
  tell: (event: MediaEvent) => void,
): (fact: PlaybackFact) => void {
  let dry: string | undefined;
  return (fact) => {
    // Speech that is over counts as dry only when it goes on after all.
    if (fact.event === 'underflow') dry = fact.utteranceId;
    else if (fact.utteranceId === dry) {
      if (fact.event === 'progress') countUnderflow();
      dry = undefined;
    }
    tell({ type: 'leg.report', legId, report: { ...fact, atMs: clock.nowMs(), outputLatencyMs: FRAME_MS } });
  };
}

/** What is said: speech, else quiet, brought to the rate of the line. */
function createMouth(seed: string, render: (frame: Float32Array) => boolean) {
  const noise = createComfortNoise(seed);
  const level = createLevelControl(OUTGOING_LEVELS);
  const limiter = createLimiter(RATE_HZ);
  const frame = new Float32Array(frameSamples(RATE_HZ));
  const quiet = new Float32Array(frame.length);
  let resampler: FrameResampler | undefined;
  let resamplesToHz = 0;
  let quietFrames = 0;
  let lastDecibels = -100;
  return {
    frame(rateHz: number): Float32Array {
      const speaks = render(frame);
      quietFrames = speaks ? 0 : quietFrames + 1;
      if (speaks) level.apply(frame);
      lastDecibels = speaks ? levelDecibels(frame) : -100;
      noise.write(quiet);
      for (let index = 0; index < frame.length; index += 1) frame[index] = (frame[index] ?? 0) + (quiet[index] ?? 0);
      limiter.apply(frame);
      if (rateHz === RATE_HZ) return frame;
      if (!resampler || resamplesToHz !== rateHz) resampler = createFrameResampler(RATE_HZ, rateHz);
      resamplesToHz = rateHz;
      return resampler.push(frame);
    },
    quietFrames: () => quietFrames,
    level: () => shareOfLoudness(lastDecibels),
  };
}

/** What is heard: brought to 16 kHz, to a usual loudness and in step with the clock. */
function createEar(deps: {
  clock: Clock;
  emit: (event: MediaEvent) => void;
  legId: string;
  counts: { received(frame: Float32Array): void };
  post: (samples: Float32Array) => void;
}) {
  const { clock, legId } = deps;
  const watch = createSoundWatch((what) => deps.emit({ type: 'leg.sound', legId, what }));
  const level = createLevelControl(INCOMING_LEVELS);
  let isListening = true;
  let lastDecibels = -100;
  let resampler: Resampler | undefined;
  let fromHz = 0;
  const timeline = createInputTimeline(RATE_HZ, clock.nowMs(), (samples) =>
    // The recogniser takes missing sound for an unplugged microphone: who is not to be heard is silent.
    deps.post(isListening ? samples : new Float32Array(samples.length)),
  );
  return {
    hear(samples: Float32Array, sampleRateHz: number): void {
      deps.counts.received(samples);
      watch.frame(samples, sampleRateHz);
      lastDecibels = levelDecibels(samples);
      if (sampleRateHz !== fromHz) resampler = createResampler(sampleRateHz, RATE_HZ);
      fromHz = sampleRateHz;
      const frame = resampler?.push(samples) ?? samples;
      level.apply(frame);
      if (frame.length > 0) timeline.push(frame, clock.nowMs());
    },
    tick(isConnected: boolean): void {
      if (isConnected && isListening) watch.tick();
      timeline.tick(clock.nowMs());
    },
    listen: (on: boolean) => void (isListening = on),
    level: () => shareOfLoudness(lastDecibels),
  };
}

/** -60 dBFS and below = 0, full scale = 1. */
function shareOfLoudness(decibels: number): number {
  return Math.max(0, Math.min(1, 1 + decibels / 60));
}
