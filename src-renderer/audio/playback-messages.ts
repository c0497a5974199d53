import type { PlaybackCommand, SpeechTimingMessage } from '../../src-preload/contract/index.ts';
import type { Level } from './level.ts';
import type { PlaybackFact } from './utterance-player.ts';

/** From the page to the playback worklet. */
export type PlaybackOrder =
  /** Speech comes from this port from now on; the one before is closed. */
  { type: 'attach'; port: MessagePort } | { type: 'command'; command: PlaybackCommand } | { type: 'close' };

/** Timings of a segment and where it begins on the clock of its utterance, which only the one who has its sound knows. */
export interface PlacedTiming {
  message: SpeechTimingMessage;
  startMs: number;
}

/** From the playback worklet to the page. */
export type PlaybackNotice =
  /** `wallMs` is `Date.now()` of the audio thread, the only clock it has. */
  | { type: 'fact'; fact: PlaybackFact; wallMs: number }
  | { type: 'timing'; timing: PlacedTiming }
  /** Every 40 ms, also of silence. */
  | { type: 'level'; level: Level };
