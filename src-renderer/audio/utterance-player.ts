import type { PlaybackReport, SpeechAudioMessage } from '../../src-preload/contract/index.ts';
import { createResampler, type Resampler } from './resampler.ts';

/**
 * One utterance on its way to the loudspeaker.
 *
 *   held --start--> playing --pause--> pausing --faded--> paused --resume--> playing
 *   playing --queue dry--> starving --sound--> playing
 *   playing | starving --finish and queue dry--> over
 *   any --drop--> dropping --faded--> over
 */
type State = 'held' | 'playing' | 'starving' | 'pausing' | 'paused' | 'dropping' | 'over';

export type PlaybackFact = Pick<PlaybackReport, 'utteranceId' | 'event' | 'playedMs'>;

export interface UtterancePlayer {
  add(piece: Pick<SpeechAudioMessage, 'sampleRateHz' | 'samples' | 'segmentIndex' | 'last'>): void;
  start(): void;
  pause(): void;
  resume(): void;
  drop(): void;
  /** No segments beyond `segmentCount` will come; undefined = nothing more comes at all. */
  finish(segmentCount: number | undefined): void;
  /** Adds its sound to `output`. */
  render(output: Float32Array): void;
  isHeld(): boolean;
  isOver(): boolean;
}

/** Pausing, dropping and starting are heard as a short fade instead of a click. */
const FADE_MS = 4;
const PROGRESS_MS = 80;
/** After `finish`, a segment whose end never comes (its worker died) holds the utterance open no longer than this. */
const LOST_END_MS = 4000;
const PULL_SAMPLES = 512;

export function createUtterancePlayer(utteranceId: string, contextRateHz: number, report: (fact: PlaybackFact) => void): UtterancePlayer {
  const fadeFrames = Math.round((FADE_MS / 1000) * contextRateHz);
  const pieces: { samples: Float32Array; sampleRateHz: number; taken: number }[] = [];
  let state: State = 'held';
  /** `pause` came before `start`: the first sound waits for `resume`. */
  let startPaused = false;
  let resampler: Resampler | undefined;
  let resamplerRateHz = 0;
  let flushed = false;
  let gain = 0;
  let playedFrames = 0;
  let reportedFrames = 0;
  let starvedFrames = 0;
  let announced: 'nothing' | 'started' | 'paused' = 'nothing';
  let lastSegmentEnded = -1;
  let segmentCount: number | undefined;
  let closed = false;

  const tell = (event: PlaybackFact['event']): void => {
    reportedFrames = playedFrames;
    report({ utteranceId, event, playedMs: (playedFrames / contextRateHz) * 1000 });
  };

  const expectsMore = (): boolean => !closed && (segmentCount === undefined || lastSegmentEnded < segmentCount - 1);

  /** Fills the resampler until `frames` can be read or nothing is left; returns what can be read. */
  const prepare = (frames: number): number => {
    while ((resampler?.available() ?? 0) < frames) {
      const piece = pieces[0];
      if (!piece) {
        if (!resampler || flushed || expectsMore()) break;
        resampler.flush();
        flushed = true;
        break;
      }
      if (!resampler || piece.sampleRateHz !== resamplerRateHz) {
        if (resampler && !flushed) {
          resampler.flush();
          flushed = true;
        }
        if (resampler && resampler.available() > 0) break;
        resampler = createResampler(piece.sampleRateHz, contextRateHz);
        resamplerRateHz = piece.sampleRateHz;
        flushed = false;
      }
      const end = Math.min(piece.samples.length, piece.taken + PULL_SAMPLES);
      resampler.push(piece.samples, piece.taken, end);
      piece.taken = end;
      if (end === piece.samples.length) pieces.shift();
    }
    return resampler?.available() ?? 0;
  };

  const scratch = new Float32Array(PULL_SAMPLES);

  /** Plays up to `output.length` frames; the gain moves towards 1 or 0 by at most one fade step per frame. Returns the frames played. */
  const play = (output: Float32Array, towards: 0 | 1): number => {
    const ready = prepare(output.length + fadeFrames);
    const frames = Math.min(output.length, ready);
    const open = expectsMore();
    let played = 0;
    while (played < frames) {
      // A pause must not use up sound that nobody hears: it ends with its fade.
      const wanted = towards === 1 ? frames - played : Math.min(frames - played, Math.ceil(gain * fadeFrames));
      const count = resampler?.read(scratch, 0, Math.min(scratch.length, wanted)) ?? 0;
      if (count === 0) break;
      for (let index = 0; index < count; index += 1) {
        // Sound that breaks off because the next piece is late is faded too.
        const limit = open ? Math.min(1, (ready - played - index - 1) / fadeFrames) : 1;
        const target = Math.min(towards, limit);
        gain += Math.max(-1 / fadeFrames, Math.min(1 / fadeFrames, target - gain));
        output[played + index] = (output[played + index] ?? 0) + (scratch[index] ?? 0) * Math.max(0, gain);
      }
      played += count;
      playedFrames += count;
    }
    return played;
  };

  const announceSound = (): void => {
    tell(announced === 'nothing' ? 'started' : 'resumed');
    announced = 'started';
  };

  const starve = (frames: number): void => {
    const lost = segmentCount !== undefined && starvedFrames > (LOST_END_MS / 1000) * contextRateHz;
    starvedFrames += frames;
    gain = 0;
    if (!expectsMore() || lost) {
      state = 'over';
      tell('ended');
    } else if (state === 'playing') {
      state = 'starving';
      if (announced === 'started') tell('underflow');
    }
  };

  const renderPlaying = (output: Float32Array): void => {
    let played = play(output, 1);
    if (played < output.length && pieces.length > 0) played += play(output.subarray(played), 1);
    if (played > 0) {
      const wasStarving = state === 'starving';
      state = 'playing';
      starvedFrames = 0;
      if (announced !== 'started') announceSound();
      // The face waits for the sound to go on.
      else if (wasStarving || playedFrames - reportedFrames >= (PROGRESS_MS / 1000) * contextRateHz) tell('progress');
    }
    if (played < output.length) starve(output.length - played);
  };

  const renderFading = (output: Float32Array): void => {
    const played = gain > 0 ? play(output, 0) : 0;
    if (gain > 0 && played === output.length) return;
    gain = 0;
    if (state === 'dropping') {
      state = 'over';
      if (playedFrames > 0) tell('progress');
      return;
    }
    state = 'paused';
    announced = announced === 'nothing' ? 'nothing' : 'paused';
    tell('paused');
  };

  return {
    add(piece) {
      if (closed || state === 'over' || state === 'dropping') return;
      if (piece.samples.length > 0) pieces.push({ samples: piece.samples, sampleRateHz: piece.sampleRateHz, taken: 0 });
      if (piece.last) lastSegmentEnded = Math.max(lastSegmentEnded, piece.segmentIndex);
    },
    start() {
      if (state === 'held') state = startPaused ? 'pausing' : 'playing';
    },
    pause() {
      if (state === 'held') startPaused = true;
      else if (state === 'playing' || state === 'starving') state = 'pausing';
    },
    resume() {
      if (state === 'held') startPaused = false;
      else if (state === 'paused' || state === 'pausing') state = 'playing';
    },
    drop() {
      if (state !== 'over') state = 'dropping';
    },
    finish(count) {
      segmentCount = count;
      closed = count === undefined;
    },
    render(output) {
      if (state === 'playing' || state === 'starving') renderPlaying(output);
      else if (state === 'pausing' || state === 'dropping') renderFading(output);
    },
    isHeld: () => state === 'held',
    isOver: () => state === 'over',
  };
}
