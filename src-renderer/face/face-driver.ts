import type { Character, MotionFrame, TalkState } from '../../src-preload/contract/index.ts';
import type { VoiceIo } from '../audio/voice-io.ts';
import type { Direction } from './motion/glances.ts';
import { createMotion, type Motion } from './motion/motion.ts';

/** Where the frames of a face come from: made here from what is heard, or sent by another window. */
export interface FrameMaker {
  /** What the face does at `atMs` (`performance.timeOrigin + performance.now()`). Times never run backwards. */
  frameAt(atMs: number): MotionFrame;
  /** When something quick begins, `atMs` while it lasts; until then a few frames a second are enough. Absent = every frame counts. */
  quickAtMs?(atMs: number): number;
}

export interface FaceDriverOptions {
  /** Looked at for each frame: its liveliness and mood may change while it moves. */
  character: () => Pick<Character, 'renderer' | 'voice'>;
  voice: Pick<VoiceIo, 'heardAt' | 'microphoneLevel'>;
  talk: () => TalkState;
  /** Chooses the small accidents of this face: when it blinks and where it looks. */
  seed: number;
  /** Asked for less motion: lips only. Looked at for each frame. */
  lipsOnly?: () => boolean;
  /** Where something happens before the screen, degrees from the viewer; undefined = nothing. */
  attention?: () => Direction | undefined;
}

/** The face of a character in this page's session. */
export function createFaceDriver({ character, voice, talk, seed, lipsOnly, attention }: FaceDriverOptions): FrameMaker {
  let temper = '';
  let motion: Motion;
  const follow = (): void => {
    const { renderer, voice: manner } = character();
    const wanted = `${renderer.expressiveness} ${manner.emotion}`;
    if (wanted === temper) return;
    temper = wanted;
    motion = createMotion({ seed, expressiveness: renderer.expressiveness, emotion: manner.emotion });
  };
  follow();
  return {
    frameAt(atMs) {
      follow();
      const seen = attention?.();
      return motion.frameAt(atMs, {
        talk: talk(),
        speech: voice.heardAt(atMs),
        microphoneLevel: voice.microphoneLevel(),
        lipsOnly: lipsOnly?.() ?? false,
        ...(seen ? { attention: seen } : {}),
      });
    },
    quickAtMs(atMs) {
      const { state } = talk();
      const isQuiet = (state === 'off' || state === 'ready') && voice.heardAt(atMs) === undefined;
      return isQuiet ? motion.quickAtMs(atMs) : atMs;
    },
  };
}
