import type { TalkState } from '../../../src-preload/contract/index.ts';
import type { Direction } from './glances.ts';
import type { MouthUnit } from './mouth-units.ts';

/** The speech that is heard at the time of a frame. */
export interface HeardSpeech {
  utteranceId: string;
  /** On the utterance's clock, what is heard at the time of the frame; below 0 = just before it is heard. */
  positionMs: number;
  /** False = halted: paused, dropped or waiting for more sound. */
  isFlowing: boolean;
  /** What is known of the utterance, in order, on its clock. Empty = no timings came: the mouth goes by `loudness`. */
  units: readonly MouthUnit[];
  /** Of the sound, 0..1 by ear. */
  loudness: number;
}

export interface MotionInputs {
  talk: TalkState;
  speech: HeardSpeech | undefined;
  /** Loudness of the user, 0..1 by ear. */
  microphoneLevel: number;
  /** Where something happens before the screen, e.g. the pointer; degrees from the viewer. */
  attention?: Direction;
  /** For people who asked for less motion: lips and blinks, nothing else. */
  lipsOnly?: boolean;
}
