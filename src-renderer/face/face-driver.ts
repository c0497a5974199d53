import type { Character, MotionFrame, TalkState } from '../../src-preload/contract/index.ts';
import type { VoiceIo } from '../audio/voice-io.ts';
import type { Direction } from './motion/glances.ts';
import { createMotion, type Motion } from './motion/motion.ts';
import { QUIET_BELOW } from './motion/phrase-ends.ts';

/** Where the frames of a face come from: made here from what is heard, or sent by another window. */
export interface FrameMaker {
  /** What the face does at `atMs` (`performance.timeOrigin + performance.now()`). Times never run backwards. */
  frameAt(atMs: number): MotionFrame;
  /** When something quick begins, `atMs` while it lasts; until then a few frames a second are enough. Absent = every frame counts. */
  quickAtMs?(atMs: number): number;
  /** Whether an answer is on its way that has not begun to sound, and what the processor does for the face delays it. Absent = never. */
  isAwaitedAt?(atMs: number): boolean;
}

/** A face that holds still for longer than this looks dead; so slow an answer is not hurt by it either. */
const LONGEST_HOLD_MS = 2500;
/** Who says nothing for so long may have asked already: the words are being made out. */
const PAUSE_MS = 80;

export interface FaceDriverOptions {
  /** Looked at for each frame: its liveliness and mood may change while it moves. */
  character: () => Pick<Character, 'renderer' | 'voice'>;
  voice: Pick<VoiceIo, 'heardAt' | 'microphoneLevel'>;
  talk: () => TalkState;
  /** Chooses the small accidents of this face: when it blinks and where it looks. */
  seed: number;
  /** Pictures and answers are made by the same few cores: while an answer is being made the face holds nearly still. Absent = they are not. */
  isProcessorScarce?: () => boolean;
  /** Asked for less motion: lips only. Looked at for each frame. */
  lipsOnly?: () => boolean;
  /** Where something happens before the screen, degrees from the viewer; undefined = nothing. */
  attention?: () => Direction | undefined;
}

/** The face of a character in this page's session. */
export function createFaceDriver({ character, voice, talk, seed, isProcessorScarce, lipsOnly, attention }: FaceDriverOptions): FrameMaker {
  let temper = '';
  let motion: Motion;
  let awaitedSinceMs: number | undefined;
  let lastLoudMs = -Infinity;
  const isScarce = isProcessorScarce?.() ?? false;
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
        // A nod to the end of a phrase would come just when the words are being made out.
        microphoneLevel: isScarce ? 0 : voice.microphoneLevel(),
        lipsOnly: lipsOnly?.() ?? false,
        ...(seen ? { attention: seen } : {}),
      });
    },
    quickAtMs(atMs) {
      const isSpeaking = talk().state === 'speaking' || voice.heardAt(atMs) !== undefined;
      return isSpeaking ? atMs : motion.quickAtMs(atMs);
    },
    isAwaitedAt(atMs) {
      if (!isScarce) return false;
      if (voice.microphoneLevel() >= QUIET_BELOW) lastLoudMs = atMs;
      const { state } = talk();
      const isAwaited =
        voice.heardAt(atMs) === undefined && (state === 'thinking' || (state === 'listening' && atMs - lastLoudMs >= PAUSE_MS));
      awaitedSinceMs = isAwaited ? (awaitedSinceMs ?? atMs) : undefined;
      return awaitedSinceMs !== undefined && atMs - awaitedSinceMs < LONGEST_HOLD_MS;
    },
  };
}
