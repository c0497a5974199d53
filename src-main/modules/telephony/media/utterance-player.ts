import type { PlaybackReport, SpeechAudioMessage } from '../../../../src-preload/contract/index.ts';
import { createSoundQueue } from './sound-queue.ts';

/**
 * One utterance on its way to the telephone, as the page's player has it, in frames of 20 ms.
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
  /** Writes the next frame into `frame`, which is silent before; returns whether there was sound of it. */
  render(frame: Float32Array): boolean;
  isHeld(): boolean;
  isOver(): boolean;
}

const FADE_MS = 5;
const PROGRESS_MS = 80;
/** After `finish`, a segment whose end never comes (its worker died) holds the utterance open no longer than this. */
const LOST_END_MS = 4_000;

export function createUtterancePlayer(utteranceId: string, rateHz: number, report: (fact: PlaybackFact) => void): UtterancePlayer {
  const queue = createSoundQueue(rateHz);
  const fadeSamples = Math.round((FADE_MS / 1000) * rateHz);
  let state: State = 'held';
  /** `pause` came before `start`: the first sound waits for `resume`. */
  let startPaused = false;
  /** The next sound begins out of silence. */
  let fadesIn = true;
  let playedSamples = 0;
  let reportedSamples = 0;
  let starvedSamples = 0;
  let announced: 'nothing' | 'started' | 'paused' = 'nothing';
  let lastSegmentEnded = -1;
  let segmentCount: number | undefined;
  let closed = false;

  const toMs = (samples: number): number => (samples / rateHz) * 1000;
  const tell = (event: PlaybackFact['event']): void => {
    reportedSamples = playedSamples;
    report({ utteranceId, event, playedMs: toMs(playedSamples) });
  };
  const expectsMore = (): boolean => !closed && (segmentCount === undefined || lastSegmentEnded < segmentCount - 1);
  const endQueue = (): void => {
    if (!expectsMore() && (closed || segmentCount !== undefined)) queue.end();
  };

  const take = (target: Float32Array): number => {
    const count = queue.read(target);
    if (count > 0 && fadesIn) {
      fade(target.subarray(0, Math.min(count, fadeSamples)), 'in');
      fadesIn = false;
    }
    playedSamples += count;
    return count;
  };

  const starve = (missing: number): void => {
    const lost = segmentCount !== undefined && toMs(starvedSamples) > LOST_END_MS;
    starvedSamples += missing;
    fadesIn = true;
    if (!expectsMore() || lost) {
      state = 'over';
      tell('ended');
    } else if (state === 'playing') {
      state = 'starving';
      if (announced === 'started') tell('underflow');
    }
  };

  const renderPlaying = (frame: Float32Array): boolean => {
    endQueue();
    const played = take(frame);
    if (played > 0) {
      const wasStarving = state === 'starving';
      state = 'playing';
      starvedSamples = 0;
      if (announced !== 'started') {
        tell(announced === 'nothing' ? 'started' : 'resumed');
        announced = 'started';
      } else if (wasStarving || toMs(playedSamples - reportedSamples) >= PROGRESS_MS) tell('progress');
      // Sound that breaks off because the next piece is late is faded, too.
      if (played < frame.length && expectsMore()) fade(frame.subarray(Math.max(0, played - fadeSamples), played), 'out');
    }
    if (played < frame.length) starve(frame.length - played);
    return played > 0;
  };

  /** A pause must not use up sound that nobody hears: it ends with its fade. */
  const renderFading = (frame: Float32Array): boolean => {
    const last = frame.subarray(0, fadeSamples);
    const played = fadesIn ? 0 : take(last);
    fade(last.subarray(0, played), 'out');
    fadesIn = true;
    if (state === 'dropping') {
      state = 'over';
      if (playedSamples > 0) tell('progress');
    } else {
      state = 'paused';
      announced = announced === 'nothing' ? 'nothing' : 'paused';
      tell('paused');
    }
    return played > 0;
  };

  return {
    add(piece) {
      if (closed || state === 'over' || state === 'dropping') return;
      queue.add(piece.samples, piece.sampleRateHz);
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
    render(frame) {
      if (state === 'playing' || state === 'starving') return renderPlaying(frame);
      return state === 'pausing' || state === 'dropping' ? renderFading(frame) : false;
    },
    isHeld: () => state === 'held',
    isOver: () => state === 'over',
  };
}

/** From or to silence, along a straight line. */
export function fade(samples: Float32Array, direction: 'in' | 'out'): void {
  for (let index = 0; index < samples.length; index += 1) {
    const share = (index + 1) / (samples.length + 1);
    samples[index] = (samples[index] ?? 0) * (direction === 'in' ? share : 1 - share);
  }
}
